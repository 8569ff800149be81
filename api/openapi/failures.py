"""Every failure as the document shows it: which operation can meet which, its schema, and an example of each code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from api.http.errors import CODES, TABLE, ApiError, envelope_of, too_many_questions, unauthorized
from api.openapi.examples import REQUEST_ID
from api.openapi.texts import LIMITS
from api.operation import Operation
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

Schema = dict[str, Any]

_AT = datetime(2026, 1, 10, 4, 30, tzinfo=UTC)
_SPENT = Admission("org", "key", (), 1000, 1000, _AT, _AT, _AT + timedelta(days=2), _AT + timedelta(days=30))
_ID = "inv_01KEXAMPLE0000000000000000"
_CASES: dict[str, Exception] = {
    "malformed_json": ApiError(400, "malformed_json", "The body must be a JSON object, in braces."),
    "unknown_parameter": InvalidQuery(
        [("page", "unknown_parameter", "is not a query parameter of this request; it takes none")]
    ),
    "invalid_parameter": InvalidQuery([("limit", "invalid_parameter", "must be a whole number from 1 to 100")]),
    "invalid_cursor": InvalidQuery(
        [("cursor", "invalid_cursor", "belongs to another query or was altered; leave it out to start again")]
    ),
    "missing_credentials": unauthorized(
        "missing_credentials", "Send your API key in the header: Authorization: Bearer sd_live_…."
    ),
    "invalid_api_key": UnknownKey(),
    "api_key_revoked": RevokedKey(),
    "api_key_expired": ExpiredKey(),
    "insufficient_scope": ApiError(
        403,
        "insufficient_scope",
        "This needs the scope billing:write; the key has: billing:read. Use a key that has it.",
        extra={"requiredScope": "billing:write", "keyScopes": ["billing:read"]},
    ),
    "not_found": NotFound("invoice", _ID),
    "duplicate_number": DuplicateNumber("INV-2025-26-0001", "2025-26", _ID),
    "invalid_transition": InvalidTransition("invoice", "paid", "void", ()),
    "leave_overlap": LeaveOverlap("leave_01KEXAMPLE0000000000000000"),
    "conflict": Conflict("Something else was written at the same time; send the request again."),
    "precondition_failed": StaleVersion(3),
    "payload_too_large": ApiError(413, "payload_too_large", "The body is larger than 1 MiB; send less in one request."),
    "unsupported_media_type": ApiError(
        415, "unsupported_media_type", "Send the body as JSON, with the header Content-Type: application/json."
    ),
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
    "internal_error": ApiError(
        500, "internal_error", "Something went wrong on our side; if it stays, report it with the requestId."
    ),
    "unavailable": Unavailable(),
}
"""What leads to each code."""
_PUBLIC_CASES: dict[str, Exception] = {
    "unknown_field": Invalid(
        [Violation("query", "unknown_field", "is not a field of this request; check its spelling or leave it out")]
    ),
    "validation_failed": Invalid([Violation("question", "validation_failed", "is required")]),
    "rate_limited": too_many_questions(3),
}
"""The same where no key is needed and it is another."""

_HEADERS = {401: ["WWW-Authenticate"], 429: ["Retry-After"], 503: ["Retry-After"]}

_TEXT: Schema = {"type": "string"}
_WHOLE: Schema = {"type": "integer"}
_INSTANT: Schema = {"type": "string", "format": "date-time"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_ALL_CODES = [code for codes in CODES.values() for code in codes if code != "method_not_allowed"]


def error_schemas() -> dict[str, Schema]:
    """The envelope of every failure."""
    detail = {name: {**_TEXT, "description": text} for name, text in _DETAIL.items()}
    error: dict[str, Schema] = {
        "code": {"type": "string", "enum": [*_ALL_CODES, "method_not_allowed"], "description": "Stable; act by it."},
        "message": {**_TEXT, "description": "Tells a person what to do about it."},
        "status": {**_WHOLE, "description": "The HTTP status."},
        "details": {"type": "array", "items": {"$ref": "#/components/schemas/ErrorDetail"}},
        "requestId": {**_TEXT, "description": "Name it when you ask for help."},
        "docUrl": {"type": "string", "format": "uri", "description": "The code's own section in the guide."},
    }
    extra: dict[str, Schema] = {
        "allowed": {**_TEXTS, "description": "With invalid_transition: the statuses that can be set."},
        "requiredScope": {**_TEXT, "description": "With insufficient_scope."},
        "keyScopes": {**_TEXTS, "description": "With insufficient_scope."},
        "conflictingId": {"type": ["string", "null"], "description": "With duplicate_number and leave_overlap."},
        "limit": {**_WHOLE, "description": "With rate_limited, as the next four."},
        "used": dict(_WHOLE),
        "windowDays": dict(_WHOLE),
        "resetAt": {**_INSTANT, "description": "From when on the next request is admitted."},
        "fullyResetAt": {**_INSTANT, "description": "From when on none of the requests so far counts."},
    }
    failure: dict[str, Schema] = {"success": {"const": False}, "error": {"$ref": "#/components/schemas/Error"}}
    return {
        "ErrorDetail": _object("ErrorDetail", "One wrong field or parameter.", detail, detail),
        "Error": _object("Error", "What went wrong.", {**error, **extra}, error),
        "Failure": _object("Failure", "Every failure, whatever its status.", failure, failure),
    }


def refusals(
    operation: Operation, path: str, scopes: Mapping[str, str | None] | None, method: str
) -> dict[int, list[str]]:
    """The codes that the operation can answer with, by status."""
    found = {status: list(codes) for status, codes in CODES.items() if status != 405}
    written, guarded = operation.body is not None, scopes is not None and method in scopes
    bad_request = ["malformed_json"] if written else []
    bad_request += ["unknown_parameter", "invalid_parameter"]
    found[400] = [*bad_request, "invalid_cursor"] if "cursor" in operation.query else bad_request
    if operation.public:
        found[422] = ["validation_failed", "unknown_field"]
    elif "Payment" not in operation.id:
        found[422].remove("amount_exceeds_balance")
    needs = {
        401: guarded,
        403: scopes is not None and scopes.get(method) is not None,
        404: "{id}" in path,
        409: written and not operation.public,
        412: "If-Match" in operation.headers,
        413: written,
        415: written,
        422: written,
        429: guarded or operation.public,
        503: guarded or operation.public,
    }
    return {status: codes for status, codes in found.items() if needs.get(status, True)}


class Failures:
    """The responses of failures, each said once however many operations can meet it."""

    def __init__(self) -> None:
        self.responses: dict[str, Schema] = {}

    def response(self, status: int, codes: Sequence[str], guarded: bool) -> Schema:
        """A reference to the response of this status with these codes."""
        phrase = HTTPStatus(status).phrase.replace(" ", "")
        all_of_them = tuple(codes) == CODES[status]
        name = phrase if all_of_them else f"{phrase}_{'_or_'.join(codes)}"
        if not guarded:
            name += "_public"
        if name not in self.responses:
            self.responses[name] = _response(status, codes, guarded)
        return {"$ref": f"#/components/responses/{name}"}


def _response(status: int, codes: Sequence[str], guarded: bool) -> Schema:
    limits = LIMITS if guarded and status not in (401, 503) else ()
    names = ("X-Request-Id", *limits, *_HEADERS.get(status, ()))
    examples = {code: {"summary": code, "value": _example(code, guarded)} for code in codes}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Failure"}, "examples": examples}}
    return {
        "description": f"{HTTPStatus(status).phrase}: {', '.join(f'`{code}`' for code in codes)}.",
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names},
        "content": content,
    }


def _example(code: str, guarded: bool) -> Any:
    case = _CASES[code] if guarded else _PUBLIC_CASES.get(code, _CASES[code])
    answer = next(rule.answer for rule in TABLE if isinstance(case, rule.error))
    return envelope_of(answer(case), REQUEST_ID, "https://api.example.com")


def _object(title: str, description: str, properties: dict[str, Schema], required: Iterable[str]) -> Schema:
    shape: Schema = {"title": title, "description": description, "type": "object"}
    return {**shape, "properties": properties, "required": list(required)}


_DETAIL = {
    "field": "Where it stands, such as items[0].quantity.",
    "code": "Stable; act by it.",
    "message": "What would fit.",
}
