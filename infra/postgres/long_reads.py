"""Long reads take turns: an organization has one of them at a time in a process.

A long read keeps its thread and its connection for up to LONG_READ_SECONDS. Without turns, the long reads of one
organization could occupy all threads of a process.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from api.ports.deadline import LongReadRunning, allow_long_read, turn_deadline


class LongReads:
    """The organizations that have a long read in this process now."""

    def __init__(self) -> None:
        self._organizations: set[str] = set()
        self._ended = threading.Condition()

    @contextmanager
    def turn(self, org_id: str) -> Iterator[None]:
        """Wait until the organization has no other long read, and give the request the time of a long read.

        Raises LongReadRunning when the other one has not ended before `turn_deadline`.
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
