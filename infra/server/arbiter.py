"""The master process: gunicorn's arbiter, changed so that no stop signal is lost."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from typing import Any

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

from infra.server.background import BackgroundProcess

STOP_SIGNALS = {signal.SIGINT, signal.SIGQUIT, signal.SIGTERM}
"""The signals that stop the service."""


class GracefulArbiter(Arbiter):  # type: ignore[misc]  # gunicorn has no types
    """The master process. Ctrl-C has the same effect as SIGTERM: it finishes the requests in flight, then stops.

    With `has_background`, it keeps one BackgroundProcess, beside as many server processes as the application says.
    """

    def __init__(self, app: Any, keep_database: Callable[[], None], has_background: bool) -> None:
        self._keep_database, self._has_background = keep_database, has_background
        super().__init__(app)

    def setup(self, app: Any) -> None:
        """Read the application's options. gunicorn calls this method at the start, and when it reloads."""
        super().setup(app)
        self.num_workers += self._has_background

    def murder_workers(self) -> None:
        """Call `keep_database`, and kill server processes that hang. gunicorn calls this method each second."""
        self._keep_database()
        super().murder_workers()

    def spawn_worker(self) -> Any:
        """Fork a process that is missing, and return its id. The BackgroundProcess comes after the server processes.

        Signals to stop are blocked until the process has its own handlers. Otherwise, a signal could arrive while the
        new process still has the arbiter's handlers, and be lost. The arbiter would then wait `graceful_timeout`
        seconds for this process.
        """
        self.worker_class = self._class_of_next()
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
        try:
            return super().spawn_worker()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)

    def handle_ttou(self) -> None:
        """Keep a server process fewer, but at least one."""
        if self.num_workers > 1 + self._has_background:
            super().handle_ttou()

    def handle_int(self) -> None:
        self.handle_term()

    def handle_term(self) -> None:
        """Stop after the requests in flight. If standard error is a terminal, print that the service stops."""
        if sys.stderr.isatty():
            sys.stderr.write("\nStopping: requests in flight are answered first.\n")
            sys.stderr.flush()
        super().handle_term()

    def _class_of_next(self) -> type[Worker]:
        background = sum(isinstance(worker, BackgroundProcess) for worker in self.WORKERS.values())
        servers = len(self.WORKERS) - background
        is_next = self._has_background and not background and servers >= self.num_workers - 1
        return BackgroundProcess if is_next else self.cfg.worker_class
