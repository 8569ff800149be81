"""The folder in which the processes of one service keep their counts, and the functions that need the folder.

These functions import the Prometheus library, through other modules, only when they are called. The library reads
PROMETHEUS_MULTIPROC_DIR when it is imported, so the folder must exist by then. If metrics are off, the library is never
imported.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from infra.settings import Settings

if TYPE_CHECKING:
    from infra.telemetry.deliveries import DeliveryMetrics
    from infra.telemetry.mails import MailMetrics
    from infra.telemetry.metrics import Metrics

_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
_PREFIX = "smartdhandha-counts-"


@contextmanager
def metrics_folder(settings: Settings, owner: int | None = None) -> Iterator[None]:
    """Create the folder if metrics are on, and remove it at the end of the block.

    `owner` is the id of the OS user that runs the server processes, if root creates the folder for them.

    Forked children leave this block, too, so only the process that created the folder removes it. A killed service
    leaves its folder behind: the next service that starts removes it.
    """
    if settings.metrics_bind is None:
        yield
        return
    _remove_unused({os.geteuid(), owner})
    maker, (folder, lock) = os.getpid(), _new_folder()
    if owner is not None:
        os.fchown(lock, owner, -1)
    os.environ[_VARIABLE] = folder
    try:
        yield
    finally:
        if os.getpid() == maker:
            del os.environ[_VARIABLE]
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _new_folder() -> tuple[str, int]:
    """Return a new folder, and the file descriptor that holds a lock on it.

    The lock shows other services that the folder is used. It lasts until the last process of the service ends.
    """
    while True:
        folder = tempfile.mkdtemp(prefix=_PREFIX)
        with suppress(FileNotFoundError):  # another service has removed the folder, because it was not locked yet
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            fcntl.flock(lock, fcntl.LOCK_SH)
            if Path(folder).is_dir():
                return folder, lock
            os.close(lock)


def _remove_unused(owners: Collection[int | None]) -> None:
    """Remove the folders that killed services of these users have left behind."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                if os.fstat(lock).st_uid in owners:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(folder)
            finally:
                os.close(lock)


def make_metrics(slot: str) -> Metrics:
    """Return the counts of this process. For `slot`, see Metrics."""
    from infra.telemetry import metrics  # noqa: PLC0415 -- see the module's docstring

    return metrics.Metrics(slot)


def make_delivery_metrics(slot: str) -> DeliveryMetrics | None:
    """Return the counts of a sender of webhooks; None if metrics are off. `slot` is as in Metrics."""
    if _VARIABLE not in os.environ:
        return None
    from infra.telemetry import deliveries  # noqa: PLC0415 -- see the module's docstring

    return deliveries.DeliveryMetrics(slot)


def make_mail_metrics(slot: str) -> MailMetrics | None:
    """Return the counts of the sender of mails; None if metrics are off. `slot` is as in Metrics."""
    if _VARIABLE not in os.environ:
        return None
    from infra.telemetry import mails  # noqa: PLC0415 -- see the module's docstring

    return mails.MailMetrics(slot)


def start_exporter(bind: str, conninfo: str, metrics: Metrics | None = None) -> None:
    """Start the Exporter of this process. `bind` is the address of the metrics, as HOST:PORT."""
    from infra.telemetry import exporter  # noqa: PLC0415 -- see the module's docstring

    exporter.Exporter(bind, conninfo, metrics).start()


def remove_samples(slot: str) -> None:
    """Remove the samples of a dead process's connection pool. The counts of the process stay."""
    from infra.telemetry import exporter  # noqa: PLC0415 -- see the module's docstring

    exporter.remove_samples(slot)
