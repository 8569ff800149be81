"""The senders beside the server processes: child processes of `smartdhandha serve`, which are started again."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from infra.settings import Settings

logger = logging.getLogger("smartdhandha.webhooks")

_COMMAND = [sys.executable, "-c", "from infra.cli import main; main()", "deliver"]
_RESTART_SECONDS = 5.0
"""The shortest time between two starts of a sender."""
_STOP_SECONDS = 5.0
"""How long a sender has to end when the service stops. After that, it is killed, and its claims end by themselves."""


@contextmanager
def sender_processes(
    settings: Settings, conninfo: str, keys: Sequence[str], user: tuple[int, int] | None = None
) -> Iterator[Callable[[], None]]:
    """Yield a function that starts the senders that do not run; call it each second. Stop them at the end of the block.

    The senders run as `user`, a user id and a group id; None means as this process. Without keys, none is started.
    """
    processes = _SenderProcesses(settings, conninfo, keys, user)
    try:
        yield processes.keep
    finally:
        processes.stop()


class _SenderProcesses:
    """The senders of a service. The conninfo and the keys reach them in their environment."""

    def __init__(self, settings: Settings, conninfo: str, keys: Sequence[str], user: tuple[int, int] | None) -> None:
        self._maker = os.getpid()
        self._options: dict[str, Any] = {}
        if user is not None:
            self._options = {"user": user[0], "group": user[1], "extra_groups": []}
        self._environment = {
            **os.environ,
            "DATABASE_URL": conninfo,
            "SMARTDHANDHA_SECRET_KEY": ",".join(keys),
            "SMARTDHANDHA_BIND": settings.bind,
        }
        self._running: list[tuple[subprocess.Popen[bytes], float] | None] = [None] * (settings.senders if keys else 0)

    def keep(self) -> None:
        """Start the senders that do not run. Call it each second."""
        for place, running in enumerate(self._running):
            if running is None:
                self._start(place)
            elif running[0].poll() is not None and time.monotonic() - running[1] > _RESTART_SECONDS:
                logger.warning("a sender of webhooks has ended; it is started again")
                self._start(place)

    def stop(self) -> None:
        """Let the senders end, and wait for them. In a forked child of the process that started them, do nothing."""
        if os.getpid() != self._maker:
            return
        processes = [running[0] for running in self._running if running is not None]
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()

    def _start(self, place: int) -> None:
        process = subprocess.Popen(
            [*_COMMAND, "--parent", str(self._maker), "--slot", str(place)],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            **self._options,
        )
        self._running[place] = (process, time.monotonic())
