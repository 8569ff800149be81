"""Kills processes of a service on the bundled PostgreSQL, as accidents do, and starts the service again."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import cycle

import psutil

from tests.chaos.checks.finding import Finding
from tests.chaos.load.load import Load
from tests.support.bundled import Bundled, has_ended
from tests.support.waiting import wait_until

APPLICATION = "smartdhandha_web"
"""The log-in of the server processes, which PostgreSQL shows in the titles of its processes."""
_PATIENCE_SECONDS = 120.0


class Killer:
    """Kills one process at each call of `next`. Starts the service, with `options` that contain a fixed address."""

    def __init__(self, bundled: Bundled, options: tuple[str, ...], **env: str) -> None:
        self._bundled, self._options, self._env = bundled, options, env
        self._chance = random.Random(0)
        self._kinds = cycle(self.kinds().items())
        self._left: list[psutil.Process] = []
        self.took: dict[str, list[float]] = {}
        """The seconds from each kill of a kind until all clients together have had further acknowledged writes."""
        self.service = bundled.service.__enter__()

    def kinds(self) -> dict[str, Callable[[], bool]]:
        """Return the kills in their order, by what is killed. Each returns whether the database's memory is lost."""
        return {
            "a backend of PostgreSQL": self.kill_backend,
            "a server process": self.kill_server_process,
            "the process of the background worker": self.kill_background,
            "the main process of PostgreSQL": self.kill_postmaster,
            "the master process": self.kill_master,
        }

    def stop(self) -> None:
        """Stop the service that runs now."""
        self.service.__exit__()

    @property
    def count(self) -> int:
        return sum(map(len, self.took.values()))

    @property
    def finding(self) -> Finding:
        """The server processes of killed masters. They must have ended by themselves."""
        left = [f"process {it.pid}" for it in self._left if not has_ended(it)]
        return Finding("server processes that a killed master has left behind", left, len(self._left))

    def next(self, load: Load) -> None:
        """Kill the next one, and wait until writes succeed again."""
        kind, end = next(self._kinds)
        killed = time.monotonic()
        if end():
            load.crashed(killed)
        load.go_on(_PATIENCE_SECONDS)
        self.took.setdefault(kind, []).append(time.monotonic() - killed)

    def kill_backend(self) -> bool:
        """Kill a process of PostgreSQL that serves the application. PostgreSQL then restarts all of them."""
        kill_backend(self._bundled.postmaster(), self._chance)
        return True

    def kill_server_process(self) -> bool:
        kill(self._chance.choice(self.service.workers()))
        return False

    def kill_background(self) -> bool:
        kill(self.service.background())
        return False

    def kill_postmaster(self) -> bool:
        kill(self._bundled.postmaster())
        return True

    def kill_master(self) -> bool:
        self._left += self.service.children()
        self.service.process.kill()
        self.service.process.wait()
        self.service = self._bundled.start_again(*self._options, **self._env)
        return False


def kill(process: psutil.Process) -> None:
    """Kill a process, and wait for its end."""
    process.kill()
    wait_until(lambda: has_ended(process))


def kill_backend(postmaster: psutil.Process, chance: random.Random) -> None:
    """Kill a process of PostgreSQL that serves the application. There must be one, or be one soon."""

    def serving() -> list[psutil.Process]:
        with suppress(psutil.Error):
            return [it for it in postmaster.children() if APPLICATION in " ".join(it.cmdline())]
        return []

    kill(chance.choice(wait_until(serving)))
