"""The folder in which the processes of one service count, and the import of the module that needs it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from infra.settings import Settings

_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


@contextmanager
def metrics_folder(settings: Settings) -> Iterator[None]:
    """Make the folder when metrics are on, and remove it at the end.

    Only the process that made it removes it: forked children leave this block, too.
    """
    if settings.metrics_bind is None:
        yield
        return
    maker, folder = os.getpid(), tempfile.mkdtemp(prefix="smartdhandha-metrics-")
    os.environ[_VARIABLE] = folder
    try:
        yield
    finally:
        if os.getpid() == maker:
            del os.environ[_VARIABLE]
            shutil.rmtree(folder, ignore_errors=True)


def load_metrics() -> ModuleType:
    """Import `infra.telemetry.metrics`; call this only where metrics are on, and after the folder is made.

    Its library reads the variable of the folder once, when it is imported, and costs start-up time and memory.
    """
    from infra.telemetry import metrics  # noqa: PLC0415 -- see above

    return metrics
