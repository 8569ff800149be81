"""The read side of webhooks: one row per webhook. The row holds no secret, only the id of the encrypted secret."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from domain.aggregate import Aggregate, Event
from domain.calendar import Timestamp, instant
from domain.errors.webhook import DuplicateWebhook, TooManyWebhooks
from domain.reading.webhook_url import MAX_URL_CHARACTERS, parse_target
from domain.webhook import ACTIVE, API_KEY, DISABLED, MAX_WEBHOOKS, PAUSED, Owner, Webhook
from projections.projection import ConstraintConflict
from projections.query.filters import INSTANT, TEXT, Exact, OneOf
from projections.query.listing import Listing
from projections.restored import RestoredProjection
from projections.views.display import DisplayFields

DELIVERY_STATUSES = ("pending", "delivered", "failed")
_encode = msgspec.json.Encoder().encode


class WebhookRow(msgspec.Struct, rename="camel", kw_only=True):
    """The row of a webhook."""

    id: str
    url: str
    types: tuple[str, ...] | None
    description: str | None
    ordered: bool
    scopes: tuple[str, ...]
    status: str
    paused_reason: str | None = None
    secret_id: str
    previous_secret_id: str | None = None
    previous_until: Timestamp | None = None
    created_by: Owner | None = None
    created_at: Timestamp
    updated_at: Timestamp
    version: int

    @property
    def host(self) -> str:
        """The host that gets the deliveries, with its port."""
        target = parse_target(self.url)
        return f"{target.host}:{target.port}"

    @property
    def key_id(self) -> str | None:
        """The id of the API key to which the webhook belongs; None if it belongs to a user or an operator."""
        return self.created_by.id if self.created_by is not None and self.created_by.type == API_KEY else None


_decode = msgspec.json.Decoder(WebhookRow).decode


class WebhookProjection(RestoredProjection[WebhookRow]):
    name: ClassVar[str] = "webhooks"
    table: ClassVar[str] = "webhooks"
    view: ClassVar[str] = "webhook_list"
    kind: ClassVar[str] = Webhook.kind
    aggregate: ClassVar[type[Aggregate]] = Webhook
    restored_from: ClassVar[tuple[str, ...]] = ("summary",)
    entry_type: ClassVar[type[msgspec.Struct]] = WebhookRow
    display: ClassVar[DisplayFields] = DisplayFields(
        name=("description", "url"), detail=("url",), template="{noun} {name}"
    )
    version: ClassVar[int] = 2
    in_place: ClassVar[bool] = True
    columns: ClassVar[tuple[str, ...]] = (
        "url",
        "host",
        "types",
        "ordered",
        "scopes",
        "status",
        "secret_id",
        "previous_secret_id",
        "previous_until",
        "key_id",
        "created_at",
        "updated_at",
        "version",
        "summary",
    )

    def fold(self, row: WebhookRow | None, event: Event) -> WebhookRow:
        at = instant(event.timestamp)
        if row is None:
            base: dict[str, Any] = {"id": event.originator_id, "created_at": at, "updated_at": at, "version": 1}
            return WebhookRow(**base, **event.changes())
        for name, value in event.changes().items():
            if name != "from_now":
                setattr(row, name, value)
        row.updated_at, row.version = at, event.originator_version
        return row

    def values(self, row: WebhookRow) -> tuple[Any, ...]:
        return (
            row.url,
            row.host,
            None if row.types is None else list(row.types),
            row.ordered,
            list(row.scopes),
            row.status,
            row.secret_id,
            row.previous_secret_id,
            row.previous_until,
            row.key_id,
            row.created_at,
            row.updated_at,
            row.version,
            _encode(row).decode(),
        )

    def to_json(self, row: WebhookRow) -> bytes:
        return _encode(row)

    def restore(self, *stored: Any) -> WebhookRow:
        (summary,) = stored
        return _decode(summary)

    def shown(self, row: WebhookRow) -> WebhookRow:
        return row

    def conflict(self, constraint: str, org_id: str, row: WebhookRow) -> ConstraintConflict | None:
        if constraint.startswith("webhooks_limit"):
            return ConstraintConflict(("SELECT NULL", ()), lambda _: TooManyWebhooks(MAX_WEBHOOKS))
        if not constraint.startswith("webhooks_unique"):
            return None
        types = None if row.types is None else list(row.types)
        other = (
            "SELECT id FROM webhook_list WHERE org_id = %s AND url = %s AND types IS NOT DISTINCT FROM %s::text[] "
            "AND scopes = %s::text[] AND id <> %s LIMIT 1",
            (org_id, row.url, types, list(row.scopes), row.id),
        )
        return ConstraintConflict(other, DuplicateWebhook)


WEBHOOKS = WebhookProjection()

WEBHOOK_LIST = Listing(
    view="webhook_state_list",
    filters={
        "url": Exact("url", MAX_URL_CHARACTERS),
        "status": OneOf("status", (ACTIVE, PAUSED, DISABLED)),
    },
    sorts={"createdAt": ("created_at", INSTANT)},
)

DELIVERY_LIST = Listing(
    view="webhook_delivery_state_list",
    filters={"status": OneOf("status", DELIVERY_STATUSES)},
    sorts={"id": ("id", TEXT)},
    default_sort="-id",
)
"""The deliveries of one webhook. Their ids sort by their creation."""
