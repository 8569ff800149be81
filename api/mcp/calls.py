"""Sends a request of a tool through the application, so that it is handled as the same request over HTTP would be."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from api.mcp.arguments import ApiRequest
from api.ports.request.deadline import ARRIVED, begin_request
from api.ports.request.sender import SENDER
from api.resources import BASE

Environ = dict[str, Any]
WsgiApp = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_KEPT_HEADERS = ("HTTP_HOST", "HTTP_AUTHORIZATION", "HTTP_USER_AGENT")
_BODY_KEYS = ("CONTENT_TYPE", "CONTENT_LENGTH", "wsgi.input", "RAW_URI", "REQUEST_URI")


class ApiResponse(NamedTuple):
    """The response of the API to a request of a tool."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def send(app: WsgiApp, outer: Environ, request_id: str, request: ApiRequest) -> ApiResponse:
    """Send the request with the key of the request whose environ is `outer`, and under the same request id.

    The deadline of the outer request holds for both.
    """
    environ = _environ(outer, request_id, request)
    head: list[tuple[str, list[tuple[str, str]]]] = []
    parts = app(environ, lambda status, headers, _=None: head.append((status, headers)))
    try:
        body = b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
        begin_request(outer.get(ARRIVED) or time.monotonic())  # The end of the inner request has removed the deadline.
    if SENDER in environ:
        outer[SENDER] = environ[SENDER]
    status, headers = head[0]
    return ApiResponse(int(status.split(" ")[0]), dict(headers), body)


def _environ(outer: Environ, request_id: str, request: ApiRequest) -> Environ:
    kept = {
        key: value
        for key, value in outer.items()
        if (not key.startswith("HTTP_") or key in _KEPT_HEADERS) and key not in _BODY_KEYS
    }
    body = request.body or b""
    return {
        **kept,
        "REQUEST_METHOD": request.method,
        "PATH_INFO": f"{BASE}{request.path}".encode().decode("latin-1"),
        "QUERY_STRING": request.query,
        "HTTP_X_REQUEST_ID": request_id,
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in request.headers.items()},
        "wsgi.input": io.BytesIO(body),
        **({"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body))} if request.body is not None else {}),
    }
