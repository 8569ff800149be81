"""The records of requests that wait until they are written."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from api.ports.request.observer import RequestRecord

MAX_WAITING = 20_000
"""How many records wait at most: about 10 MB."""


class Waiting(NamedTuple):
    """A record that waits, and when it came, in seconds of `time.monotonic`."""

    since: float
    record: RequestRecord


class Backlog:
    """Holds records in the order in which they came. When it is full, the oldest ones are dropped.

    `on_drop` is called with the number of records that were dropped.
    """

    def __init__(self, on_drop: Callable[[int], None] = lambda count: None, size: int = MAX_WAITING) -> None:
        self._on_drop, self._size = on_drop, size
        self._waiting: deque[Waiting] = deque()
        self._lock = threading.Lock()

    def add(self, waiting: Waiting) -> None:
        """Add a record."""
        with self._lock:
            self._waiting.append(waiting)
            is_full = len(self._waiting) > self._size
            if is_full:
                self._waiting.popleft()
        if is_full:
            self._on_drop(1)

    def take(self, most: int) -> list[Waiting]:
        """Remove and return the oldest records, at most so many."""
        with self._lock:
            return [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]

    def batches(self, most: int) -> Iterator[list[Waiting]]:
        """Remove and yield the records in batches of at most so many, until one is not full.

        So what comes while a batch is written waits for the next call. Under load, a batch of a few records would
        follow each large one, and would cost twice as much for each record.
        """
        is_full = True
        while is_full and (taken := self.take(most)):
            is_full = len(taken) == most
            yield taken

    def put_back(self, taken: Sequence[Waiting]) -> None:
        """Add records that were taken and could not be written. Those for which there is no room are dropped."""
        with self._lock:
            room = max(0, self._size - len(self._waiting))
            kept = taken[max(0, len(taken) - room) :] if room else ()
            self._waiting.extendleft(reversed(kept))
        if len(kept) < len(taken):
            self._on_drop(len(taken) - len(kept))
