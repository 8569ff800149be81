"""An example of each error code: a cause of it, mapped to a response by the error table itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from api.http.authentication import insufficient_scope, missing_credentials
from api.http.body import not_an_object, payload_too_large, unsupported_media_type
from api.http.error_table import api_error_of
from api.http.errors import envelope_of, internal_error, too_many_questions
from api.openapi.examples import REQUEST_ID
from api.ports.admission import Admission, CreditExhausted, ExpiredKey, RevokedKey, UnknownKey
from commands.command import KeyReused
from commands.unit_of_work import Unavailable
from domain.errors import (
    Conflict,
    DuplicateNumber,
    Invalid,
    InvalidTransition,
    LeaveOverlap,
    NotFound,
    StaleVersion,
    Violation,
)
from projections.query.listing import InvalidQuery


def failure_example(code: str, public: bool) -> Any:
    """Return a failure with this code, as an operation with or without a key answers it."""
    case = _PUBLIC_CASES.get(code, _CASES[code]) if public else _CASES[code]
    return envelope_of(api_error_of(case), REQUEST_ID, "https://api.example.com")


_AT = datetime(2026, 1, 10, 4, 30, tzinfo=UTC)
_SPENT = Admission("org", "key", (), 1000, 1000, _AT, _AT, _AT + timedelta(days=2), _AT + timedelta(days=30))
_ID = "inv_01KEXAMPLE0000000000000000"
_CASES: dict[str, Exception] = {
    "malformed_json": not_an_object(),
    "unknown_parameter": InvalidQuery(
        [("page", "unknown_parameter", "is not a query parameter of this request; it takes none")]
    ),
    "invalid_parameter": InvalidQuery([("limit", "invalid_parameter", "must be a whole number from 1 to 100")]),
    "invalid_cursor": InvalidQuery(
        [("cursor", "invalid_cursor", "belongs to another query or was altered; leave it out to start again")]
    ),
    "missing_credentials": missing_credentials(),
    "invalid_api_key": UnknownKey(),
    "api_key_revoked": RevokedKey(),
    "api_key_expired": ExpiredKey(),
    "insufficient_scope": insufficient_scope("billing:write", ["billing:read"]),
    "not_found": NotFound("invoice", _ID),
    "duplicate_number": DuplicateNumber("INV-2025-26-0001", "2025-26", _ID),
    "invalid_transition": InvalidTransition("invoice", "paid", "void", ()),
    "leave_overlap": LeaveOverlap("leave_01KEXAMPLE0000000000000000"),
    "conflict": Conflict("Something else was written at the same time; send the request again."),
    "precondition_failed": StaleVersion(3),
    "payload_too_large": payload_too_large(),
    "unsupported_media_type": unsupported_media_type(),
    "validation_failed": Invalid([Violation("items[0].quantity", "validation_failed", "must be greater than 0")]),
    "unknown_field": Invalid(
        [Violation("ammount", "unknown_field", "is not a field of this request; check its spelling or leave it out")]
    ),
    "read_only_field": Invalid(
        [Violation("totalAmount", "read_only_field", "cannot be set by this request; leave it out")]
    ),
    "amount_exceeds_balance": Invalid(
        [Violation("amount", "amount_exceeds_balance", "must be at most the balance due, 82600.00 INR")]
    ),
    "idempotency_key_reused": KeyReused("7d0c5f9e"),
    "rate_limited": CreditExhausted(_SPENT),
    "internal_error": internal_error(),
    "unavailable": Unavailable(),
}
"""A cause of each code."""
_PUBLIC_CASES: dict[str, Exception] = {
    "unknown_field": Invalid(
        [Violation("query", "unknown_field", "is not a field of this request; check its spelling or leave it out")]
    ),
    "validation_failed": Invalid([Violation("question", "validation_failed", "is required")]),
    "rate_limited": too_many_questions(3),
}
"""The causes that differ where no key is needed."""
