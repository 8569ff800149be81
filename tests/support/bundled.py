"""Runs the service on the bundled PostgreSQL. A test may end any of their processes."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import psutil

from infra.postgres.database import connect_as_table_owner
from infra.postgres.embedded import run_postgres
from tests.support.command_line import environment
from tests.support.organization import Organization
from tests.support.prepared import prepare
from tests.support.service import Service
from tests.support.waiting import wait_until

LOGGER = "smartdhandha.postgres"
SUPERVISOR_PAUSE_SECONDS = 0.1
"""The time between two attempts to start the service: the default of systemd."""
_MAX_START_SECONDS = 30.0


class Bundled:
    """A service with its data in `folder`. Its program log is there, too, unless `log` names another file.

    The database has the schema and no organization. `options` and `env` are passed to Service.
    """

    def __init__(self, folder: Path, *options: str, log: Path | None = None, **env: Any) -> None:
        self.data, self.log = folder / "data", log or folder / "serve.log"
        prepare(self.data)
        self.env = environment(SMARTDHANDHA_DATA=str(self.data))
        self.service = self.new_service(*options, **env)

    def new_service(self, *options: str, **env: Any) -> Service:
        """Return another service on the same data."""
        return Service(None, *options, log=self.log, SMARTDHANDHA_DATA=str(self.data), **env)

    def start_again(self, *options: str, **env: Any) -> Service:
        """Try to start another service on the same data until it starts, as a supervisor does. The caller ends it."""
        deadline = time.monotonic() + _MAX_START_SECONDS
        while True:
            try:
                return self.new_service(*options, **env).__enter__()
            except AssertionError:  # the server processes that are left may still hold the address
                if time.monotonic() > deadline:
                    raise
            time.sleep(SUPERVISOR_PAUSE_SECONDS)

    def new_key(self) -> str:
        """Create an organization and return an API key of it. The service must be running."""
        with run_postgres(self.data) as conninfo, connect_as_table_owner(conninfo) as owner:
            return Organization(self.service.url, owner).new_key().raw

    def postmaster(self) -> psutil.Process:
        return psutil.Process(int((self.data / "postgresql" / "postmaster.pid").read_text().split("\n")[0]))

    def end(self, signal_number: int) -> None:
        """End the server by this signal, and wait until the server's main process has ended."""
        postmaster = self.postmaster()
        postmaster.send_signal(signal_number)
        wait_until(lambda: has_ended(postmaster))

    def states(self) -> list[str]:
        """Return the messages that the service's master process has logged about the server."""
        return [line["message"] for line in self.lines(LOGGER)]

    def lines(self, logger: str) -> list[dict[str, Any]]:
        """Return the lines of one logger in the program log."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [line for line in lines if line["logger"] == logger]

    def await_end_of_outage(self) -> None:
        """Wait until the master process has logged that the server runs again. Requests may succeed before this."""
        wait_until(lambda: self.states()[-1].endswith("runs again"))

    def attempts(self) -> list[dict[str, Any]]:
        """Return the command lines of the processes that are starting the server now."""
        running = [process.info for process in psutil.process_iter(["cmdline"])]
        return [info for info in running if (info["cmdline"] or [])[-2:] == ["infra.postgres.embedded", str(self.data)]]

    def starts(self) -> int:
        """Return a number that differs for each attempt to start the server; 0 before the first attempt."""
        log = self.data / "log" / "start.log"
        try:
            return log.stat().st_mtime_ns
        except FileNotFoundError:
            return 0


def has_ended(process: psutil.Process) -> bool:
    """Return whether the process has ended, even if its parent has not noticed the end yet."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
