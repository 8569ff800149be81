"""Receives requests: light ones are answered at once, and the others wait for their turn (`turns.py`)."""

from __future__ import annotations

import threading
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
    """

    def __init__(self, poll: Poll, exchanges: Exchanges, turns: Turns) -> None:
        self._poll, self._exchanges, self._turns = poll, exchanges, turns
        self._looked = 0.0
        self._looking = threading.Lock()

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
        for connection in connections:
            self._receive(connection)

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
