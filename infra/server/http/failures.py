"""Error responses that the server makes without the application, in the format of all errors of the API."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec

from api.http.errors import ApiError, envelope_of
from api.http.errors.table import RETRY_AFTER_SECONDS
from api.http.request import PRIVATE
from infra.server.http.heads import UnreadableRequest
from infra.server.http.request_limits import refusal, sent_header, sent_path
from infra.server.http.requests import UnreadableBody


def error_of(unreadable: UnreadableRequest) -> ApiError:
    """Return the error for bytes that are not a valid request."""
    if isinstance(unreadable, UnreadableBody):
        return ApiError(400, "malformed_json", f"The body cannot be read: {unreadable}.")
    return refusal(unreadable.received) or ApiError(
        400, "invalid_parameter", "The request is not valid HTTP; check its first line and its headers."
    )


def overloaded() -> ApiError:
    """Return the error 503 for a request that no thread can handle in time."""
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    message = f"The service is busy; send the request again in {RETRY_AFTER_SECONDS} seconds."
    return ApiError(503, "unavailable", message, headers=headers)


def known_environ(unreadable: UnreadableRequest) -> Mapping[str, Any]:
    """Return the WSGI environ if the head is valid. Otherwise return only the values that a refusal needs."""
    if isinstance(unreadable, UnreadableBody):
        return unreadable.environ
    received = unreadable.received
    return {
        "REQUEST_METHOD": "HEAD" if received.startswith(b"HEAD ") else "",
        "PATH_INFO": sent_path(received),
        "HTTP_X_REQUEST_ID": sent_header(received, b"x-request-id"),
        "HTTP_ORIGIN": sent_header(received, b"origin"),
    }


def failure(error: ApiError, origin: str, request_id: str, cors: Mapping[str, str], *, is_head: bool) -> bytes:
    """Return an error as a whole HTTP response, with the header `Connection: close` and the headers `cors`.

    The link to the guide of errors begins with `origin`. The response to HEAD has no body.
    """
    body = msgspec.json.encode(envelope_of(error, request_id, origin))
    headers = {
        "Content-Type": "application/json",
        "X-Request-Id": request_id,
        "Content-Length": str(len(body)),
        "Connection": "close",
        **PRIVATE,
        **cors,
        **error.headers,
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"HTTP/1.1 {error.status} {HTTPStatus(error.status).phrase}\r\n{lines}\r\n".encode()
    return head if is_head else head + body
