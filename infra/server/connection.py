"""One client's connection: what has arrived, what is not sent yet, and until when each may take."""

from __future__ import annotations

import contextlib
import select
import socket
from collections.abc import Iterator, Mapping
from enum import Enum, auto
from time import monotonic
from typing import Any

from api.http.authentication import ARRIVED
from infra.server.http.requests import HttpRequest, RequestReader

HEAD_SECONDS = 10.0
"""How long a request's head may take, from the connection's beginning or its first byte."""
BODY_SECONDS = 30.0
"""How long the rest of a request may take after its head."""
READ_SECONDS = 30.0
"""How long a client may take to read a response."""
IDLE_SECONDS = 15.0
"""How long a connection is kept between two requests."""
LINGER_SECONDS = 2.0
"""How long what a client still sends is thrown away before its connection is closed, so that it reads the response."""
LEAST_BODY_BYTES_PER_SECOND = 512
"""A body that arrives more slowly than this is given up, once it has had RATE_AFTER_SECONDS."""
RATE_AFTER_SECONDS = 5.0

_RECEIVE_BYTES = 64 * 1024
_MAX_LINGER_BYTES = 8 * 1024 * 1024
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class State(Enum):
    """What a connection waits for."""

    IDLE = auto()
    """The first byte of a request."""
    READING = auto()
    """The rest of a request."""
    SENDING = auto()
    """That the client reads the response."""
    LINGERING = auto()
    """The end of what the client sends, after the last response."""


class Connection:
    """A connection. Only the thread that has taken it out of the poll touches it, and nothing here blocks."""

    def __init__(self, sock: socket.socket, environ: Mapping[str, Any], schemes: Mapping[str, str]) -> None:
        """`environ` and `schemes` are those of RequestReader."""
        sock.setblocking(False)
        self.peer = environ["REMOTE_ADDR"]
        self.sock = sock
        self.number = sock.fileno()
        self.state = State.READING
        self.deadline = monotonic() + HEAD_SECONDS
        """The moment at which the connection is closed, unless its state has changed before."""
        self.request: HttpRequest | None = None
        """The whole request that waits for a thread."""
        self.arrived = 0.0
        """When that request was whole."""
        self.organization: str | None = None
        """Whose request it is, as far as is known before its key is checked."""
        self.keeps_alive = True
        """Whether a request may follow the response that is sent."""
        self.pieces: Iterator[bytes] | None = None
        self._reader = RequestReader(environ, schemes)
        self._unsent = memoryview(b"")
        self._head_at = 0.0
        self._body_bytes = 0
        self._lingered_bytes = 0

    def read(self) -> HttpRequest | None:
        """Take what has arrived, and return the request once it is whole. Raises UnreadableRequest, OSError.

        Raises EOFError when the client has ended the connection and there is nothing to answer.
        """
        while (request := self._parse()) is None:
            data = self._receive()
            if data is None:
                return None
            self._reader.received += data
            if self._reader.awaits_body:
                self._body_bytes += len(data)
        return request

    @property
    def held_bytes(self) -> int:
        """How much memory it needs for what has arrived and for what is not sent yet."""
        return self._reader.held_bytes + len(self._unsent)

    def has_more(self) -> bool:
        """Whether more has arrived than was read."""
        return self._reader.has_begun

    def is_readable(self) -> bool:
        """Whether something has arrived that was not taken yet."""
        poller = select.poll()
        poller.register(self.sock, select.POLLIN)
        return bool(poller.poll(0))

    def is_too_slow(self, now: float) -> bool:
        """Whether a body arrives more slowly than any client's that means to be answered."""
        seconds = now - self._head_at
        return (
            self.state is State.READING
            and self._reader.awaits_body
            and seconds > RATE_AFTER_SECONDS
            and self._body_bytes < seconds * LEAST_BODY_BYTES_PER_SECOND
        )

    def send(self, data: bytes) -> bool:
        """Send as much as the client takes; return whether all is sent, the pieces that follow too. Raises OSError."""
        self.state, self.deadline = State.SENDING, monotonic() + READ_SECONDS
        self._unsent = memoryview(data)
        return self.send_rest()

    def send_rest(self) -> bool:
        """Go on with what is not sent yet; return whether all is sent. Raises OSError."""
        while True:
            if self._unsent:
                try:
                    sent = self.sock.send(self._unsent)
                except BlockingIOError:
                    return False
                self._unsent = self._unsent[sent:]
            elif self.pieces is None:
                return True
            else:
                self._unsent = memoryview(next(self.pieces, b""))
                if not self._unsent:
                    self.pieces = None

    def begin_next(self) -> None:
        """Wait for the next request, after a response."""
        self.state, self.deadline = State.IDLE, monotonic() + IDLE_SECONDS

    def linger(self) -> None:
        """Say that nothing more is sent, and wait shortly for the client's end. Raises OSError."""
        self.state, self.deadline = State.LINGERING, monotonic() + LINGER_SECONDS
        self.sock.shutdown(socket.SHUT_WR)

    def has_lingered(self) -> bool:
        """Throw away what has arrived; return whether the client has ended, or sent more than is waited for."""
        while True:
            try:
                data = self.sock.recv(_RECEIVE_BYTES)
            except BlockingIOError:
                return False
            except OSError:
                return True
            self._lingered_bytes += len(data)
            if not data or self._lingered_bytes > _MAX_LINGER_BYTES:
                return True

    def close(self) -> None:
        """Close the connection, and end what makes the pieces of its response."""
        if self.pieces is not None:
            close = getattr(self.pieces, "close", None)
            if close is not None:
                close()
        self.sock.close()

    def _parse(self) -> HttpRequest | None:
        awaited_body = self._reader.awaits_body
        self.request = self._reader.next()
        now = monotonic()
        if self.request is not None:
            self.arrived = self.request.environ[ARRIVED] = now
            return self.request
        if self._reader.awaits_body and not awaited_body:
            self._head_at, self._body_bytes = now, len(self._reader.received)
            self.deadline = now + BODY_SECONDS
            if self._reader.takes_continue():
                with contextlib.suppress(BlockingIOError):
                    self.sock.send(_CONTINUE)
        elif self.state is State.IDLE and self._reader.has_begun:
            self.deadline = now + HEAD_SECONDS
        if self._reader.has_begun:
            self.state = State.READING
        return None

    def _receive(self) -> bytes | None:
        """Return what has arrived, None when nothing has. Raises EOFError at the client's end."""
        try:
            data = self.sock.recv(_RECEIVE_BYTES)
        except BlockingIOError:
            return None
        if not data:
            raise EOFError
        return data
