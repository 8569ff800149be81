"""Writes the application's responses (PEP 3333) as bytes of HTTP/1.1."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from gunicorn.util import http_date

from infra.server.http.requests import HttpRequest

Headers = list[tuple[str, str]]
StartResponse = Callable[..., Callable[[bytes], object]]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

_MAX_JOINED_BYTES = 64 * 1024
"""The size up to which a body is copied behind its head, so that one packet can hold both."""
_LAST_CHUNK = b"0\r\n\r\n"


class HttpResponse:
    """One response: the bytes to send first, and the parts that follow if its body is large or streamed."""

    def __init__(self, request: HttpRequest, is_closing: Callable[[], bool]) -> None:
        """`is_closing` is called when the head is written. If it returns True, this response ends the connection."""
        self._request, self._is_closing = request, is_closing
        self.status = ""
        """The code and the reason of the status line, such as `200 OK`; empty until the application was called."""
        self._headers = Headers()
        self._has_length = False
        self.pieces: Iterator[bytes] | None = None
        """The parts of the body that follow the bytes of `run`; None when nothing follows."""
        self.keeps_alive = request.keeps_alive

    def run(self, application: Application) -> bytes:
        """Call the application. Return the whole response, or only its head if the body is large or streamed."""
        result = application(self._request.environ, self._start)
        if isinstance(result, list | tuple):
            body = b"".join(result)
            head = self._head(len(body))
            if self._omits_body():
                return head
            if len(body) <= _MAX_JOINED_BYTES:
                return head + body
            self.pieces = iter((body,))
            return head
        if self._has_length or not self._request.is_http_1_1:
            self.keeps_alive = self.keeps_alive and self._has_length
            self.pieces = _closing(result)
        else:
            self.pieces = _chunks(result)
        head = self._head(None)
        if self._omits_body():
            _close(result)
            self.pieces = None
        return head

    def _start(self, status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
        self.status, self._headers = status, headers
        self._has_length = any(name.lower() == "content-length" for name, _ in headers)
        return _no_write

    def _omits_body(self) -> bool:
        return self._request.is_head or self.status[:3] in ("204", "304")

    def _head(self, length: int | None) -> bytes:
        lines = [f"HTTP/1.1 {self.status}\r\nServer: smartdhandha\r\nDate: {_date()}\r\n"]
        for name, value in self._headers:
            if "\n" in value or "\r" in value:
                raise ValueError(f"the header {name} of a response has a line break in its value")
            lines.append(f"{name}: {value}\r\n")
        if length is not None and not self._has_length and not self._omits_body():
            lines.append(f"Content-Length: {length}\r\n")
        elif length is None and not self._has_length and self._request.is_http_1_1:
            lines.append("Transfer-Encoding: chunked\r\n")
        self.keeps_alive = self.keeps_alive and not self._is_closing()
        lines.append("Connection: keep-alive\r\n\r\n" if self.keeps_alive else "Connection: close\r\n\r\n")
        return "".join(lines).encode("latin-1")


def _chunks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    try:
        for piece in pieces:
            if piece:
                yield b"%x\r\n%b\r\n" % (len(piece), piece)
        yield _LAST_CHUNK
    finally:
        _close(pieces)


def _closing(pieces: Iterable[bytes]) -> Iterator[bytes]:
    try:
        yield from pieces
    finally:
        _close(pieces)


def _close(result: Any) -> None:
    close = getattr(result, "close", None)
    if close is not None:
        close()


def _no_write(data: bytes) -> object:
    raise TypeError("the application must return the body; it cannot use the function write()")


_date_of: tuple[int, str] = (0, "")


def _date() -> str:
    """Return the value of the header Date. It is formatted at most once a second."""
    global _date_of  # noqa: PLW0603 -- a cache of one value; two threads may make it at once, with the same result
    second, text = _date_of
    now = int(time.time())
    if second != now:
        text = http_date(now)
        _date_of = (now, text)
    return text
