"""Reads the bodies of requests to the sender of webhooks. They make no command, so they have no Idempotency-Key."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from api.http.body import read_body
from api.http.request import Request
from commands.objects import parse_fields
from domain.errors import Invalid, Violation

B = TypeVar("B", bound=msgspec.Struct)


class Nothing(msgspec.Struct):
    """A body without fields."""


def parse_body(req: Request, struct: type[B]) -> B:
    """Return the body of a request; a request without a body counts as one without fields. Raises Invalid."""
    has_body = bool(req.content_length) or "HTTP_TRANSFER_ENCODING" in req.env
    body = read_body(req) if has_body else {}
    violations: list[Violation] = []
    values = parse_fields(struct, body, violations.append)
    if violations:
        raise Invalid(violations)
    return struct(**values)


def refuse_body(req: Request) -> None:
    """Raise Invalid if the body has fields."""
    parse_body(req, Nothing)
