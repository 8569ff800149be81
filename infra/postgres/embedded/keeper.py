"""Restarts the server when it has ended. The calling process never waits."""

import logging
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

from infra.postgres.embedded.server import Server

logger = logging.getLogger("smartdhandha.postgres")

_MAX_PAUSE_SECONDS = 3.0
_MAX_REASON_CHARACTERS = 500
_PACKAGES = Path(__file__).parents[3]
"""The folder from which this program was imported."""


class Keeper:
    """Checks whether the server of a data folder runs. If not, it starts a child process that starts the server.

    The Keeper is for the master process of `serve`, which forks, waits for its children and handles signals. So the
    Keeper uses no thread, and none of its methods waits.
    """

    def __init__(self, data: Path, server: Server) -> None:
        self._data, self._server = data, server
        self._process: psutil.Process | None = None
        self._attempt: _Attempt | None = None
        self._is_down = False
        self._failures = 0
        self._try_again_at = 0.0

    def check(self) -> None:
        """Check the server once: if it has ended, begin an attempt to start it. Call this each second.

        While an attempt runs, check only whether the attempt has ended.
        """
        if self._attempt is not None:
            if self._attempt.has_ended():
                self._conclude(self._attempt.reason)
        elif self._is_running():
            if not self._is_down and self._server.is_stopping():
                self._end()
        elif time.monotonic() >= self._try_again_at:
            self._begin()

    def _is_running(self) -> bool:
        if self._process is None or not _is_alive(self._process):
            try:
                self._process = self._server.find()  # another process may have started it
            except OSError:
                self._process = None
        return self._process is not None

    def _end(self) -> None:
        """End a server that has received SIGTERM and waits until its clients have closed all connections.

        Such a server accepts no new connections. It would wait forever, because the service keeps its connections open.
        """
        self._note_end("shuts down")
        with suppress(psutil.Error):
            if self._process is not None:
                self._process.send_signal(signal.SIGINT)

    def _note_end(self, how: str) -> None:
        if not self._is_down:
            self._is_down = True
            logger.warning("PostgreSQL in %s %s; it is started again", self._data, how)

    def _begin(self) -> None:
        self._note_end("has ended")
        try:
            self._attempt = _Attempt(self._data)
        except OSError as error:
            self._conclude(str(error))

    def _conclude(self, reason: str) -> None:
        self._attempt = None
        if self._is_running():
            logger.warning("PostgreSQL in %s runs again", self._data)
            self._is_down, self._failures = False, 0
            return
        self._failures += 1
        self._try_again_at = time.monotonic() + min(self._failures, _MAX_PAUSE_SECONDS)
        if self._failures == 1:
            logger.error("PostgreSQL cannot be started; further attempts follow: %s", reason)


class _Attempt:
    """A child process that starts the server. It has its own session, so Ctrl-C in the terminal does not reach it."""

    def __init__(self, data: Path) -> None:
        # -P: do not import from the working folder, which may have a package of the same name.
        command = [sys.executable, "-P", "-m", "infra.postgres.embedded", str(data)]
        self._process = subprocess.Popen(
            command,
            env={**os.environ, "PYTHONPATH": str(_PACKAGES)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        assert self._process.stderr is not None
        self._stderr, self._written = self._process.stderr, b""
        os.set_blocking(self._stderr.fileno(), False)

    def has_ended(self) -> bool:
        """Return whether the process has ended, which closes its standard error.

        The exit status cannot be used: gunicorn's arbiter waits for all children, and may already have collected it.
        """
        try:
            while written := os.read(self._stderr.fileno(), 4096):
                self._written += written
        except BlockingIOError:  # nothing more yet
            return False
        self._stderr.close()
        self._process.wait()
        return True

    @property
    def reason(self) -> str:
        """The last line that the process wrote to standard error."""
        lines = self._written.decode(errors="replace").strip().splitlines() or ["it gave no reason"]
        return lines[-1][:_MAX_REASON_CHARACTERS]


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True
