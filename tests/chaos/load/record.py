"""What the clients of a run remember: the evidence for the checker."""

from __future__ import annotations

import copy
import time
import zlib
from array import array
from collections import Counter
from typing import NamedTuple

from tests.chaos.probe import Answer

STORED, ABSENT, UNKNOWN = "acknowledged", "refused", "unknown"
"""What a client knows of a write: it was acknowledged (2xx), it was refused (4xx), or no answer says either."""
TICKS_PER_SECOND = 10


class Write(NamedTuple):
    """One write. All its attempts have the request ids `<client>.<number>.<attempt>`."""

    event: str
    """The type of the event that the write causes. It may cause further ones."""
    outcome: str = UNKNOWN
    id: str | None = None
    """The object in the answer."""
    version: int = 0
    """The object's version in the answer."""


class Crash(NamedTuple):
    """A crash of the database, between two times of time.monotonic."""

    earliest: float
    latest: float


class Credits:
    """The requests of one key that cost a credit."""

    def __init__(self, key: str) -> None:
        self.key, self.sent, self.answered = key, 0, 0
        self._by_tick: Counter[int] = Counter()

    def count_answer(self) -> None:
        self.answered += 1
        self._by_tick[int(time.monotonic() * TICKS_PER_SECOND)] += 1

    def answered_between(self, begin: float, end: float) -> int:
        """Return how many answers came from `begin` to `end`, to a tenth of a second, of time.monotonic."""
        ticks = range(int(begin * TICKS_PER_SECOND), int(end * TICKS_PER_SECOND) + 1)
        return sum(self._by_tick[tick] for tick in ticks)


class ClientRecord:
    """What one client has sent, and what was answered. `wrong` are answers that the contract does not allow."""

    def __init__(self, name: str, key: str) -> None:
        self.name, self.credits = name, Credits(key)
        self.writes: list[Write] = []
        self.wrong: list[str] = []
        self.statuses: Counter[int] = Counter()
        """How many answers had each status; 0 is no answer."""
        self.replayed = 0
        self.noted: list[Answer] | None = None
        """Each answer with its times. None in long runs: they have too many."""

    def count(self, at: float, status: int) -> None:
        """Count the answer to a request that was sent `at`, of time.monotonic; 0 is no answer."""
        self.statuses[status] += 1
        if self.noted is not None:
            self.noted.append(Answer(at, time.monotonic() - at, status))

    @property
    def answers(self) -> int:
        return self.statuses.total() - self.statuses[0]


class ConsumerRecord:
    """The events that a consumer of /events has seen, in the order in which it saw them."""

    def __init__(self, key: str) -> None:
        self.credits = Credits(key)
        self.positions, self._marks = array("Q"), array("L")
        self.wrong: list[str] = []
        self.restarts = 0

    def add(self, position: int, id: str) -> None:
        self.positions.append(position)
        self._marks.append(zlib.crc32(id.encode()))

    def has_seen(self, number: int, position: int, id: str) -> bool:
        """Return whether the event with this number in the order, from 0, was this one."""
        is_there = number < len(self.positions)
        return is_there and self.positions[number] == position and self._marks[number] == zlib.crc32(id.encode())


class Tenant(NamedTuple):
    """An organization of a run, and what its clients have seen."""

    org_id: str
    key: str
    """A key for the checker, which no client uses."""
    session: str | None
    """The token of a console session of its owner; without one, no client asks for a page."""
    clients: list[ClientRecord]
    consumer: ConsumerRecord

    def snapshot(self) -> Tenant:
        """Return a copy with the writes so far. Those without an answer yet stay unknown in it."""
        clients = [copy.copy(record) for record in self.clients]
        for record in clients:
            record.writes = list(record.writes)
        return self._replace(clients=clients)
