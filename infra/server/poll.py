"""The connections of one process, in one epoll at which its threads take turns.

A connection that a thread has taken is in no one else's hands until it is put back (EPOLLONESHOT). Nothing here has a
lock: taking a connection is one `dict.pop`, and of two who try, one gets it.
"""

from __future__ import annotations

import os
import select
import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from time import monotonic

from infra.server.connection import Connection, State


class Poll:
    """An epoll with listeners, connections, and a way to wake one of those who wait."""

    def __init__(
        self, listeners: Iterable[socket.socket], accept: Callable[[socket.socket], Connection | None]
    ) -> None:
        """`accept` takes one new connection of a listener, or returns None when there is none."""
        self._epoll = select.epoll()
        self._accept = accept
        self._listeners = {listener.fileno(): listener for listener in listeners}
        self._waiting: dict[int, Connection] = {}
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._epoll.register(self._wake, select.EPOLLIN)
        for number, listener in self._listeners.items():
            listener.setblocking(False)
            self._epoll.register(number, select.EPOLLIN | select.EPOLLONESHOT)

    def __len__(self) -> int:
        return len(self._waiting)

    def wait(self, seconds: float, most: int = 1) -> list[Connection]:
        """Return the connections on which something can be done, `most` of them at most. The caller owns them now.

        It accepts at most `most` new connections, too.
        """
        taken = []
        for number, _ in self._epoll.poll(seconds, most):
            if number == self._wake:
                _read_eventfd(number)
            elif number in self._listeners:
                for _ in range(most):
                    if not self._take_new(number):
                        break
                with suppress(OSError):  # the process stops, and has closed it
                    self._epoll.modify(number, select.EPOLLIN | select.EPOLLONESHOT)
            elif (connection := self._waiting.pop(number, None)) is not None:
                taken.append(connection)
        return taken

    def add(self, connection: Connection) -> None:
        """Wait for a new connection's first bytes."""
        self._waiting[connection.number] = connection
        self._epoll.register(connection.number, select.EPOLLIN | select.EPOLLONESHOT)

    def put_back(self, connection: Connection) -> None:
        """Wait until there is something to do with a connection again."""
        event = select.EPOLLOUT if connection.state is State.SENDING else select.EPOLLIN
        self._waiting[connection.number] = connection
        with suppress(OSError):  # its time was up, and another thread has closed it since the line before
            self._epoll.modify(connection.number, event | select.EPOLLONESHOT)

    def take_expired(self) -> list[Connection]:
        """Return the connections whose deadline is over, or whose body arrives too slowly. The caller owns them now."""
        now = monotonic()
        expired = [c for c in list(self._waiting.values()) if c.deadline <= now or c.is_too_slow(now)]
        return self._take(expired)

    def take_largest(self, max_bytes: int) -> list[Connection]:
        """Return connections to close, the largest first, so that the others hold at most so many bytes together."""
        waiting = sorted(self._waiting.values(), key=lambda connection: connection.held_bytes, reverse=True)
        excess = sum(connection.held_bytes for connection in waiting) - max_bytes
        largest = []
        for connection in waiting:
            if excess <= 0:
                break
            excess -= connection.held_bytes
            largest.append(connection)
        return self._take(largest)

    def take_longest_idle(self, count: int) -> list[Connection]:
        """Return `count` connections to close, to make room for new ones: idle ones first, then by deadline."""
        waiting = sorted(self._waiting.values(), key=_worth)
        return self._take(waiting[:count])

    def take_all(self) -> list[Connection]:
        """Return every connection that waits."""
        return self._take(list(self._waiting.values()))

    def stop_listening(self) -> None:
        """Accept what has arrived, and close the listeners of this process."""
        for number in list(self._listeners):
            while self._take_new(number):
                pass
            self._epoll.unregister(number)
            self._listeners.pop(number).close()

    def wake(self) -> None:
        """Let one of those who wait return at once."""
        os.eventfd_write(self._wake, 1)

    def _take_new(self, number: int) -> bool:
        listener = self._listeners.get(number)
        connection = self._accept(listener) if listener is not None else None
        if connection is not None:
            self.add(connection)
        return connection is not None

    def _take(self, connections: Iterable[Connection]) -> list[Connection]:
        taken = []
        for connection in connections:
            waiting = self._waiting.pop(connection.number, None)
            if waiting is connection:
                taken.append(connection)
            elif waiting is not None:  # the connection was closed meanwhile, and a new one has its number
                self.put_back(waiting)
        return taken


def _worth(connection: Connection) -> tuple[bool, float]:
    return connection.state is not State.IDLE, connection.deadline


def _read_eventfd(number: int) -> None:
    with suppress(BlockingIOError):  # another thread was woken, too
        os.eventfd_read(number)
