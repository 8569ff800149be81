"""The master process: gunicorn's arbiter, changed so that no stop signal is lost."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from typing import Any

from gunicorn.arbiter import Arbiter

_STOP_SIGNALS = {signal.SIGINT, signal.SIGQUIT, signal.SIGTERM}


class GracefulArbiter(Arbiter):  # type: ignore[misc]  # gunicorn has no types
    """The master process. Ctrl-C has the same effect as SIGTERM: it finishes the requests in flight, then stops."""

    def __init__(self, app: Any, keep_database: Callable[[], None]) -> None:
        self._keep_database = keep_database
        super().__init__(app)

    def murder_workers(self) -> None:
        """Call `keep_database`, and kill server processes that hang. gunicorn calls this method each second."""
        self._keep_database()
        super().murder_workers()

    def spawn_worker(self) -> Any:
        """Fork a server process and return its id. Signals to stop are blocked until the process has its own handlers.

        If they were not blocked, a signal could arrive while the new process still has the arbiter's handlers, and be
        lost. The arbiter would then wait `graceful_timeout` seconds for this process.
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOP_SIGNALS)
        try:
            return super().spawn_worker()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOP_SIGNALS)

    def handle_int(self) -> None:
        self.handle_term()

    def handle_term(self) -> None:
        """Stop after the requests in flight. If standard error is a terminal, print that the service stops."""
        if sys.stderr.isatty():
            sys.stderr.write("\nStopping: requests in flight are answered first.\n")
            sys.stderr.flush()
        super().handle_term()
