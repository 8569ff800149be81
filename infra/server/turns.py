"""Which request is handled next: the oldest one, but an organization may use only half of the threads at once."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Iterator
from time import monotonic

from infra.server.connection import Connection
from infra.server.senders import Sender

MAX_TURN_SECONDS = 1.0
"""How long a request may wait for a thread before it is refused."""


class Turns:
    """The requests that have arrived completely and wait for a thread of this process.

    `threads` is the number of threads that handle requests. When an organization uses half of them, its next request
    waits until one of its requests has ended. Test mode counts as its organization, and uses half of this half, so that
    it leaves threads to live data. A key whose organization is not known yet may use only one thread, until its
    organization was looked up.

    At most `max_waiting` requests wait for a thread, and as many wait because of their organizations. So an
    organization that fills its queue does not keep the others out.
    """

    def __init__(self, threads: int, max_waiting: int) -> None:
        self._most_of_one = max(1, threads // 2)
        self._max_waiting = max_waiting
        self._ready: deque[Connection] = deque()
        self._running: Counter[Sender] = Counter()
        self._running_of: Counter[str] = Counter()
        """The same by account: what both modes of an organization use together."""
        self._held: dict[str, dict[Sender, deque[Connection]]] = {}
        """The requests that wait because of their organizations, by account and by mode."""
        self._lock = threading.Lock()

    def add(self, connection: Connection) -> bool:
        """Add a request that has arrived completely. Return False, and do not add it, if too many wait already."""
        with self._lock:
            if self._is_at_limit(connection.sender):
                if sum(map(len, self._queues())) >= self._max_waiting:
                    return False
                self._hold(connection)
                return True
        if len(self._ready) >= self._max_waiting:
            return False
        self._ready.append(connection)
        return True

    def next(self) -> Connection | None:
        """Return the connection of the next request that may begin, and count it as running. None if there is none.

        A request whose sender uses all the threads that it may use waits until one of the sender's requests has ended.
        """
        while True:
            try:
                connection = self._ready.popleft()
            except IndexError:
                return None
            if connection.sender is None:
                return connection
            with self._lock:
                if not self._is_at_limit(connection.sender):
                    self._running[connection.sender] += 1
                    self._running_of[connection.sender.account] += 1
                    return connection
                self._hold(connection)

    def has_ready(self) -> bool:
        """Whether a request waits for a thread."""
        return bool(self._ready)

    def has_waiting(self) -> bool:
        """Whether a request waits, for a thread or because of its organization."""
        with self._lock:
            return bool(self._ready) or any(self._queues())

    def ended(self, sender: Sender | None) -> None:
        """Record that a request of the sender has ended. The oldest one that waits for it may begin now."""
        if sender is None:
            return
        with self._lock:
            self._uncount(sender)
            if self._held and (oldest := self._oldest_held(sender.account)):
                self._drop_held(oldest)
                self._ready.appendleft(oldest)

    def take_late(self) -> list[Connection]:
        """Return the connections whose requests have waited for MAX_TURN_SECONDS. The caller owns them now."""
        limit = monotonic() - MAX_TURN_SECONDS
        with self._lock:
            late = [c for queue in self._queues() for c in queue if c.arrived <= limit]
            for connection in late:
                self._drop_held(connection)
        while self._ready:
            try:
                connection = self._ready.popleft()
            except IndexError:
                break
            if connection.arrived > limit:
                self._ready.appendleft(connection)
                break
            late.append(connection)
        return late

    def _is_at_limit(self, sender: Sender | None) -> bool:
        if sender is None:
            return False
        if not sender.is_organization:
            return self._running[sender] >= 1
        is_test = sender.live_id is not None
        if is_test and self._running[sender] >= max(1, self._most_of_one // 2):
            return True
        return self._running_of[sender.account] >= self._most_of_one

    def _uncount(self, sender: Sender) -> None:
        self._running[sender] -= 1
        if not self._running[sender]:
            del self._running[sender]
        self._running_of[sender.account] -= 1
        if not self._running_of[sender.account]:
            del self._running_of[sender.account]

    def _oldest_held(self, account: str) -> Connection | None:
        """Return the oldest request of the account that waits and may begin; None if there is none."""
        queues = self._held.get(account, {}).items()
        heads = [queue[0] for sender, queue in queues if not self._is_at_limit(sender)]
        return min(heads, key=lambda connection: connection.arrived, default=None)

    def _queues(self) -> Iterator[deque[Connection]]:
        return (queue for queues in self._held.values() for queue in queues.values())

    def _hold(self, connection: Connection) -> None:
        assert connection.sender is not None
        queues = self._held.setdefault(connection.sender.account, {})
        queues.setdefault(connection.sender, deque()).append(connection)

    def _drop_held(self, connection: Connection) -> None:
        sender = connection.sender
        assert sender is not None
        queues = self._held[sender.account]
        queues[sender].remove(connection)
        if not queues[sender]:
            del queues[sender]
        if not queues:
            del self._held[sender.account]
