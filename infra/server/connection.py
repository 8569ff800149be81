"""One client's connection: its received bytes, its unsent bytes, and the deadline of its current state."""

from __future__ import annotations

import contextlib
import select
import socket
import struct
from collections.abc import Iterator, Mapping
from enum import Enum, auto
from time import monotonic
from typing import Any

from api.ports.request.deadline import ARRIVED
from infra.server.http.requests import HttpRequest, RequestReader
from infra.server.senders import Sender

HEAD_SECONDS = 10.0
"""How long a request's head may take: from the start of the connection, or from the first byte of a later request."""
BODY_SECONDS = 30.0
"""How long a request's body may take, from the end of its head."""
READ_SECONDS = 30.0
"""How long a client may take to read a response, and each piece of a streamed one."""
IDLE_SECONDS = 15.0
"""How long a connection stays open between two requests."""
LINGER_SECONDS = 2.0
"""How long the server discards further bytes from a client before it closes the connection. If the server closed at
once, TCP could discard the response before the client has read it."""
LEAST_BODY_BYTES_PER_SECOND = 512
"""The lowest average rate of a body since the end of its head. The server closes a connection that is slower."""
RATE_AFTER_SECONDS = 5.0
"""The rate of a body is checked only after this time since the end of its head."""

_RECEIVE_BYTES = 64 * 1024
_MAX_LINGER_BYTES = 8 * 1024 * 1024
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_RESET = struct.pack("ii", 1, 0)


class State(Enum):
    """The state of a connection."""

    IDLE = auto()
    """The connection waits for the first byte of the next request."""
    READING = auto()
    """The connection waits for the rest of a request."""
    SENDING = auto()
    """The connection waits until the socket accepts more bytes of a response."""
    LINGERING = auto()
    """After the last response, the connection waits until the client closes its sending side."""


class Connection:
    """The connection of one client. Only the thread that has taken it out of the poll may use it. No method blocks."""

    def __init__(self, sock: socket.socket, environ: Mapping[str, Any], schemes: Mapping[str, str]) -> None:
        """`environ` is the part of the WSGI environ that all requests share. `schemes`: see RequestReader."""
        sock.setblocking(False)
        self.peer = environ["REMOTE_ADDR"]
        self.sock = sock
        self.number = sock.fileno()
        self.state = State.READING
        self.deadline = monotonic() + HEAD_SECONDS
        """When the server closes the connection if its state has not changed; in seconds of `time.monotonic`."""
        self.request: HttpRequest | None = None
        """The current request, after it has arrived completely; None before."""
        self.arrived = 0.0
        """When the current request had arrived completely, in seconds of `time.monotonic`."""
        self.sender: Sender | None = None
        """The probable sender of the current request; None if the request has neither a key nor a session."""
        self.keeps_alive = True
        """Whether the connection stays open for another request after the current response."""
        self.pieces: Iterator[bytes] | None = None
        """The parts of a streamed response that follow its head; None when nothing follows."""
        self._may_be_the_only_request = True
        self._reader = RequestReader(environ, schemes)
        self._unsent = memoryview(b"")
        self._head_at = 0.0
        self._body_bytes = 0
        self._lingered_bytes = 0

    def read(self) -> HttpRequest | None:
        """Receive the bytes that have arrived. Return the request if it is complete, else None.

        Raises UnreadableRequest, OSError, and EOFError when the client ended its side before the request was complete.
        """
        self.request = request = None
        while not self._reader.has_begun or (request := self._parse()) is None:
            data = self._receive()
            if data is None:
                return None
            self._reader.received += data
            if self._reader.awaits_body:
                self._body_bytes += len(data)
        return request

    @property
    def held_bytes(self) -> int:
        """The number of bytes in memory: received and not handled yet, or not sent yet."""
        return self._reader.held_bytes + len(self._unsent)

    def has_more(self) -> bool:
        """Whether bytes of the next request have been received."""
        return self._reader.has_begun

    def is_readable(self) -> bool:
        """Whether the socket has bytes to receive, or the client has ended its side."""
        poller = select.poll()
        poller.register(self.sock, select.POLLIN)
        return bool(poller.poll(0))

    def is_too_slow(self, now: float) -> bool:
        """Whether the body arrives more slowly than LEAST_BODY_BYTES_PER_SECOND. `now` is a time of `monotonic`."""
        seconds = now - self._head_at
        return (
            self.state is State.READING
            and self._reader.awaits_body
            and seconds > RATE_AFTER_SECONDS
            and self._body_bytes < seconds * LEAST_BODY_BYTES_PER_SECOND
        )

    def send(self, data: bytes) -> bool:
        """Send `data` and then `pieces`, as far as the socket accepts them now. Return whether all bytes were sent.

        Raises OSError.
        """
        self.state, self.deadline = State.SENDING, monotonic() + READ_SECONDS
        self._unsent = memoryview(data)
        return self.send_rest()

    def send_rest(self) -> bool:
        """Send the unsent bytes, then `pieces`, as far as the socket accepts them now. Return whether all were sent.

        Raises OSError.
        """
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
                self.deadline = monotonic() + READ_SECONDS
                if not self._unsent:
                    self.pieces = None

    def begin_next(self) -> None:
        """Let the connection wait up to IDLE_SECONDS for its next request.

        After the first one, raises EOFError when the client has ended its side already, as some do that send only one:
        in a burst of them, each would wake another thread, which could only close the connection.
        """
        self.state, self.deadline = State.IDLE, monotonic() + IDLE_SECONDS
        if self._may_be_the_only_request and not self.has_more():
            self._may_be_the_only_request = False
            self._check_has_not_ended()

    def linger(self) -> None:
        """End the sending side, and give the client LINGER_SECONDS to end its own side. Raises OSError."""
        self.state, self.deadline = State.LINGERING, monotonic() + LINGER_SECONDS
        self.sock.shutdown(socket.SHUT_WR)

    def has_lingered(self) -> bool:
        """Discard the bytes that have arrived. Return True if the client has ended its side or has sent too much."""
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

    def reset(self) -> None:
        """Make `close` send a reset, so that no client and no proxy takes it for the end of the response."""
        with contextlib.suppress(OSError):
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)

    def close(self) -> None:
        """Close the connection, and the generator that makes the pieces of its response."""
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

    def _check_has_not_ended(self) -> None:
        """Raises EOFError if the client has ended its side, and all that it has sent was received."""
        with contextlib.suppress(BlockingIOError):
            if not self.sock.recv(1, socket.MSG_PEEK):
                raise EOFError

    def _receive(self) -> bytes | None:
        """Return the bytes that have arrived; None if there are none. Raises EOFError if the client ended its side."""
        try:
            data = self.sock.recv(_RECEIVE_BYTES)
        except BlockingIOError:
            return None
        if not data:
            raise EOFError
        return data
