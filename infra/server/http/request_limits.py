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
"""The longest first line that the parser accepts. In a longer line, the method is invalid or the URL is too long."""
MAX_HEAD_BYTES = MAX_REQUEST_LINE_BYTES + MAX_HEADER_BYTES + len(b"\r\n\r\n")
"""The longest head that is read: the first line and the headers."""
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_REQUEST_ID = re.compile(rb"^x-request-id:[ \t]*([^\r\n]*?)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)


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


def sent_request_id(received: bytes) -> str | None:
    """Return the X-Request-Id that the client sent, or None. Search the bytes, because the headers may be invalid."""
    own = _REQUEST_ID.search(received)
    return own[1].decode("latin-1") if own is not None else None
