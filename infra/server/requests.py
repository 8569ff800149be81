"""Requests, read from the bytes of a connection: nothing begins before its head and its body are whole.

The C parser of gunicorn reads the head. What it leaves to its callers is decided here: how long the body is, and which
header means what to the application (PEP 3333).
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, NamedTuple

import gunicorn_h1c as h1c
from gunicorn.util import split_request_uri, unquote_to_wsgi_str
from gunicorn_h1c import _parser_fast

from api.http.body import MAX_BODY_BYTES
from api.http.errors import MAX_HEADER_BYTES, MAX_HEADER_FIELDS, MAX_URL_BYTES
from infra.server.chunks import ChunkedBody, MalformedChunks
from infra.server.request_limits import MAX_HEAD_BYTES, MAX_REQUEST_LINE_BYTES, refusal

# The fast parser raises some errors of the package and some of its own, which are no subclasses of those.
_INCOMPLETE = (h1c.IncompleteError, _parser_fast.IncompleteError)
_MALFORMED = (h1c.ParseError, _parser_fast.ParseError)
_MAX_KNOWN_NAMES = 1000
_SINGLE = frozenset({"HTTP_HOST", "CONTENT_TYPE", "HTTP_AUTHORIZATION"})
_OWN_KEYS = {"HTTP_CONTENT_TYPE": "CONTENT_TYPE", "HTTP_CONTENT_LENGTH": "CONTENT_LENGTH"}


class UnreadableRequest(Exception):
    """The bytes are not a request that can be handled; what comes after them cannot be told apart any more."""

    def __init__(self, reason: str, received: bytes = b"") -> None:
        super().__init__(reason)
        self.received = received
        """The head, as far as it has arrived."""


class UnreadableBody(UnreadableRequest):
    """The head is one, but its body does not come in chunks as it says."""


class HttpRequest(NamedTuple):
    """A whole request."""

    environ: dict[str, Any]
    """As PEP 3333 describes it, with the body in `wsgi.input`."""
    keeps_alive: bool
    """Whether the client may send another request on the same connection."""
    is_http_1_1: bool
    is_head: bool


class _Head(NamedTuple):
    environ: dict[str, Any]
    minor_version: int
    keeps_alive: bool
    expects_continue: bool
    length: int
    """The bytes of the body; 0 when there is none, or when it comes in chunks."""
    chunks: ChunkedBody | None


class RequestReader:
    """Reads the requests of one connection, one after the other.

    `fixed` is what the environ of every request of the connection has, such as the addresses. `schemes` are the headers
    in which a trusted proxy says that the client used https, each with the value that says so.
    """

    def __init__(self, fixed: Mapping[str, Any], schemes: Mapping[str, str]) -> None:
        self.received = bytearray()
        """What has arrived and is not read yet."""
        self._fixed, self._schemes = fixed, schemes
        self._head: _Head | None = None
        self._tried_bytes = 0

    @property
    def has_begun(self) -> bool:
        """Whether a part of a request has arrived."""
        return bool(self.received) or self._head is not None

    @property
    def awaits_body(self) -> bool:
        """Whether a head is whole and its body is not."""
        return self._head is not None

    def next(self) -> HttpRequest | None:
        """Return the next request once it is whole. Raises UnreadableRequest."""
        if self._head is None:
            self._head = self._read_head()
            if self._head is None:
                return None
        body = self._read_body(self._head)
        if body is None:
            return None
        head, self._head = self._head, None
        return _request(head, body)

    def takes_continue(self) -> bool:
        """Return, once for each request, whether its client waits for `100 Continue` before it sends the body."""
        head = self._head
        if head is None or not head.expects_continue:
            return False
        self._head = head._replace(expects_continue=False)
        return True

    def _read_head(self) -> _Head | None:
        data = bytes(self.received[:MAX_HEAD_BYTES])
        if not data:
            return None
        try:
            parsed = h1c.parse_request_fast(
                data,
                last_len=self._tried_bytes,
                limit_request_line=MAX_REQUEST_LINE_BYTES,
                limit_request_fields=MAX_HEADER_FIELDS,
                limit_request_field_size=MAX_HEADER_BYTES,
            )
            _check_size(data, parsed)
            head = _head(parsed, dict(self._fixed), self._schemes)
        except _INCOMPLETE:
            self._tried_bytes = len(data)
            if len(data) == MAX_HEAD_BYTES or (len(data) > MAX_URL_BYTES and refusal(data) is not None):
                raise UnreadableRequest("the head is too long", data) from None
            return None
        except (*_MALFORMED, UnreadableRequest) as error:
            raise UnreadableRequest(str(error), data) from None
        self._tried_bytes = 0
        del self.received[: parsed.consumed]
        return head

    def _read_body(self, head: _Head) -> bytes | None:
        if head.chunks is not None:
            try:
                return head.chunks.read(self.received)
            except MalformedChunks as error:
                raise UnreadableBody(str(error)) from None
        if head.length > MAX_BODY_BYTES:
            return b""  # the application refuses it by its Content-Length
        if len(self.received) < head.length:
            return None
        body = bytes(self.received[: head.length])
        del self.received[: head.length]
        return body


def _check_size(data: bytes, parsed: Any) -> None:
    if len(parsed.path) > MAX_URL_BYTES or (parsed.consumed > MAX_HEADER_BYTES and refusal(data) is not None):
        raise UnreadableRequest("the URL or the headers are too long")
    if data.count(b"\n", 0, parsed.consumed) != data.count(b"\r\n", 0, parsed.consumed):
        raise UnreadableRequest("a line ends without a carriage return")


def _head(parsed: Any, environ: dict[str, Any], schemes: Mapping[str, str]) -> _Head:
    _set_target(environ, parsed.path)
    environ["REQUEST_METHOD"] = parsed.method.decode("latin-1")
    environ["SERVER_PROTOCOL"] = f"HTTP/1.{parsed.minor_version}"
    _set_headers(environ, parsed.headers)
    _set_scheme(environ, schemes)
    chunked = _is_chunked(environ, parsed)
    if parsed.minor_version == 0:
        keeps_alive = environ.get("HTTP_CONNECTION", "").lower() == "keep-alive"
    else:
        keeps_alive = "close" not in environ.get("HTTP_CONNECTION", "").lower()
    return _Head(
        environ,
        parsed.minor_version,
        keeps_alive,
        _expects_continue(environ, parsed.minor_version),
        max(parsed.content_length, 0),
        ChunkedBody(MAX_BODY_BYTES) if chunked else None,
    )


def _request(head: _Head, body: bytes) -> HttpRequest:
    environ = head.environ
    environ["wsgi.input"] = io.BytesIO(body)
    is_whole = head.length <= MAX_BODY_BYTES
    if head.chunks is not None:
        environ["CONTENT_LENGTH"] = str(len(body))
        is_whole = len(body) <= MAX_BODY_BYTES
    return HttpRequest(
        environ, head.keeps_alive and is_whole, head.minor_version == 1, environ["REQUEST_METHOD"] == "HEAD"
    )


def _set_target(environ: dict[str, Any], target: bytes) -> None:
    uri = target.decode("latin-1")
    environ["RAW_URI"] = uri
    if uri.startswith("/") and not uri.startswith("//") and "#" not in uri:
        path, _, environ["QUERY_STRING"] = uri.partition("?")
    else:
        try:
            parts = split_request_uri(uri)
        except ValueError:
            raise UnreadableRequest("the address is not a URL") from None
        path, environ["QUERY_STRING"] = parts.path or "", parts.query or ""
    environ["PATH_INFO"] = unquote_to_wsgi_str(path) if "%" in path else path


_KEYS: dict[bytes, str] = {}


def _key_of(name: bytes) -> str:
    """Return the environ's key for a header; empty for one that is left out, because its name is ambiguous there."""
    key = _KEYS.get(name)
    if key is None:
        text = name.decode("latin-1").upper()
        if not text:
            raise UnreadableRequest("a header is continued on a second line")
        key = "" if "_" in text else f"HTTP_{text.replace('-', '_')}"
        key = _OWN_KEYS.get(key, key)
        if len(_KEYS) < _MAX_KNOWN_NAMES:
            _KEYS[name] = key
    return key


def _set_headers(environ: dict[str, Any], headers: tuple[tuple[bytes, bytes], ...]) -> None:
    for name, value in headers:
        key = _key_of(name)
        if not key:
            continue
        text = value.decode("latin-1")
        if key in environ:
            if key in _SINGLE:
                raise UnreadableRequest(f"the header {name.decode('latin-1')} was sent twice")
            text = f"{environ[key]},{text}"
        environ[key] = text


def _set_scheme(environ: dict[str, Any], schemes: Mapping[str, str]) -> None:
    says = {environ[key] == value for key, value in schemes.items() if key in environ}
    if len(says) > 1:
        raise UnreadableRequest("the headers of the proxy contradict each other about https")
    environ["wsgi.url_scheme"] = "https" if True in says else "http"


def _is_chunked(environ: Mapping[str, Any], parsed: Any) -> bool:
    coding = environ.get("HTTP_TRANSFER_ENCODING")
    if coding is None:
        return False
    # Anything but exactly `chunked` on HTTP/1.1 without a length could be read differently by a proxy before us.
    if coding.strip(" \t").lower() != "chunked" or parsed.minor_version == 0 or parsed.content_length >= 0:
        raise UnreadableRequest("the transfer coding must be chunked alone, without a Content-Length, on HTTP/1.1")
    return True


def _expects_continue(environ: Mapping[str, Any], minor_version: int) -> bool:
    expectation = environ.get("HTTP_EXPECT")
    if expectation is None or minor_version == 0:
        return False
    if expectation.lower() != "100-continue":
        raise UnreadableRequest("the only expectation that can be met is 100-continue")
    return True
