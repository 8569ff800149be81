"""Responses of the application (PEP 3333), as the bytes of HTTP/1.1."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from gunicorn.util import http_date

from infra.server.http.requests import HttpRequest

Headers = list[tuple[str, str]]
StartResponse = Callable[..., Callable[[bytes], object]]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

_LAST_CHUNK = b"0\r\n\r\n"


class HttpResponse:
    """One response: its head, with the body where that is known at once, and the pieces that follow."""

    def __init__(self, request: HttpRequest, is_closing: Callable[[], bool]) -> None:
        """`is_closing` says, when the head is written, that the server takes no further request on the connection."""
        self._request, self._is_closing = request, is_closing
        self._status, self._headers = "", Headers()
        self._has_length = False
        self.pieces: Iterator[bytes] | None = None
        """What is still to be made and sent after the first bytes; None when there is nothing."""
        self.keeps_alive = request.keeps_alive

    def run(self, application: Application) -> bytes:
        """Call the application, and return the first bytes to send: all of them, unless it streams."""
        result = application(self._request.environ, self._start)
        if isinstance(result, list | tuple):
            body = b"".join(result)
            return self._head(len(body)) + (b"" if self._omits_body() else body)
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
        self._status, self._headers = status, headers
        self._has_length = any(name.lower() == "content-length" for name, _ in headers)
        return _no_write

    def _omits_body(self) -> bool:
        return self._request.is_head or self._status[:3] in ("204", "304")

    def _head(self, length: int | None) -> bytes:
        lines = [f"HTTP/1.1 {self._status}\r\nServer: smartdhandha\r\nDate: {_date()}\r\n"]
        for name, value in self._headers:
            if "\n" in value or "\r" in value:
                raise ValueError(f"the header {name} of a response holds a line end")
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
    raise TypeError("the application must return its body: it cannot write it")


_date_of: tuple[int, str] = (0, "")


def _date() -> str:
    """Return the value of the header Date; it is made once a second."""
    global _date_of  # noqa: PLW0603 -- a cache of one value; two threads that make it at once make the same one
    second, text = _date_of
    now = int(time.time())
    if second != now:
        text = http_date(now)
        _date_of = (now, text)
    return text
