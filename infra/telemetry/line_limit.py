"""A limit for lines of the program log that anyone can cause, so that nobody can fill the disk."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic


class LineLimit:
    """Permits `per_second` lines in each second, and counts the lines that it does not permit."""

    def __init__(self, per_second: int, clock: Callable[[], float] = monotonic) -> None:
        self._per_second, self._clock, self._lock = per_second, clock, threading.Lock()
        self._second, self._permitted, self._left_out = 0, 0, 0

    def permits(self) -> bool:
        """Return whether a line may be written now. If not, count the line."""
        with self._lock:
            second = int(self._clock())
            if second != self._second:
                self._second, self._permitted = second, 0
            if self._permitted < self._per_second:
                self._permitted += 1
                return True
            self._left_out += 1
            return False

    def take_left_out(self) -> int:
        """Return how many lines were not permitted since the last call."""
        with self._lock:
            left_out, self._left_out = self._left_out, 0
            return left_out
