"""Describes the requests that the service sends to webhooks: the object `webhooks` of the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from api.openapi.examples.events import event_samples
from api.openapi.schemas import ref
from domain.registry import AGGREGATES, kind_of

Node = dict[str, Any]

POSTED = {"Event", *(aggregate.__name__ for aggregate in AGGREGATES.values() if aggregate.read_scope is not None)}
"""The schemas to which the posted events refer."""
_TAG = "Webhooks"
_HEADERS = {
    "webhook-id": ("The id of the event. It is the same in every delivery of this event.", {"type": "string"}),
    "webhook-timestamp": ("When the request was sent, in seconds since 1970.", {"type": "integer"}),
    "webhook-signature": (
        "One signature, or two after a rotation with a blank between them: `v1,` and an HMAC-SHA256 in base64 over "
        "`webhook-id`, `webhook-timestamp` and the body, joined by dots.",
        {"type": "string"},
    ),
}
_RESPONSES = {
    "2XX": {"description": "The event is taken. Answer within 15 seconds."},
    "410": {"description": "The webhook is disabled at once."},
    "default": {"description": "A failure: the service tries again for days."},
}


def posted_events(day: date) -> Node:
    """Return the requests by the types of their events, with samples that begin on `day`."""
    return {type: {"post": _request(type, sample)} for type, sample in event_samples(day).items()}


def _request(type: str, sample: Mapping[str, Any]) -> Node:
    name = "".join(part.capitalize() for part in type.replace(".", "_").split("_"))
    media = {"schema": _schema(type), "example": sample}
    return {
        "operationId": f"on{name}",
        "tags": [_TAG],
        "summary": type,
        "description": f"Posted after `{type}`, to the webhooks whose types and scopes include it.",
        "security": [],
        "parameters": [
            {"name": header, "in": "header", "required": True, "description": text, "schema": schema}
            for header, (text, schema) in _HEADERS.items()
        ],
        "requestBody": {"required": True, "content": {"application/json": media}},
        "responses": _RESPONSES,
    }


def _schema(type: str) -> Node:
    resource = AGGREGATES[kind_of(type)].__name__
    data = {"properties": {"type": {"const": type}, "object": ref(resource)}, "required": ["object"]}
    return {
        "type": "object",
        "properties": {
            "type": {"const": type, "description": "What happened."},
            "timestamp": {"type": "string", "format": "date-time", "description": "When the event was recorded."},
            "data": {
                "description": "The event as `GET /events?include=object` shows it.",
                "allOf": [ref("Event"), data],
            },
        },
        "required": ["type", "timestamp", "data"],
    }
