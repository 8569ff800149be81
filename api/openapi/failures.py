"""The failures that each operation can have, and the responses that describe them in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from api.http.errors.codes import CODES
from api.http.errors.table import mapping_of
from api.openapi.failure_examples import failure_example
from api.openapi.schemas import Schema
from api.openapi.texts.common import LIMITS
from api.operation import Operation, OperationKind
from api.ports.admission import AddressNotAllowed
from domain.errors.codes import UNKNOWN_FIELD, VALIDATION_FAILED
from projections.views.events import POSITION_BEYOND_LOG

_HEADERS = {401: ["WWW-Authenticate"], 415: ["Accept-Encoding"], 429: ["Retry-After"], 503: ["Retry-After"]}

INSUFFICIENT_SCOPE = "insufficient_scope"
_WITHOUT_CREDITS = (401, 414, 431, 503)
"""The statuses of failures before the key is known. Their responses have no rate-limit headers."""


def failure_codes(operation: Operation) -> dict[int, tuple[str, ...]]:
    """Return the error codes that the operation can return, by status. 405 is left out, because it is about a path and
    not about an operation."""
    limited = not operation.public or operation.kind is OperationKind.QUESTION
    is_possible = {
        401: not operation.public,
        403: bool(_forbidden_codes(operation)),
        404: operation.facts.needs_object,
        405: False,
        409: operation.command is not None or bool(operation.refusals),
        412: "If-Match" in operation.facts.request_headers,
        413: operation.body is not None,
        415: operation.body is not None,
        422: operation.body is not None,
        429: limited,
        503: limited,
    }
    possible = {status: codes for status, codes in CODES.items() if is_possible.get(status, True)}
    narrowed = {
        400: _request_codes(operation),
        403: _forbidden_codes(operation),
        409: _conflict_codes(operation),
        422: _field_codes(operation),
    }
    return possible | {status: codes for status, codes in narrowed.items() if status in possible}


class Failures:
    """Collects the responses for failures. Operations with the same failure refer to the same response."""

    def __init__(self) -> None:
        self.responses: dict[str, Schema] = {}

    def response(self, status: int, codes: Sequence[str], public: bool) -> Schema:
        """Return a reference to the response with this status and these codes. `public` means that no key is needed."""
        phrase = HTTPStatus(status).phrase.replace(" ", "")
        name = phrase if tuple(codes) == CODES[status] else f"{phrase}_{'_or_'.join(codes)}"
        if public:
            name += "_public"
        if name not in self.responses:
            self.responses[name] = _response(status, codes, public)
        return {"$ref": f"#/components/responses/{name}"}


def _request_codes(operation: Operation) -> tuple[str, ...]:
    body = ("malformed_json",) if operation.body is not None else ()
    cursor = ("invalid_cursor",) if "cursor" in operation.query else ()
    position = (POSITION_BEYOND_LOG,) if "after" in operation.query else ()
    return (*body, "unknown_parameter", "invalid_parameter", *cursor, *position)


def _forbidden_codes(operation: Operation) -> tuple[str, ...]:
    needs_scope = operation.scope is not None or bool(operation.any_scope)
    refused = _refused_codes(operation) | ({INSUFFICIENT_SCOPE} if needs_scope else set())
    if not operation.public:
        refused.add(mapping_of(AddressNotAllowed).code)
    return tuple(code for code in CODES[403] if code in refused)


def _conflict_codes(operation: Operation) -> tuple[str, ...]:
    refused = _refused_codes(operation) | ({"conflict"} if operation.command is not None else set())
    return tuple(code for code in CODES[409] if code in refused)


def _refused_codes(operation: Operation) -> set[str]:
    """Return the codes of the refusals that the operation and its command declare."""
    of_command = operation.command.refusals if operation.command is not None else ()
    return {mapping_of(refusal).code for refusal in (*operation.refusals, *of_command)}


def _field_codes(operation: Operation) -> tuple[str, ...]:
    if operation.command is None:
        return (VALIDATION_FAILED, UNKNOWN_FIELD)
    return (*operation.command.field_errors, "idempotency_key_reused")


def _response(status: int, codes: Sequence[str], public: bool) -> Schema:
    limits = () if public or status in _WITHOUT_CREDITS else LIMITS
    names = ("X-Request-Id", *limits, *_HEADERS.get(status, ()))
    examples = {code: {"summary": code, "value": failure_example(code, public)} for code in codes}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Failure"}, "examples": examples}}
    return {
        "description": f"{HTTPStatus(status).phrase}: {', '.join(f'`{code}`' for code in codes)}.",
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names},
        "content": content,
    }
