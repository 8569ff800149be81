"""The JSON Schemas of the body of a failure."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy

from api.http.errors import MAX_DETAILS
from api.http.errors.codes import CODES
from api.openapi.schemas import Schema

_TEXT: Schema = {"type": "string"}
_WHOLE: Schema = {"type": "integer"}
_INSTANT: Schema = {"type": "string", "format": "date-time"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_DETAIL: dict[str, Schema] = {
    "field": {
        **_TEXT,
        "description": "The field or parameter, such as items[0].quantity. A name of more than 200 characters is "
        "shortened.",
    },
    "code": {**_TEXT, "description": "The code of the violation. It never changes, so programs can rely on it."},
    "message": {**_TEXT, "description": "The rest of a sentence that begins with the field: must be greater than 0."},
}
_SUGGESTION: Schema = {**_TEXT, "description": "The accepted name or value that you probably meant."}
_ERROR: dict[str, Schema] = {
    "code": {
        "type": "string",
        "enum": [code for codes in CODES.values() for code in codes],
        "description": "The code of the error. It never changes, so programs can rely on it.",
    },
    "message": {**_TEXT, "description": "Says what is wrong and what to do."},
    "status": {**_WHOLE, "description": "The HTTP status."},
    "details": {
        "type": "array",
        "maxItems": MAX_DETAILS,
        "items": {"$ref": "#/components/schemas/ErrorDetail"},
        "description": "The wrong fields or parameters. If there are too many to list, the last entry says how "
        "many are left out, and its field is empty.",
    },
    "requestId": {**_TEXT, "description": "The request's id; `GET /requests` and the console find the request by it."},
    "docUrl": {
        "type": "string",
        "format": "uri",
        "description": "The section of this code in the guide to errors.",
    },
}
_FACTS: dict[str, Schema] = {
    "suggestion": {
        **_TEXT,
        "description": "With not_found, for an unknown address: the path that you probably meant.",
    },
    "head": {**_WHOLE, "description": "With position_beyond_log: the last position of the log."},
    "allowed": {
        **_TEXTS,
        "examples": [["sent", "void"]],
        "description": "With invalid_transition: the statuses that can be set.",
    },
    "address": {
        "type": ["string", "null"],
        "description": "With address_not_allowed: the network address from which the request came; null if it is not "
        "known.",
    },
    "requiredScope": {**_TEXT, "description": "With insufficient_scope: the scope that the request needs."},
    "keyScopes": {**_TEXTS, "description": "With insufficient_scope: the scopes that the key has."},
    "conflictingId": {
        "type": ["string", "null"],
        "description": "The id of the other object (duplicate_number, leave_overlap, duplicate_external_id, "
        "duplicate_webhook, replay_running), or of the payment (duplicate_payment).",
    },
    "policy": {
        **_TEXT,
        "description": "With rate_limited: which limit is reached, by its name in the header RateLimit: the credits of "
        "the key (rolling-30d), its requests in a second (burst), or the budget of the organization "
        "(organization).",
    },
    "limit": {**_WHOLE, "description": "With rate_limited: how many requests the limit allows in its window."},
    "used": {**_WHOLE, "description": "With rate_limited: how many requests count in the window."},
    "windowDays": {**_WHOLE, "description": "With rate_limited: the length of the window in days."},
    "windowSeconds": {
        **_WHOLE,
        "examples": [1],
        "description": "With rate_limited, for a burst: the length of the window in seconds.",
    },
    "resetAt": {**_INSTANT, "description": "With rate_limited: when the next request is admitted."},
    "fullyResetAt": {**_INSTANT, "description": "With rate_limited: when all spent credits have returned."},
}
"""The facts that only some errors have. The text of each fact names the code of the error."""
_FAILURE: dict[str, Schema] = {
    "success": {"const": False, "description": "False in every failure."},
    "error": {"$ref": "#/components/schemas/Error", "description": "What went wrong, and what to do."},
}


def error_schemas() -> dict[str, Schema]:
    """Return new schemas of a failure, by name. The caller may change them."""
    return {
        "ErrorDetail": _object(
            "ErrorDetail", "One wrong field or parameter.", {**_DETAIL, "suggestion": _SUGGESTION}, _DETAIL
        ),
        "Error": _object("Error", "What went wrong.", {**_ERROR, **_FACTS}, _ERROR),
        "Failure": _object("Failure", "Every failure, whatever its status.", _FAILURE, _FAILURE),
    }


def _object(title: str, description: str, properties: dict[str, Schema], required: Iterable[str]) -> Schema:
    shape: Schema = {"title": title, "description": description, "type": "object"}
    return {**shape, "properties": deepcopy(properties), "required": list(required)}
