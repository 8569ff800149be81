"""Reads requests from the bytes of a connection. A request is returned when its head and its body are complete."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, NamedTuple

from api.http.body import MAX_BODY_BYTES
from infra.server.http.chunks import ChunkedBody, MalformedChunks
from infra.server.http.heads import Head, UnreadableRequest, read_head
from infra.server.http.request_limits import MAX_HEAD_BYTES


class UnreadableBody(UnreadableRequest):
    """The head of the request is valid, but its chunked body is not."""

    def __init__(self, reason: str, environ: Mapping[str, Any]) -> None:
        super().__init__(reason)
        self.environ = environ


class HttpRequest(NamedTuple):
    """A request that has arrived completely."""

    environ: dict[str, Any]
    """The WSGI environ (PEP 3333), with the body in `wsgi.input`."""
    keeps_alive: bool
    """Whether the client may send another request on the same connection."""
    is_http_1_1: bool
    is_head: bool


class RequestReader:
    """Reads the requests of one connection, one after the other.

    `fixed` is the part of the environ that is the same in all these requests, such as the addresses. `schemes` has the
    headers by which a trusted proxy says that the client used https, and for each header the value that says so.
    """

    def __init__(self, fixed: Mapping[str, Any], schemes: Mapping[str, str]) -> None:
        self.received = bytearray()
        """The bytes that have arrived and are not parsed yet."""
        self._fixed, self._schemes = fixed, schemes
        self._head: Head | None = None
        self._chunks: ChunkedBody | None = None
        self._tried_bytes = 0

    @property
    def has_begun(self) -> bool:
        """Whether a part of a request has arrived."""
        return bool(self.received) or self._head is not None

    @property
    def held_bytes(self) -> int:
        """The number of bytes that have arrived and belong to incomplete requests."""
        return len(self.received) + (0 if self._chunks is None else self._chunks.held_bytes)

    @property
    def awaits_body(self) -> bool:
        """Whether the head of a request is complete, and its body is not."""
        return self._head is not None

    def next(self) -> HttpRequest | None:
        """Return the next request if it is complete, else None. Raises UnreadableRequest."""
        if self._head is None:
            self._head = self._read_head()
            if self._head is None:
                return None
        body = self._read_body(self._head)
        if body is None:
            return None
        head, self._head, self._chunks = self._head, None, None
        return _request(head, body)

    def takes_continue(self) -> bool:
        """Return whether the client waits for `100 Continue` before it sends the body. True only once per request."""
        head = self._head
        if head is None or not head.expects_continue:
            return False
        self._head = head._replace(expects_continue=False)
        return True

    def _read_head(self) -> Head | None:
        data = bytes(self.received[:MAX_HEAD_BYTES])
        head = read_head(data, self._tried_bytes, self._fixed, self._schemes) if data else None
        self._tried_bytes = len(data) if head is None else 0
        if head is not None:
            del self.received[: head.size]
            self._chunks = ChunkedBody(MAX_BODY_BYTES) if head.is_chunked else None
        return head

    def _read_body(self, head: Head) -> bytes | None:
        if self._chunks is not None:
            try:
                return self._chunks.read(self.received)
            except MalformedChunks as error:
                raise UnreadableBody(str(error), head.environ) from None
        if head.length > MAX_BODY_BYTES:
            return b""  # the application refuses the request, because of its Content-Length
        if len(self.received) < head.length:
            return None
        body = bytes(self.received[: head.length])
        del self.received[: head.length]
        return body


def _request(head: Head, body: bytes) -> HttpRequest:
    environ = head.environ
    environ["wsgi.input"] = io.BytesIO(body)
    is_whole = head.length <= MAX_BODY_BYTES
    if head.is_chunked:
        environ["CONTENT_LENGTH"] = str(len(body))
        is_whole = len(body) <= MAX_BODY_BYTES
    return HttpRequest(
        environ, head.keeps_alive and is_whole, head.minor_version == 1, environ["REQUEST_METHOD"] == "HEAD"
    )
