"""Looks after the webhooks of a run: starts the receiver again when it has ended, and does what a person would do."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import msgspec
import psycopg

from infra.postgres.database import DatabaseUnreachable, connect_as_table_owner
from tests.chaos.checks.finding import Finding
from tests.chaos.webhooks.checker import Hook
from tests.chaos.webhooks.receiver import MENDED, Arrival
from tests.support.client import Api
from tests.support.ports import free_port
from tests.support.senders import count_drifted
from tests.support.waiting import wait_until

_MODULE = "tests.chaos.webhooks.receiver"
_PAUSE_SECONDS, _PATIENCE_SECONDS = 1.0, 240.0
# Delays of the schedule from five minutes on pass at once. The first one, of five seconds, takes its time.
_PASS_DELAYS = """
UPDATE webhook_deliveries SET due_at = clock_timestamp()
WHERE status = 'pending' AND due_at > clock_timestamp() + interval '6 seconds'
"""


class BrokenReceiver:
    """A receiver that often fails, until `mend` is called; `file` has what has arrived."""

    def __init__(self, folder: Path) -> None:
        self.port, self.file, self.starts = free_port(), folder / "arrivals", 0
        self._how = "broken"
        self._start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def arrivals(self) -> list[Arrival]:
        lines = self.file.read_bytes().splitlines()
        return [msgspec.json.decode(line, type=Arrival) for line in lines]

    def keep(self) -> None:
        """Start the process again if it has ended."""
        if self._process.poll() is not None:
            self._start()

    def mend(self) -> None:
        """From now on, take everything."""
        self.stop()
        self._how = MENDED
        self._start()

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def _start(self) -> None:
        self.starts += 1
        options = [str(self.port), str(self.file), self._how, str(self.starts)]
        self._process = subprocess.Popen([sys.executable, "-m", _MODULE, *options])


class Caretaker:
    """Looks after the receiver and the webhooks until the end of the block, also while the database is away.

    It sets disabled webhooks active again, and compares the kept numbers of pending deliveries with what is stored.
    """

    def __init__(self, url: str, conninfo: str, receiver: BrokenReceiver, hooks: Sequence[Hook]) -> None:
        self._url, self._conninfo, self._receiver, self._hooks = url, conninfo, receiver, hooks
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.resumed = self._looks = 0
        self._drifted: list[str] = []

    def __enter__(self) -> Caretaker:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    @property
    def finding(self) -> Finding:
        return Finding("looks at which a kept number of pending deliveries was wrong", self._drifted, self._looks)

    def await_all(self) -> None:
        """Wait until no webhook is behind."""
        wait_until(
            lambda: not self._end.wait(0.5) and all(self._is_served(hook) for hook in self._hooks), _PATIENCE_SECONDS
        )

    def _is_served(self, hook: Hook) -> bool:
        with suppress(AssertionError, httpx.HTTPError), Api(self._url, hook.key) as api:
            return bool(api.read(f"webhooks/{hook.id}")["behind"] == 0)
        return False

    def _run(self) -> None:
        while not self._end.wait(_PAUSE_SECONDS):
            self._receiver.keep()
            with suppress(psycopg.Error, DatabaseUnreachable), connect_as_table_owner(self._conninfo) as conn:
                self._look_after(conn)

    def _look_after(self, conn: Any) -> None:
        conn.execute(_PASS_DELAYS)
        self._looks += 1
        if drifted := count_drifted(conn):
            self._drifted.append(f"{drifted} webhooks at {time.time():.0f}")
        disabled = {id for (id,) in conn.execute("SELECT id FROM webhooks WHERE status = 'disabled'").fetchall()}
        for hook in self._hooks:
            if hook.id in disabled:
                with suppress(AssertionError, httpx.HTTPError), Api(self._url, hook.key) as api:
                    api.update(f"webhooks/{hook.id}", {"status": "active"})
                    self.resumed += 1
