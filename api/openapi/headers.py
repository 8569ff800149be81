"""Describes the headers of requests and responses for the OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from api.openapi.texts.common import REQUEST_HEADERS, RESPONSE_HEADERS

Node = dict[str, Any]

_COUNTS = {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After", "Position"}
_TAG = '(W/)?"[!#-~]*"'
_SCHEMAS: dict[str, Node] = {
    "Idempotency-Key": {"type": "string", "pattern": "^[!-~]{1,255}$"},
    "If-Match": {"type": "string", "pattern": rf"^(\*|{_TAG}(, ?{_TAG})*)$"},
    "If-None-Match": {"type": "string"},
    "If-Position": {"type": "string", "pattern": "^[0-9]{1,18}$"},
    "X-Request-Id": {"type": "string"},
}


def request_headers() -> Node:
    """Return the headers of requests as parameters of the OpenAPI document, by name."""
    return {
        name: {"name": name, "in": "header", "description": text, "schema": _SCHEMAS[name]}
        for name, text in REQUEST_HEADERS.items()
    }


def response_headers() -> Node:
    """Return the headers of responses, by name."""
    return {name: {"description": text, "schema": _schema(name)} for name, text in RESPONSE_HEADERS.items()}


def header_refs(names: Iterable[str]) -> Node:
    """Return references to these headers of responses, by name."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _schema(name: str) -> Node:
    return {"type": "integer", "minimum": 0} if name in _COUNTS else {"type": "string"}
