"""Failures of requests: the exception ApiError, and the JSON envelope of a failure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from domain.accounts.key_secret import mask_secrets
from domain.errors.violation import MAX_VIOLATIONS, Violation
from domain.text import counted

CHALLENGE = {"WWW-Authenticate": "Bearer"}
"""The header that every response with the status 401 has (RFC 9110, section 11.6.1)."""
GUIDE = "/docs/guides/errors"
"""The path of the guide that has a section for each error code."""
MAX_URL_BYTES = 4 * 1024
"""The maximum length of a request target: the path and the query with percent-encoding, as the client sends them."""
MAX_HEADER_BYTES = 16 * 1024
"""The maximum size of all headers of a request together, including names and line ends."""
MAX_HEADER_FIELDS = 100
MAX_DETAILS = 100
"""The maximum number of entries in `details` of a failure. A body can have many more wrong fields."""
_MAX_NAMED = 10
_MAX_NAME_CHARACTERS = 200


def shorten_details(details: Sequence[Violation], code: str) -> Sequence[Violation]:
    """Return at most MAX_DETAILS details. If some are left out, the last one says how many, and its code is `code`."""
    if len(details) <= MAX_DETAILS:
        return details
    others = len(details) - MAX_DETAILS + 1
    count = others if are_all_found(details) else f"at least {others}"
    more = f"{count} more are wrong; correct those above and send the request again"
    return (*details[: MAX_DETAILS - 1], Violation("", code, more))


def shorten_name(name: str) -> str:
    """Return the beginning of a name that is too long for a message. Return any other name unchanged."""
    return name if len(name) <= _MAX_NAME_CHARACTERS else f"{name[:_MAX_NAME_CHARACTERS]}…"


def join_first(
    details: Sequence[Violation], separator: str, text_of: Callable[[Violation], str], *, are_all: bool
) -> str:
    """Join the texts of the first ten details, and say how many others there are.

    `are_all` says that no more fields are wrong: that not so many were found that the search for them ended.
    """
    texts = [text_of(each) for each in details[:_MAX_NAMED]]
    if others := len(details[_MAX_NAMED:]):
        texts.append(f"and {others if are_all else f'at least {others}'} more")
    return separator.join(texts)


def are_all_found(violations: Sequence[Violation]) -> bool:
    """Return whether these are all wrong fields of a request. The search for them ends after MAX_VIOLATIONS."""
    return len(violations) < MAX_VIOLATIONS


class ApiError(Exception):
    """A failure, with everything that is needed to write the response."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        details: Sequence[Violation] = (),
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Make the failure. `extra` are further members of `error` in the body."""
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.details, self.extra, self.headers = details, extra or {}, headers or {}


class UnknownAddress(ApiError):
    """The service has no route for the path of the request."""

    def __init__(self, advice: str = "", suggestion: str | None = None) -> None:
        """Make the error. `suggestion` is the template of a path that exists; `advice` is a sentence."""
        rule = "There is nothing at this address"
        message = f"{rule}. {advice}" if advice else f"{rule}; the reference at /docs lists every route."
        super().__init__(404, "not_found", message, extra={} if suggestion is None else {"suggestion": suggestion})


def _shown(detail: Violation) -> dict[str, str]:
    suggestion = detail.suggestion
    return {
        "field": mask_secrets(shorten_name(detail.field)),
        "code": detail.code,
        "message": mask_secrets(detail.advice),
        **({} if suggestion is None else {"suggestion": suggestion}),
    }


def too_many_questions(seconds: int) -> ApiError:
    """Return the error for a client address that has asked the assistant too many questions."""
    message = f"Too many questions from this address; ask again in {counted(seconds, 'second')}."
    return ApiError(429, "rate_limited", message, headers={"Retry-After": str(seconds)})


def uri_too_long() -> ApiError:
    """Return the error for a URL of more than MAX_URL_BYTES."""
    message = "The URL is longer than 4 KiB; send fewer or shorter query parameters."
    return ApiError(414, "uri_too_long", message)


def headers_too_large() -> ApiError:
    """Return the error for headers of more than MAX_HEADER_BYTES, or for more than MAX_HEADER_FIELDS headers."""
    message = (
        f"There are more than {MAX_HEADER_FIELDS} headers, or they are longer than 16 KiB in all; "
        "send fewer or shorter headers."
    )
    return ApiError(431, "headers_too_large", message)


def internal_error() -> ApiError:
    """Return the error for a fault of the service. The response does not show the cause."""
    return ApiError(
        500, "internal_error", "Something went wrong on our side; if it happens again, report it with the requestId."
    )


def envelope_of(error: ApiError, request_id: str, origin: str) -> dict[str, Any]:
    """Return the body of a failure. Links in it begin with `origin`."""
    body = {
        "code": error.code,
        "message": mask_secrets(error.message),
        "status": error.status,
        "details": [_shown(each) for each in error.details],
        "requestId": request_id,
        "docUrl": f"{origin}{GUIDE}#{error.code}",
        **error.extra,
    }
    return {"success": False, "error": body}
