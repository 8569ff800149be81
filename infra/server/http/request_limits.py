"""The longest URL and the largest headers that the server accepts, measured in the bytes that the client sent."""

from __future__ import annotations

import re

from api.http.errors import (
    MAX_HEADER_BYTES,
    MAX_HEADER_FIELDS,
    MAX_URL_BYTES,
    ApiError,
    headers_too_large,
    uri_too_long,
)

MAX_REQUEST_LINE_BYTES = 8190
"""The longest first line that the parser accepts. If a line is longer, its method is invalid or its URL is too long."""
MAX_HEAD_BYTES = MAX_REQUEST_LINE_BYTES + MAX_HEADER_BYTES + len(b"\r\n\r\n")
"""The longest head that the server reads: the first line and the headers."""
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")


def refusal(received: bytes) -> ApiError | None:
    """Return the error of a request that begins with these bytes; None when its URL and headers are short enough."""
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


def sent_header(received: bytes, name: bytes) -> str | None:
    """Return the value of a header that the client sent, or None. This searches the bytes: the head may be invalid."""
    own = re.search(rb"^" + name + rb":([^\r\n]*)", received, re.IGNORECASE | re.MULTILINE)
    return None if own is None else own[1].strip(b" \t").decode("latin-1")


def sent_path(received: bytes) -> str:
    """Return the path in the first line that the client sent; an empty text if there is none."""
    target = received.partition(b"\n")[0].partition(b" ")[2]
    return re.split(rb"[ ?\r]", target)[0].decode("latin-1")
