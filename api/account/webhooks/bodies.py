"""The bodies of requests to the sender of webhooks. They make no command, so they have no Idempotency-Key."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from commands.accounts.webhook import Types
from commands.fields import Choice
from commands.fields.others import Instant, WholeNumber
from projections.views.events import public_names


class TestWebhook(msgspec.Struct, rename="camel", kw_only=True):
    """Post a sample to the webhook."""

    type: Annotated[str, Choice(public_names())] | None = None


class ReplayWebhook(msgspec.Struct, rename="camel", kw_only=True):
    """Send events once more, from a position of the log or from a time on."""

    after: Annotated[int, WholeNumber()] | None = None
    since: Annotated[datetime, Instant()] | None = None
    types: Annotated[tuple[str, ...], Types] | None = None
