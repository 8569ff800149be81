"""The folder in which the processes of one service keep their counts, and the functions that need it.

These functions import the modules of the metrics when they are called. The library of those modules reads
PROMETHEUS_MULTIPROC_DIR once, when it is imported, so the folder must exist before. Where metrics are off, the library
is never imported.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from infra.settings import Settings

if TYPE_CHECKING:
    from infra.telemetry.metrics import Metrics

_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


@contextmanager
def metrics_folder(settings: Settings) -> Iterator[None]:
    """Create the folder if metrics are on; remove it at the end of the block.

    Only the process that created the folder removes it: forked children leave this block, too.
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


def make_metrics(slot: str) -> Metrics:
    """Return the counts of this process."""
    from infra.telemetry import metrics  # noqa: PLC0415 -- see the top

    return metrics.Metrics(slot)


def start_exporter(bind: str, conninfo: str, metrics: Metrics | None = None) -> None:
    """Serve the metrics on this address, unless another process does."""
    from infra.telemetry import exporter  # noqa: PLC0415 -- see the top

    exporter.Exporter(bind, conninfo, metrics).start()


def remove_samples(slot: str) -> None:
    """Remove the last samples of a dead process; its counts stay."""
    from infra.telemetry import exporter  # noqa: PLC0415 -- see the top

    exporter.remove_samples(slot)
