"""Webhooks and deliveries as the API shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

from domain.calendar import Timestamp, instant
from domain.webhook import ACTIVE, DISABLED, PAUSED, REASONS, Owner
from projections.accounts.webhook import DELIVERY_STATUSES, WebhookRow
from projections.views.display import one_of

SHOWN_ONCE = (
    "The secret was shown in the first response and cannot be shown again. If you do not have it, rotate the webhook: "
    "the response has a new secret."
)
_encode = msgspec.json.Encoder().encode


class Progress(msgspec.Struct, rename="camel", frozen=True):
    """How far a webhook has been served."""

    behind: int = 0
    last_delivered_at: datetime | None = None
    failing_since: datetime | None = None
    last_error: str | None = None


class StoredWebhook(msgspec.Struct, frozen=True):
    """A webhook as `webhook_state_list` has it: the row, and how far it has been served."""

    row: WebhookRow
    progress: Progress = Progress()


class ShownWebhook(msgspec.Struct, rename="camel", kw_only=True):
    """A URL to which the service posts events."""

    id: str
    url: str
    types: list[str] | None
    description: str | None
    ordered: bool
    status: Annotated[str, one_of((ACTIVE, PAUSED, DISABLED))]
    paused_reason: Annotated[str, one_of(REASONS)] | None
    created_by: Owner | None
    behind: int
    last_delivered_at: Timestamp | None
    failing_since: Timestamp | None
    last_error: str | None
    created_at: Timestamp
    updated_at: Timestamp
    version: int


class WebhookSecret(msgspec.Struct, rename="camel", kw_only=True):
    """The fields that only a response with a new secret has."""

    secret: str | None
    secret_notice: str | None


class Skipped(msgspec.Struct, kw_only=True):
    """The field that a response to a change has."""

    skipped: int | None


class Deleted(msgspec.Struct, frozen=True):
    """A webhook that was deleted."""

    id: str
    deleted: bool = True


class StoredDelivery(msgspec.Struct, rename="camel", frozen=True):
    """A delivery as `webhook_delivery_state_list` has it."""

    id: str
    event_id: str
    type: str
    status: str
    next_attempt_at: datetime | None
    attempts: msgspec.Raw


class DeliveryAttempt(msgspec.Struct, rename="camel", frozen=True):
    """One attempt to deliver an event."""

    at: Timestamp
    status: int | None
    duration_ms: int
    error: str | None
    response: str | None


class WebhookDelivery(msgspec.Struct, rename="camel", kw_only=True):
    """An event for a webhook, and the attempts to deliver it."""

    id: str
    event_id: str
    type: str
    status: Annotated[str, one_of(DELIVERY_STATUSES)]
    next_attempt_at: Timestamp | None
    attempts: list[DeliveryAttempt]


class WebhookReplay(msgspec.Struct, rename="camel", kw_only=True):
    """Events that are sent to a webhook once more."""

    id: str
    status: Annotated[str, one_of(("running", "finished", "cancelled"))]
    types: list[str]
    events: int
    delivered: int
    failed: int
    created_at: Timestamp
    ended_at: Timestamp | None


def stored(state: bytes) -> StoredWebhook:
    """Return the webhook in a row of `webhook_state_list`."""
    return msgspec.json.decode(state, type=StoredWebhook)


def resource_of(webhook: StoredWebhook) -> ShownWebhook:
    """Return a webhook as the API shows it."""
    row, progress = webhook.row, webhook.progress
    return ShownWebhook(
        id=row.id,
        url=row.url,
        types=None if row.types is None else list(row.types),
        description=row.description,
        ordered=row.ordered,
        status=row.status,
        paused_reason=row.paused_reason,
        created_by=row.created_by,
        behind=progress.behind,
        last_delivered_at=_instant(progress.last_delivered_at),
        failing_since=_instant(progress.failing_since),
        last_error=progress.last_error,
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.version,
    )


def to_json(webhook: StoredWebhook, **more: Any) -> bytes:
    """Return a webhook as JSON, with these further fields."""
    return _encode(msgspec.to_builtins(resource_of(webhook)) | more)


def with_secret(webhook: StoredWebhook, secret: str | None) -> bytes:
    """Return a webhook as JSON with its secret. None is a secret that cannot be shown again."""
    return to_json(webhook, secret=secret, secretNotice=SHOWN_ONCE if secret is None else None)


def delivery_to_json(state: bytes) -> bytes:
    """Return a delivery as JSON, from a row of `webhook_delivery_state_list`."""
    found = msgspec.json.decode(state, type=StoredDelivery)
    return _encode(
        {
            "id": found.id,
            "eventId": found.event_id,
            "type": found.type,
            "status": found.status,
            "nextAttemptAt": _instant(found.next_attempt_at),
            "attempts": found.attempts,
        }
    )


def replay_to_json(state: bytes) -> bytes:
    """Return a replay as JSON, from what the port returns."""
    found = msgspec.json.decode(state)
    times = {name: found[name] and instant(datetime.fromisoformat(found[name])) for name in ("createdAt", "endedAt")}
    return _encode({**found, **times})


def _instant(at: datetime | None) -> str | None:
    return None if at is None else instant(at)
