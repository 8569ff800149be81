"""Programs beside the server processes that wait for a network: child processes of `smartdhandha serve`.

The master starts them again when they end.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

logger = logging.getLogger("smartdhandha.server")

_COMMAND = [sys.executable, "-c", "from infra.cli import main; main()"]
_RESTART_SECONDS = 5.0
"""The shortest time between two starts of a program."""
_STOP_SECONDS = 5.0
"""How long a program has to end when the service stops. After that, it is killed, and its claims end by themselves."""


class ChildProgram(NamedTuple):
    """A command of the command line that has the option --parent."""

    title: str
    """What it is called in the log, such as "a sender of webhooks"."""
    arguments: Sequence[str]


@contextmanager
def child_processes(
    programs: Sequence[ChildProgram], environment: Mapping[str, str], user: tuple[int, int] | None = None
) -> Iterator[Callable[[], None]]:
    """Yield a function that starts the programs that do not run; call it each second. The end of the block stops them.

    `environment` is added to that of this process. The programs run as `user`, a user id and a group id; None means as
    this process.
    """
    processes = _Children(programs, environment, user)
    try:
        yield processes.keep
    finally:
        processes.stop()


class _Children:
    """The child processes of a service, one for each program."""

    def __init__(
        self, programs: Sequence[ChildProgram], environment: Mapping[str, str], user: tuple[int, int] | None
    ) -> None:
        self._maker, self._programs = os.getpid(), programs
        self._options: dict[str, Any] = {"env": {**os.environ, **environment}}
        if user is not None:
            self._options |= {"user": user[0], "group": user[1], "extra_groups": []}
        self._running: list[tuple[subprocess.Popen[bytes], float] | None] = [None] * len(programs)

    def keep(self) -> None:
        """Start the programs that do not run. Call it each second."""
        for place, running in enumerate(self._running):
            if running is None:
                self._start(place)
            elif running[0].poll() is not None and time.monotonic() - running[1] > _RESTART_SECONDS:
                logger.warning("%s has ended; it is started again", self._programs[place].title)
                self._start(place)

    def stop(self) -> None:
        """Let the programs end, and wait for them. In a forked child of the process that started them, do nothing."""
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
            [*_COMMAND, *self._programs[place].arguments, "--parent", str(self._maker)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            **self._options,
        )
        self._running[place] = (process, time.monotonic())
