"""Makes an example of each error code: the exception that the error table turns into a response with this code."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from api.advice.credentials import no_key
from api.http.authentication import unauthorized
from api.http.body import not_an_object, payload_too_large, unsupported_media_type
from api.http.errors import envelope_of, headers_too_large, internal_error, too_many_questions, uri_too_long
from api.http.errors.table import TABLE, api_error_of
from api.openapi.examples import EXAMPLE_ORIGIN, REQUEST_ID
from api.ports.admission import Admission, CreditExhausted
from api.samples.placeholders import today
from commands.unit_of_work import Unavailable
from domain.accounts.window import CREDIT_WINDOW
from domain.api_key import DEFAULT_CREDIT_LIMIT
from domain.errors import Invalid
from domain.errors.violation import Violation
from projections.query.refusals import InvalidQuery


def failure_example(code: str, public: bool) -> Any:
    """Return the example of a failure with this code. `public` is for operations that need no key.

    Raises StopIteration for a code without a line in the error table. Raises TypeError if the line has no `example` and
    the class of the error takes arguments.
    """
    errors = {"rate_limited": _exhausted(), **_ERRORS, **(_PUBLIC_ERRORS if public else {})}
    error = errors[code] if code in errors else _error_of_table(code)
    return envelope_of(api_error_of(error), REQUEST_ID, EXAMPLE_ORIGIN)


def _error_of_table(code: str) -> Exception:
    mapping = next(each for each in TABLE if each.code == code)
    return mapping.example or mapping.error()


def _exhausted() -> CreditExhausted:
    """Return the error of a key that has spent all its credits in two days until today."""
    at, limit = datetime.combine(today(), time(4, 30), UTC), DEFAULT_CREDIT_LIMIT
    key_id = "key_01KEXAMPLE0000000000000000"
    return CreditExhausted(
        Admission("org", key_id, (), limit, limit, at, at, at + timedelta(days=2), at + CREDIT_WINDOW)
    )


_UNKNOWN_FIELD = "is not a field of this request; check its spelling or leave it out"
_ERRORS: dict[str, Exception] = {
    "malformed_json": not_an_object(),
    "unknown_parameter": InvalidQuery(
        [Violation("page", "unknown_parameter", "is not a query parameter of this request; it takes none")]
    ),
    "invalid_parameter": InvalidQuery(
        [Violation("limit", "invalid_parameter", "must be a whole number from 1 to 100")]
    ),
    "invalid_cursor": InvalidQuery(
        [Violation("cursor", "invalid_cursor", "belongs to another query or was altered; leave it out to start again")]
    ),
    "missing_credentials": unauthorized(no_key(EXAMPLE_ORIGIN)),
    "payload_too_large": payload_too_large(),
    "uri_too_long": uri_too_long(),
    "unsupported_media_type": unsupported_media_type(),
    "headers_too_large": headers_too_large(),
    "validation_failed": Invalid([Violation("items[0].quantity", "validation_failed", "must be greater than 0")]),
    "unknown_field": Invalid([Violation("client_id", "unknown_field", _UNKNOWN_FIELD, lambda: "clientId")]),
    "read_only_field": Invalid(
        [Violation("totalAmount", "read_only_field", "cannot be set by this request; leave it out")]
    ),
    "amount_exceeds_balance": Invalid(
        [Violation("amount", "amount_exceeds_balance", "must be at most the balance due, 82600.00 INR")]
    ),
    "unavailable": Unavailable(),
    "internal_error": internal_error(),
}
"""The errors of codes without a line of their own in the error table."""
_PUBLIC_ERRORS: dict[str, Exception] = {
    "unknown_field": Invalid([Violation("questions", "unknown_field", _UNKNOWN_FIELD, lambda: "question")]),
    "validation_failed": Invalid([Violation("question", "validation_failed", "is required")]),
    "rate_limited": too_many_questions(3),
}
"""The errors that have a different example for operations without a key."""
