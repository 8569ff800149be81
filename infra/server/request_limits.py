"""The longest URL and the largest headers that the server takes. They are measured on the bytes that were sent."""

from __future__ import annotations

import contextlib
import re
import socket
import time
from typing import Any

from gunicorn.http.errors import ParseException
from gunicorn.http.message import Request
from gunicorn.http.parser import RequestParser

from api.http.errors import (
    MAX_HEADER_BYTES,
    MAX_HEADER_FIELDS,
    MAX_URL_BYTES,
    ApiError,
    headers_too_large,
    uri_too_long,
)

MAX_REQUEST_LINE_BYTES = 8190
"""What the parser takes at most; a longer line has a method that is none, or a URL that is too long."""
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_REQUEST_ID = re.compile(rb"^x-request-id:[ \t]*([^\r\n]*?)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_MAX_DRAINED_BYTES = 1024 * 1024
_DRAIN_SECONDS = 2.0


class TooLong(ParseException):  # type: ignore[misc]  # gunicorn has no types
    """The URL or the headers are too long."""

    def __init__(self, error: ApiError, received: bytes) -> None:
        super().__init__(error.message)
        self.error, self.is_head = error, received.startswith(b"HEAD ")
        own = _REQUEST_ID.search(received)  # in bytes, because the headers may not be parsed
        self.request_id = own[1].decode("latin-1") if own is not None else None


class LimitedRequest(Request):  # type: ignore[misc]
    """A request whose URL and headers are measured as soon as they are read, whether or not they can be parsed."""

    def parse(self, unreader: Any) -> Any:
        self.max_buffer_headers = MAX_HEADER_BYTES  # the stock limit would be fields × the size of one
        return super().parse(unreader)

    def _parse_fast(self, unreader: Any, buf: bytearray) -> Any:
        try:
            return super()._parse_fast(unreader, buf)
        finally:
            received = bytes(buf)
            if (error := refusal(received)) is not None:
                raise TooLong(error, received)


class LimitedParser(RequestParser):  # type: ignore[misc]
    """The requests of one connection."""

    mesg_class = LimitedRequest


def refusal(received: bytes) -> ApiError | None:
    """Return the failure of a request with these first bytes; None when its URL and its headers are short enough."""
    if len(received) <= MAX_URL_BYTES and received.count(b"\n") <= MAX_HEADER_FIELDS:
        return None  # most requests end here
    line, _, rest = received.partition(b"\n")
    target = line.partition(b" ")[2].rstrip(b"\r").partition(b" HTTP/")[0]
    if len(target) > MAX_URL_BYTES:
        return uri_too_long()
    end = _END_OF_HEAD.search(received, len(line))
    headers = rest if end is None else rest[: end.end() - len(line) - 1]
    if len(headers) > MAX_HEADER_BYTES + len(b"\r\n") or headers.count(b"\n") > MAX_HEADER_FIELDS + 1:
        return headers_too_large()
    return None


def drain(client: socket.socket) -> None:
    """Read what the client still sends, for a short time: otherwise it may find its connection reset."""
    deadline, unread = time.monotonic() + _DRAIN_SECONDS, _MAX_DRAINED_BYTES
    with contextlib.suppress(OSError):
        client.shutdown(socket.SHUT_WR)
        while unread > 0 and (remaining := deadline - time.monotonic()) > 0:
            client.settimeout(remaining)
            if not (chunk := client.recv(65536)):
                break
            unread -= len(chunk)
