"""Reads the bodies of requests to the sender of webhooks. They make no command, so they have no Idempotency-Key."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, TypeVar

import msgspec

from api.http.body import read_body
from api.http.request import Request
from commands.fields import Choice
from commands.fields.others import Instant, WholeNumber
from commands.objects import parse_fields
from commands.webhook import Types
from domain.errors import Invalid, Violation
from projections.views.events import public_names

B = TypeVar("B", bound=msgspec.Struct)


class Nothing(msgspec.Struct):
    """A body without fields."""


class TestWebhook(msgspec.Struct, rename="camel", kw_only=True):
    """Post a sample to the webhook."""

    type: Annotated[str, Choice(public_names())] | None = None


class ReplayWebhook(msgspec.Struct, rename="camel", kw_only=True):
    """Send events once more, from a position of the log or from a time on."""

    after: Annotated[int, WholeNumber()] | None = None
    since: Annotated[datetime, Instant()] | None = None
    types: Annotated[tuple[str, ...], Types] | None = None


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
