"""gunicorn's arbiter, the master process, changed where the stock one loses a signal."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from typing import Any

from gunicorn.arbiter import Arbiter

_STOP_SIGNALS = {signal.SIGINT, signal.SIGQUIT, signal.SIGTERM}


class GracefulArbiter(Arbiter):  # type: ignore[misc]  # gunicorn has no types
    """The master process. It treats Ctrl-C like SIGTERM: it finishes the requests in flight, then stops."""

    def __init__(self, app: Any, keep_database: Callable[[], None]) -> None:
        self._keep_database = keep_database
        super().__init__(app)

    def murder_workers(self) -> None:
        """Do what is due each second: see to the database, and end server processes that hang."""
        self._keep_database()
        super().murder_workers()

    def spawn_worker(self) -> Any:
        """Fork a server process and return its id. A signal to stop waits until that process has its own handlers.

        With the stock arbiter, a new process has the arbiter's handlers for a moment, and they drop the signal. The
        arbiter then waits the whole `graceful_timeout` for a process that does not know that it must stop.
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOP_SIGNALS)
        try:
            return super().spawn_worker()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOP_SIGNALS)

    def handle_int(self) -> None:
        self.handle_term()

    def handle_term(self) -> None:
        """Stop, and say so on a terminal."""
        if sys.stderr.isatty():
            sys.stderr.write("\nStopping: requests in flight are answered first.\n")
            sys.stderr.flush()
        super().handle_term()
