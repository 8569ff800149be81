"""The waiting connections of one process, in one epoll that all its threads share.

The thread that takes a connection owns it until the thread puts it back (EPOLLONESHOT). No lock is needed: a connection
is taken by one `dict.pop`, so only one of two threads gets it.
"""

from __future__ import annotations

import os
import select
import socket
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from heapq import nsmallest
from time import monotonic

from infra.server.connection import Connection, State

MANY_CONNECTIONS = 32
"""A process with at least this many connections accepts new ones as fast as it can."""
_NEW_AT_ONCE = 16


class Poll:
    """An epoll with the listeners, the waiting connections, and an event that wakes a waiting thread."""

    def __init__(
        self, listeners: Iterable[socket.socket], accept: Callable[[socket.socket], Connection | None]
    ) -> None:
        """`accept` returns one new connection of a listener; None when there is none."""
        self._epoll = select.epoll()
        self._accept = accept
        self._listeners = {listener.fileno(): listener for listener in listeners}
        self._waiting: dict[int, Connection] = {}
        self._accepted_in_a_row = 0
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._epoll.register(self._wake, select.EPOLLIN)
        for number, listener in self._listeners.items():
            listener.setblocking(False)
            self._epoll.register(number, select.EPOLLIN | select.EPOLLONESHOT)

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def is_in_burst(self) -> bool:
        """Whether there are many connections, or as many were accepted since no client waited to be accepted.

        Without the second, a burst of clients whose connections end with the first response would not be seen.
        """
        return max(len(self), self._accepted_in_a_row) >= MANY_CONNECTIONS

    def wait(self, seconds: float, most: int = 1) -> list[Connection]:
        """Wait at most `seconds`. Return at most `most` connections that can be read or written.

        The caller owns them now. New connections are among them, because most clients have sent their request by then:
        at most `most` of each listener, or _NEW_AT_ONCE if that is more and there are many connections.
        """
        taken: list[Connection] = []
        for number, _ in self._epoll.poll(seconds, most):
            if number == self._wake:
                _read_eventfd(number)
            elif number in self._listeners:
                taken += self._accept_new(number, max(most, _NEW_AT_ONCE) if self.is_in_burst else most)
                with suppress(OSError):  # the process is stopping, and has closed the listener
                    self._epoll.modify(number, select.EPOLLIN | select.EPOLLONESHOT)
            elif (connection := self._waiting.pop(number, None)) is not None:
                taken.append(connection)
        return taken

    def add(self, connection: Connection) -> None:
        """Take a new connection into the epoll. The caller owns it, and puts it back as any other connection."""
        self._epoll.register(connection.number, select.EPOLLONESHOT)

    def put_back(self, connection: Connection) -> None:
        """Let a connection wait until the socket can be read, or in the state SENDING until it can be written."""
        event = select.EPOLLOUT if connection.state is State.SENDING else select.EPOLLIN
        self._waiting[connection.number] = connection
        with suppress(OSError):  # its deadline has passed, and another thread closed it after the previous line
            self._epoll.modify(connection.number, event | select.EPOLLONESHOT)

    def take_expired(self) -> list[Connection]:
        """Return the connections whose deadline has passed or whose body is too slow. The caller owns them now."""
        now = monotonic()
        expired = [c for c in list(self._waiting.values()) if c.deadline <= now or c.is_too_slow(now)]
        return self._take(expired)

    def take_largest(self, max_bytes: int) -> list[Connection]:
        """Return the connections that hold the most memory, so that the others hold at most `max_bytes` together.

        The caller owns the returned connections now, and must close them.
        """
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
        """Return `count` connections. The caller owns them now, and must close them to make room for new ones.

        Idle connections come before others. Among these, an earlier deadline comes first.
        """
        return self._take(nsmallest(count, list(self._waiting.values()), key=_worth))

    def take_all(self) -> list[Connection]:
        """Return all waiting connections. The caller owns them now."""
        return self._take(list(self._waiting.values()))

    def stop_listening(self) -> None:
        """Accept the connections that clients have already made, and close the listeners of this process."""
        for number in list(self._listeners):
            for connection in self._accept_new(number, sys.maxsize):
                self.put_back(connection)
            self._epoll.unregister(number)
            self._listeners.pop(number).close()

    def wake(self) -> None:
        """Let one thread that is in `wait` return at once."""
        os.eventfd_write(self._wake, 1)

    def _accept_new(self, number: int, most: int) -> Iterator[Connection]:
        for _ in range(most):
            listener = self._listeners.get(number)
            connection = self._accept(listener) if listener is not None else None
            if connection is None:
                self._accepted_in_a_row = 0
                break
            self._accepted_in_a_row += 1
            self.add(connection)
            yield connection

    def _take(self, connections: Iterable[Connection]) -> list[Connection]:
        taken = []
        for connection in connections:
            waiting = self._waiting.pop(connection.number, None)
            if waiting is connection:
                taken.append(connection)
            elif waiting is not None:  # the connection was closed, and a new connection has the same file descriptor
                self.put_back(waiting)
        return taken


def _worth(connection: Connection) -> tuple[bool, float]:
    return connection.state is not State.IDLE, connection.deadline


def _read_eventfd(number: int) -> None:
    with suppress(BlockingIOError):  # another thread has read it already
        os.eventfd_read(number)
