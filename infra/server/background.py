"""The process of the background worker. gunicorn's master keeps it beside the server processes."""

from __future__ import annotations

import mmap
import os
import select
import sys
import threading
from contextlib import suppress
from typing import Any

from gunicorn.workers.base import Worker

STOP_SECONDS = 2.0
"""How long a task may go on after the signal to stop. Then its transaction is lost; the next leader begins it again."""

_HEARTBEAT_SECONDS = 1.0


class BackgroundProcess(Worker):  # type: ignore[misc]  # gunicorn has no types
    """A process that runs the background worker and handles no requests.

    A task can compute for seconds. In a server process it would take Python's interpreter lock from the requests again
    and again, for 5 ms each time.

    gunicorn sets `app`, which is the Application of `application.py`. It replaces the process when it ends or hangs.
    """

    alive: bool

    def __init__(self, _: int, *arguments: Any) -> None:
        # When the master has too many processes, it ends those with the smallest age. It must keep this one.
        super().__init__(sys.maxsize, *arguments)

    def load_wsgi(self) -> None:
        """Close the listeners: nobody accepts connections here. There is no application to load."""
        for listener in self.sockets:
            listener.close()

    def run(self) -> None:
        """Run the background worker until a signal to stop arrives or the master ends."""
        worker = self.app.make_background_worker()
        thread = threading.Thread(target=worker.run, name="worker", daemon=True)
        thread.start()
        while self.alive and self.ppid == os.getppid():
            self.notify()
            self.app.worker_problem.set(worker.problem)
            with suppress(OSError):
                select.select([self.PIPE[0]], [], [], _HEARTBEAT_SECONDS)
                os.read(self.PIPE[0], 512)
        worker.stop()
        thread.join(STOP_SECONDS)


class SharedText:
    """A short text or None that one process sets and its siblings get. Make it before the processes are forked."""

    _MAX_BYTES = 4096

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, self._MAX_BYTES)

    def set(self, text: str | None) -> None:
        """Set the text. What does not fit into 4096 bytes is left out."""
        data = (text or "").encode()[: self._MAX_BYTES]
        self._memory[:] = data.ljust(self._MAX_BYTES, b"\0")

    def get(self) -> str | None:
        """Return the text that was set last."""
        return self._memory[:].rstrip(b"\0").decode(errors="ignore") or None
