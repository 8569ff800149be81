"""Runs the service as a separate process."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from pathlib import Path

import psutil

from infra.server.process_names import BACKGROUND_NAME, SERVER_NAME
from tests.support.command_line import COMMAND, environment
from tests.support.fork_server import start_process
from tests.support.postgres import database_settings
from tests.support.waiting import wait_until


def is_named(process: psutil.Process, name: str) -> bool:
    """Return whether a process has this name; False if it has ended."""
    with suppress(psutil.Error):
        return bool(process.name() == name)
    return False


class Service:
    """Runs `smartdhandha serve` on a free port until the end of the block.

    `env` are the settings of the service, and `command` is the beginning of its command line. `database_url` is the
    owner's log-in to a database of a bundled PostgreSQL; the service then also receives the application's log-in.
    Without `database_url`, the service starts the bundled PostgreSQL. With `may_fork=False`, a new interpreter runs the
    service; otherwise its process may be a fork of one that has imported the program (see fork_server.py).
    """

    def __init__(
        self,
        database_url: str | None,
        *options: str,
        log: Path | None = None,
        terminal: int | None = None,
        command: Sequence[str] = COMMAND,
        may_fork: bool = True,
        **env: str,
    ) -> None:
        # With DATABASE_URL, the service makes a demo organization only if --demo is given.
        no_demo = [] if database_url else ["--no-demo"]
        self._command = [*command, "serve", "--bind", "127.0.0.1:0", *no_demo, "--json", *options]
        self._env = environment(**(database_settings(database_url) if database_url else {}) | env)
        self._log, self._terminal, self._may_fork = log, terminal, may_fork

    def __enter__(self) -> Service:
        with self._log.open("ab") if self._log else nullcontext() as log:
            start: Callable[..., subprocess.Popen[str]] = start_process if self._may_fork else subprocess.Popen
            self.process = start(
                self._command,
                env=self._env,
                stdout=subprocess.PIPE,
                stderr=log or self._terminal,
                text=True,
                start_new_session=True,
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self.process.stdout.close()
            raise AssertionError(f"the service did not start (exit status {self.process.wait()})")
        self.ready: dict[str, str] = json.loads(line)
        """What the service has printed as JSON when it was ready."""
        self.url = self.ready["url"]
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(40)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def refuses_connections(self) -> bool:
        """Return whether no process listens any more, as after a signal to stop."""
        host, _, port = self.url.removeprefix("http://").rpartition(":")
        try:
            socket.create_connection((host, int(port)), timeout=5).close()
        except ConnectionError:
            return True
        return False

    def children(self) -> list[psutil.Process]:
        """Return the processes that the master has started: server processes, the background worker's, senders."""
        found: list[psutil.Process] = psutil.Process(self.process.pid).children()
        return found

    def workers(self) -> list[psutil.Process]:
        """Return the processes that handle requests. The first one starts after the service has said its address."""
        found: list[psutil.Process] = wait_until(lambda: self._named(SERVER_NAME))
        return found

    def background(self) -> psutil.Process:
        """Return the process of the background worker."""
        return wait_until(lambda: self._named(BACKGROUND_NAME))[0]

    def _named(self, name: str) -> list[psutil.Process]:
        return [child for child in self.children() if is_named(child, name)]

    def kill(self) -> None:
        """Send SIGKILL to the master and all its workers."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
