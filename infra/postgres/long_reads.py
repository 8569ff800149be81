"""Lets each organization have at most one long read at a time in each process.

A long read is a request that may use its thread and its connection for LONG_READ_SECONDS. Without this rule, the long
reads of one organization could occupy all threads of a process.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from api.ports.request.deadline import LongReadRunning, allow_long_read, turn_deadline


class LongReads:
    """The organizations that have a long read in this process now."""

    def __init__(self) -> None:
        self._organizations: set[str] = set()
        self._ended = threading.Condition()

    @contextmanager
    def turn(self, org_id: str) -> Iterator[None]:
        """Wait until the organization has no other long read. Then give this request LONG_READ_SECONDS.

        Raises LongReadRunning when the other long read has not ended by `turn_deadline()`.
        """
        with self._ended:
            seconds = min(turn_deadline() - time.monotonic(), threading.TIMEOUT_MAX)
            if not self._ended.wait_for(lambda: org_id not in self._organizations, seconds):
                raise LongReadRunning
            self._organizations.add(org_id)
        try:
            allow_long_read()
            yield
        finally:
            with self._ended:
                self._organizations.remove(org_id)
                self._ended.notify_all()
