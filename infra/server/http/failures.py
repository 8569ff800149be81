"""Error responses that the server makes without the application, in the format of all errors of the API.

Each error contains a link to the guide of errors. This link begins with `origin`.
"""

from __future__ import annotations

from http import HTTPStatus

import msgspec

from api.http.error_table import RETRY_AFTER_SECONDS
from api.http.errors import ApiError, envelope_of, internal_error
from api.http.request import PRIVATE, new_request_id, request_id_of
from infra.server.http.heads import UnreadableRequest
from infra.server.http.request_limits import refusal, sent_request_id
from infra.server.http.requests import UnreadableBody


def refusal_of(error: UnreadableRequest, origin: str) -> bytes:
    """Return the response to bytes that are not a valid request. It has no body if the method is HEAD."""
    if isinstance(error, UnreadableBody):
        return failure(ApiError(400, "malformed_json", f"The body cannot be read: {error}."), origin)
    received = error.received
    api_error = refusal(received) or ApiError(
        400, "invalid_parameter", "The request is not valid HTTP; check its first line and its headers."
    )
    data = failure(api_error, origin, request_id_of(sent_request_id(received)))
    return data.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if received.startswith(b"HEAD ") else data


def overloaded(origin: str) -> bytes:
    """Return the response 503, for a request that no thread can handle in time."""
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    message = f"The service is busy; send the request again in {RETRY_AFTER_SECONDS} seconds."
    return failure(ApiError(503, "unavailable", message, headers=headers), origin)


def server_fault(origin: str) -> bytes:
    """Return the response 500, for a request that ended in an error which the application did not handle."""
    return failure(internal_error(), origin)


def failure(error: ApiError, origin: str, request_id: str | None = None) -> bytes:
    """Return an error as a whole HTTP response, with the header `Connection: close`.

    Without `request_id`, the response gets a new id.
    """
    request_id = request_id or new_request_id()
    body = msgspec.json.encode(envelope_of(error, request_id, origin))
    headers = {
        "Content-Type": "application/json",
        "X-Request-Id": request_id,
        "Content-Length": str(len(body)),
        "Connection": "close",
        **PRIVATE,
        **error.headers,
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {error.status} {HTTPStatus(error.status).phrase}\r\n{lines}\r\n".encode() + body
