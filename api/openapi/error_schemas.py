"""The JSON Schemas of the body of a failure."""

from __future__ import annotations

from collections.abc import Iterable

from api.http.error_codes import CODES
from api.http.errors import MAX_DETAILS
from api.openapi.schemas import Schema

_TEXT: Schema = {"type": "string"}
_WHOLE: Schema = {"type": "integer"}
_INSTANT: Schema = {"type": "string", "format": "date-time"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_DETAIL = {
    "field": "The field or parameter, such as items[0].quantity. A name of more than 200 characters is cut.",
    "code": "It never changes, so programs can rely on it.",
    "message": "What the value must be.",
}


def error_schemas() -> dict[str, Schema]:
    """Return the schemas of a failure, by name."""
    detail: dict[str, Schema] = {name: {**_TEXT, "description": text} for name, text in _DETAIL.items()}
    suggestion: Schema = {**_TEXT, "description": "What was probably meant: a name or a value that is accepted."}
    error: dict[str, Schema] = {
        "code": {
            "type": "string",
            "enum": [code for codes in CODES.values() for code in codes],
            "description": "It never changes, so programs can rely on it.",
        },
        "message": {**_TEXT, "description": "Says what is wrong and what to do."},
        "status": {**_WHOLE, "description": "The HTTP status."},
        "details": {
            "type": "array",
            "maxItems": MAX_DETAILS,
            "items": {"$ref": "#/components/schemas/ErrorDetail"},
            "description": "Every wrong field or parameter. If more are wrong than fit here, the last entry says how "
            "many, and its field is empty.",
        },
        "requestId": {**_TEXT, "description": "The request's id; send it when you ask for help."},
        "docUrl": {
            "type": "string",
            "format": "uri",
            "description": "The section of this code in the guide to errors.",
        },
    }
    extra: dict[str, Schema] = {
        "suggestion": {
            **_TEXT,
            "description": "With not_found, for an unknown address: the path that was probably meant.",
        },
        "head": {**_WHOLE, "description": "With position_beyond_log: the last position of the log."},
        "allowed": {
            **_TEXTS,
            "examples": [["sent", "void"]],
            "description": "With invalid_transition: the statuses that can be set.",
        },
        "requiredScope": {**_TEXT, "description": "With insufficient_scope: the scope that the request needs."},
        "keyScopes": {**_TEXTS, "description": "With insufficient_scope: the scopes that the key has."},
        "conflictingId": {
            "type": ["string", "null"],
            "description": "The id of the other object (duplicate_number, leave_overlap), or of the payment "
            "(duplicate_payment).",
        },
        "limit": {**_WHOLE, "description": "With rate_limited: the credits that the key has in the rolling window."},
        "used": {**_WHOLE, "description": "With rate_limited: the credits that were spent in the window."},
        "windowDays": {**_WHOLE, "description": "With rate_limited: the length of the window in days."},
        "resetAt": {**_INSTANT, "description": "With rate_limited: when the next request is admitted."},
        "fullyResetAt": {**_INSTANT, "description": "With rate_limited: when all credits are back."},
    }
    failure: dict[str, Schema] = {
        "success": {"const": False, "description": "It is false in every failure."},
        "error": {"$ref": "#/components/schemas/Error", "description": "What went wrong, and what to do."},
    }
    return {
        "ErrorDetail": _object(
            "ErrorDetail", "One wrong field or parameter.", {**detail, "suggestion": suggestion}, detail
        ),
        "Error": _object("Error", "What went wrong.", {**error, **extra}, error),
        "Failure": _object("Failure", "Every failure, whatever its status.", failure, failure),
    }


def _object(title: str, description: str, properties: dict[str, Schema], required: Iterable[str]) -> Schema:
    shape: Schema = {"title": title, "description": description, "type": "object"}
    return {**shape, "properties": properties, "required": list(required)}
