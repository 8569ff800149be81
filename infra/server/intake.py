"""Receives requests: light ones are answered at once, and the others wait for their turn (`turns.py`)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic

from infra.server.connection import Connection
from infra.server.exchanges import Exchanges
from infra.server.poll import Poll
from infra.server.turns import Turns

LIGHT_PATHS = frozenset({"/healthz"})
"""The paths whose requests never wait for their turn. The application answers them without the database."""
LOOK_SECONDS = 0.025
"""While all threads are busy, all requests that have arrived are received at least so often."""

_WAIT_SECONDS = 1.0
_MOST_AT_ONCE = 64


class Intake:
    """Takes connections out of the poll, and receives their requests.

    Each thread that handles requests takes one connection at a time (`wait`). If it did nothing else, a light request
    would wait behind all the requests that came before it. So all requests are received now and then (`look`).

    The main thread looks, too. It rests while a thread is free, and `wake` wakes it when no thread is free any more.
    """

    def __init__(self, poll: Poll, exchanges: Exchanges, turns: Turns, wake: Callable[[], None]) -> None:
        self._poll, self._exchanges, self._turns, self._wake = poll, exchanges, turns, wake
        self._looked = 0.0
        self._looking = threading.Lock()
        self._rests = self._was_woken = False

    def wait(self) -> None:
        """Receive what has arrived on one connection. If nothing has, wait for it, but for at most one second."""
        connections = self._poll.wait(0)
        if not connections:
            self._exchanges.free.append(None)
            try:
                if self._turns.has_ready():  # a request was queued while this thread was not in `free`
                    return
                connections = self._poll.wait(_WAIT_SECONDS)
            finally:
                self._exchanges.free.pop()
                self._end_rest()
        for connection in connections:
            self._receive(connection)

    def pause_seconds(self, longest: float) -> float:
        """Return how long the main thread may wait before it looks again: `longest` while a thread is free.

        Otherwise, or after it was woken, or while a request waits for its turn, return LOOK_SECONDS. So it is woken no
        more often than it would look.
        """
        self._rests = True  # before `free` is read: a thread that empties it afterwards sees this
        if self._was_woken or not self._exchanges.free or self._turns.has_waiting():
            self._rests = self._was_woken = False
            return LOOK_SECONDS
        return longest

    def look(self, *, may_stream: bool) -> None:
        """Receive everything that has arrived, if no thread is free and nobody has looked for LOOK_SECONDS.

        Without `may_stream`, no streamed response goes on: its next piece may take long to make.
        """
        if not self._is_due():
            return
        # Other threads that want to begin a request wait meanwhile. If they went on, this thread would get the
        # interpreter's lock so rarely that a burst of 500 requests would take twice as long to receive.
        with self._looking:
            streaming = self._receive_all() if self._is_due() else []
        own = streaming.pop() if streaming and may_stream else None
        for connection in streaming:  # other threads go on with these
            self._poll.put_back(connection)
        if own is not None:
            self._receive(own)

    def _end_rest(self) -> None:
        """Wake the main thread if it rests and no thread is free."""
        if self._rests and not self._exchanges.free:
            self._rests, self._was_woken = False, True
            self._wake()

    def _is_due(self) -> bool:
        return not self._exchanges.free and monotonic() - self._looked > LOOK_SECONDS

    def _receive_all(self) -> list[Connection]:
        """Return the connections with streamed responses, which have not gone on."""
        end = monotonic() + LOOK_SECONDS
        streaming = []
        while monotonic() < end and (connections := self._poll.wait(0, _MOST_AT_ONCE)):
            for connection in connections:
                if connection.pieces is None:
                    self._receive(connection)
                else:
                    streaming.append(connection)
        self._looked = monotonic()
        return streaming

    def _receive(self, connection: Connection) -> None:
        if not self._exchanges.advance(connection):
            return
        self._exchanges.wake_for_turns()  # for the requests before this one: this thread takes the last one itself
        assert connection.request is not None
        if connection.request.environ["PATH_INFO"] in LIGHT_PATHS:
            self._exchanges.respond(connection)
        else:
            self._exchanges.queue(connection)
