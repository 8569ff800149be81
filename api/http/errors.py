"""Failures as HTTP shows them: the error that a handler raises, and the JSON envelope of every failure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

CHALLENGE = {"WWW-Authenticate": "Bearer"}
"""The header of every 401 (RFC 9110, section 11.6.1)."""

GUIDE = "/docs/guides/errors"
"""The guide with a section for each code."""

MAX_URL_BYTES = 4 * 1024
"""The longest target of a request: its path and query as they are sent, with their escapes."""
MAX_HEADER_BYTES = 16 * 1024
"""The size of all headers together, with their names and line ends."""
MAX_HEADER_FIELDS = 100


class Detail(NamedTuple):
    """One wrong field or parameter."""

    field: str
    code: str
    message: str


class ApiError(Exception):
    """A failure with everything that its response needs."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        details: Sequence[tuple[str, str, str]] = (),
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """`details` are Details or the domain's Violations; `extra` are further members of `error`."""
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.details, self.extra, self.headers = details, extra or {}, headers or {}


class UnknownAddress(ApiError):
    """No route has this path."""

    def __init__(self) -> None:
        super().__init__(
            404, "not_found", "There is nothing at this address; the reference at /docs lists every route."
        )


def too_many_questions(seconds: int) -> ApiError:
    """The address has asked the assistant too many questions."""
    message = f"Too many questions from this address; ask again in {seconds} seconds."
    return ApiError(429, "rate_limited", message, headers={"Retry-After": str(seconds)})


def uri_too_long() -> ApiError:
    """The URL is longer than the server reads."""
    message = "The URL is longer than 4 KiB; send fewer or shorter query parameters."
    return ApiError(414, "uri_too_long", message)


def headers_too_large() -> ApiError:
    """The headers are larger than the server reads."""
    message = f"The headers are larger than 16 KiB, or more than {MAX_HEADER_FIELDS}; send fewer or shorter ones."
    return ApiError(431, "headers_too_large", message)


def internal_error() -> ApiError:
    """A fault of the service; the response shows nothing of its cause."""
    return ApiError(
        500, "internal_error", "Something went wrong on our side; if it happens again, report it with the requestId."
    )


def envelope_of(error: ApiError, request_id: str, origin: str) -> dict[str, Any]:
    """Return the body of a failure; links begin with `origin`."""
    body = {
        "code": error.code,
        "message": error.message,
        "status": error.status,
        "details": [Detail(*detail)._asdict() for detail in error.details],
        "requestId": request_id,
        "docUrl": f"{origin}{GUIDE}#{error.code}",
        **error.extra,
    }
    return {"success": False, "error": body}
