"""The port for queries on webhooks, for the console."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Protocol

import msgspec


class Attempt(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """An attempt to deliver an event. `status` and `response` are None if no response came; `error` says why."""

    at: datetime
    duration_ms: float
    status: int | None = None
    error: str | None = None
    response: str | None = None
    """The beginning of the response's body."""


class DeliveryRow(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery, with its attempts."""

    id: str
    event_id: str
    type: str
    origin: str
    """`log` for a new event, `replay` for one that is sent again, `test` for a sample."""
    position: int
    """The position of the event in the log; 0 for a test."""
    status: str
    next_attempt_at: datetime | None
    attempts: tuple[Attempt, ...]
    sample: bytes | None
    """The body of a test."""
    created_at: datetime


class ReplayRow(msgspec.Struct, frozen=True, kw_only=True):
    """A replay, and how far it is."""

    id: str
    status: str
    events: int
    delivered: int
    failed: int
    created_at: datetime
    ended_at: datetime | None


class DisabledWebhook(NamedTuple):
    """A webhook whose receiver accepted nothing for too long."""

    id: str
    url: str


class WebhookReads(Protocol):
    """Queries on the webhooks of an organization. Each query can raise Unavailable."""

    def list_webhooks(self, org_id: str, id: str | None = None) -> list[bytes]:
        """Return all webhooks as `webhook_state_list` has them, the newest first. With `id`, return only this one."""

    def list_disabled(self, org_id: str) -> list[DisabledWebhook]:
        """Return the webhooks that are disabled, without how far they have been served, which takes longer to read."""

    def list_deliveries(self, org_id: str, webhook_id: str, before: str | None, limit: int) -> list[DeliveryRow]:
        """Return deliveries of a webhook, the newest first. With `before`, return only those before this delivery."""

    def get_delivery(self, org_id: str, webhook_id: str, id: str) -> DeliveryRow | None:
        """Return a delivery of a webhook; None if there is none with this id."""

    def list_replays(self, org_id: str, webhook_id: str, limit: int) -> list[ReplayRow]:
        """Return the last replays of a webhook, the newest first."""
