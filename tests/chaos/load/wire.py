"""A client of HTTP/1.1 that costs little, so that the load takes no processor time from the service."""

from __future__ import annotations

import json
import re
import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple
from urllib.parse import urlsplit

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_ETAG = re.compile(rb'\r\netag: *"(\d+)"', re.IGNORECASE)
_REPLAYED = re.compile(rb"\r\nidempotent-replayed: *true", re.IGNORECASE)
_NO_BODY = (204, 304)


class NoAnswer(Exception):
    """The connection could not be opened, or it ended before the response was complete."""


class Answer(NamedTuple):
    """A response."""

    status: int
    head: bytes
    body: bytes

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_replayed(self) -> bool:
        return _REPLAYED.search(self.head) is not None

    @property
    def version(self) -> int | None:
        """The version in the ETag; None without one."""
        match = _ETAG.search(self.head)
        return int(match[1]) if match else None

    @property
    def data(self) -> Any:
        return json.loads(self.body)["data"]


class Wire:
    """A connection that is opened when it is needed, and kept. A request without an answer is not sent again."""

    def __init__(self, url: str, max_seconds: float = 30.0) -> None:
        address = urlsplit(url)
        assert address.hostname and address.port
        self._address, self._max_seconds = (address.hostname, address.port), max_seconds
        self._socket: socket.socket | None = None
        self._received = b""

    def ask(self, request: bytes) -> Answer:
        """Send a request and return the response. Raises NoAnswer."""
        self.send(request)
        return self.receive()

    def send(self, request: bytes) -> None:
        """Send a request. Raises NoAnswer."""
        with self._closed_by_errors():
            if self._socket is None:
                self._socket = socket.create_connection(self._address, self._max_seconds)
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket.sendall(request)

    def receive(self) -> Answer:
        """Return the response to the request that was sent. Raises NoAnswer."""
        with self._closed_by_errors():
            assert self._socket is not None
            answer = self._read(self._socket)
        if _CLOSE.search(answer.head):
            self.close()
        return answer

    def close_if_ended(self) -> None:
        """Close the connection if the other side has ended it while it was idle, as a proxy does before it sends."""
        if self._socket is not None and select.select([self._socket], [], [], 0)[0]:
            self.close()

    def close(self) -> None:
        if self._socket is not None:
            with suppress(OSError):
                self._socket.close()
        self._socket, self._received = None, b""

    @contextmanager
    def _closed_by_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.close()
            raise NoAnswer(str(error)) from None

    def _read(self, connection: socket.socket) -> Answer:
        while (end := self._received.find(b"\r\n\r\n")) < 0:
            self._receive(connection)
        head = self._received[:end]
        status, length, begin = int(head[9:12]), length_of(head), end + 4
        if length is None and status not in _NO_BODY:
            raise OSError("the response does not say how long it is")
        whole = begin + (length if length and status not in _NO_BODY else 0)
        while len(self._received) < whole:
            self._receive(connection)
        body, self._received = self._received[begin:whole], self._received[whole:]
        return Answer(status, head, body)

    def _receive(self, connection: socket.socket) -> None:
        received = connection.recv(262144)
        if not received:
            raise OSError("the connection ended")
        self._received += received


def length_of(head: bytes) -> int | None:
    """Return the length of the body that a head announces; None if it does not."""
    match = _LENGTH.search(head)
    return int(match[1]) if match else None


def request_bytes(method: str, path: str, headers: str = "", body: Any = None) -> bytes:
    """Return the bytes of a request. `headers` are whole lines; a body is sent as JSON."""
    if body is None:
        return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode()
    data = json.dumps(body)
    length = f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n"  # json.dumps writes ASCII
    return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{headers}{length}\r\n{data}".encode()
