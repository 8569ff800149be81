"""Failures that the server itself answers, in the shape of every failure of the API."""

from __future__ import annotations

from http import HTTPStatus

import msgspec

from api.http.error_table import RETRY_AFTER_SECONDS
from api.http.errors import ApiError, envelope_of, internal_error
from api.http.request import new_request_id, request_id_of
from infra.server.http.heads import UnreadableRequest
from infra.server.http.request_limits import refusal, sent_request_id
from infra.server.http.requests import UnreadableBody


def refusal_of(error: UnreadableRequest, origin: str) -> bytes:
    """Return the response to bytes that are not a request."""
    if isinstance(error, UnreadableBody):
        return failure(ApiError(400, "malformed_json", f"The body cannot be read: {error}."), origin)
    received = error.received
    api_error = refusal(received) or ApiError(
        400, "invalid_parameter", "The request is not valid HTTP; check its first line and its headers."
    )
    data = failure(api_error, origin, request_id_of(sent_request_id(received)))
    return data.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if received.startswith(b"HEAD ") else data


def overloaded(origin: str) -> bytes:
    """Return the response to a request for which there is no thread in time."""
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    message = f"The service is busy; send the request again in {RETRY_AFTER_SECONDS} seconds."
    return failure(ApiError(503, "unavailable", message, headers=headers), origin)


def server_fault(origin: str) -> bytes:
    """Return the response to a request whose handling ended in an error outside of the application."""
    return failure(internal_error(), origin)


def failure(error: ApiError, origin: str, request_id: str | None = None) -> bytes:
    """Return a failure as a whole HTTP response, after which the connection ends."""
    request_id = request_id or new_request_id()
    body = msgspec.json.encode(envelope_of(error, request_id, origin))
    headers = {
        "Content-Type": "application/json",
        "X-Request-Id": request_id,
        "Content-Length": str(len(body)),
        "Connection": "close",
        **error.headers,
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {error.status} {HTTPStatus(error.status).phrase}\r\n{lines}\r\n".encode() + body
