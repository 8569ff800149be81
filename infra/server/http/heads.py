"""The head of a request: parsed by gunicorn's C parser, checked, and turned into a WSGI environ (PEP 3333)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import gunicorn_h1c as h1c
from gunicorn.util import split_request_uri, unquote_to_wsgi_str
from gunicorn_h1c import _parser_fast

from api.http.errors import MAX_HEADER_BYTES, MAX_HEADER_FIELDS, MAX_URL_BYTES
from infra.server.http.request_limits import MAX_HEAD_BYTES, MAX_REQUEST_LINE_BYTES, refusal

# The fast parser raises errors of two modules. The errors of one module are not subclasses of the other's.
_INCOMPLETE = (h1c.IncompleteError, _parser_fast.IncompleteError)
_MALFORMED = (h1c.ParseError, _parser_fast.ParseError)
_MAX_KNOWN_NAMES = 1000
_SINGLE = frozenset({"HTTP_HOST", "CONTENT_TYPE", "HTTP_AUTHORIZATION", "HTTP_IDEMPOTENCY_KEY"})
_OWN_KEYS = {"HTTP_CONTENT_TYPE": "CONTENT_TYPE", "HTTP_CONTENT_LENGTH": "CONTENT_LENGTH"}


class UnreadableRequest(Exception):
    """The bytes are not a valid request. The connection must end: nobody knows where the next request would begin."""

    def __init__(self, reason: str, received: bytes = b"") -> None:
        super().__init__(reason)
        self.received = received
        """The bytes of the head that have arrived; empty if only the body is invalid."""


class Head(NamedTuple):
    """The parsed head of a request: its first line and its headers."""

    environ: dict[str, Any]
    minor_version: int
    keeps_alive: bool
    expects_continue: bool
    length: int
    """The length of the body in bytes; 0 when there is no body, or when the body is chunked."""
    is_chunked: bool
    size: int
    """The length of the head in bytes."""


def read_head(data: bytes, tried_bytes: int, fixed: Mapping[str, Any], schemes: Mapping[str, str]) -> Head | None:
    """Return the head at the beginning of the data; None when the head is not complete yet. Raises UnreadableRequest.

    `tried_bytes` is the length of the data at the last attempt, which found no complete head; 0 at the first attempt.
    For `fixed` and `schemes`, see RequestReader.
    """
    try:
        parsed = h1c.parse_request_fast(
            data,
            last_len=tried_bytes,
            limit_request_line=MAX_REQUEST_LINE_BYTES,
            limit_request_fields=MAX_HEADER_FIELDS,
            limit_request_field_size=MAX_HEADER_BYTES,
        )
        _check_size(data, parsed)
        return _head(parsed, dict(fixed), schemes)
    except _INCOMPLETE:
        if len(data) == MAX_HEAD_BYTES or (len(data) > MAX_URL_BYTES and refusal(data) is not None):
            raise UnreadableRequest("the head is too long", data) from None
        return None
    except (*_MALFORMED, UnreadableRequest) as error:
        raise UnreadableRequest(str(error), data) from None


def _check_size(data: bytes, parsed: Any) -> None:
    if len(parsed.path) > MAX_URL_BYTES or (parsed.consumed > MAX_HEADER_BYTES and refusal(data) is not None):
        raise UnreadableRequest("the URL or the headers are too long")
    if data.count(b"\n", 0, parsed.consumed) != data.count(b"\r\n", 0, parsed.consumed):
        raise UnreadableRequest("a line ends without a carriage return")


def _head(parsed: Any, environ: dict[str, Any], schemes: Mapping[str, str]) -> Head:
    _set_target(environ, parsed.path)
    environ["REQUEST_METHOD"] = parsed.method.decode("latin-1")
    environ["SERVER_PROTOCOL"] = f"HTTP/1.{parsed.minor_version}"
    _set_headers(environ, parsed.headers)
    _set_scheme(environ, schemes)
    if parsed.minor_version == 0:
        keeps_alive = environ.get("HTTP_CONNECTION", "").lower() == "keep-alive"
    else:
        keeps_alive = "close" not in environ.get("HTTP_CONNECTION", "").lower()
    return Head(
        environ,
        parsed.minor_version,
        keeps_alive,
        _expects_continue(environ, parsed.minor_version),
        max(parsed.content_length, 0),
        _is_chunked(environ, parsed),
        parsed.consumed,
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
            raise UnreadableRequest("the target in the first line is not a URL") from None
        path, environ["QUERY_STRING"] = parts.path or "", parts.query or ""
    environ["PATH_INFO"] = unquote_to_wsgi_str(path) if "%" in path else path


_KEYS: dict[bytes, str] = {}


def _key_of(name: bytes) -> str:
    """Return the environ's key for a header's name. The key is empty if the name has a `_`: the header is left out.

    In the environ, `a_b` and `a-b` would have the same key.
    """
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
    # A proxy and this server must agree where the body ends. With another coding, with a Content-Length as well, or in
    # HTTP/1.0, a proxy may find another end.
    if coding.strip(" \t").lower() != "chunked" or parsed.minor_version == 0 or parsed.content_length >= 0:
        raise UnreadableRequest("Transfer-Encoding must be only chunked, on HTTP/1.1 and without a Content-Length")
    return True


def _expects_continue(environ: Mapping[str, Any], minor_version: int) -> bool:
    expectation = environ.get("HTTP_EXPECT")
    if expectation is None or minor_version == 0:
        return False
    if expectation.lower() != "100-continue":
        raise UnreadableRequest("the header Expect must be 100-continue")
    return True
