"""Webhooks. A webhook is an address of an organization to which the service posts the events of some types.

The aggregate never holds a secret, only the id under which the encrypted secret is stored.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

import msgspec
from msgspec import UNSET, UnsetType

from domain.aggregate import Aggregate, Event
from domain.calendar import instant
from domain.errors import Invalid, NotFound
from domain.errors.codes import VALIDATION_FAILED
from domain.errors.violation import Violation

ACTIVE, PAUSED, DISABLED, DELETED = "active", "paused", "disabled", "deleted"
"""The statuses of a webhook. Only an active one gets events. A deleted one cannot be read or changed any more."""
BY_REQUEST, SECRET_UNREADABLE, KEY_REVOKED, FAILING, GONE = REASONS = (
    "request",
    "secret_unreadable",
    "key_revoked",
    "failing",
    "gone",
)
"""The reasons for which a webhook is paused (the first three) or disabled (the others)."""
API_KEY = "api_key"
"""The type of an owner that is an API key."""
DEFAULT_SECRET_OVERLAP = timedelta(hours=24)
MAX_WEBHOOKS = 100
"""The number of webhooks that an organization can have; deleted ones do not count."""
MAX_SECRET_OVERLAP = timedelta(days=7)
"""The longest time for which deliveries are also signed with the earlier secret after a rotation."""


class Owner(msgspec.Struct, frozen=True):
    """The actor to whom a webhook belongs. If it is a key, the webhook is paused when the key is revoked or expires."""

    type: str
    id: str


class Webhook(Aggregate):
    """An address to which the service posts events, with the types of these events and their scopes."""

    class Created(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "webhook.created"
        phrase: ClassVar[str] = "created {object}"
        url: str
        types: tuple[str, ...] | None
        description: str | None
        ordered: bool
        scopes: tuple[str, ...]
        secret_id: str
        status: str
        created_by: Owner | UnsetType = UNSET

    class Updated(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "webhook.updated"
        phrase: ClassVar[str] = "changed {object}{fields}"
        url: str | UnsetType = UNSET
        types: tuple[str, ...] | UnsetType | None = UNSET
        description: str | UnsetType | None = UNSET
        ordered: bool | UnsetType = UNSET

    class Paused(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "webhook.paused"
        phrase: ClassVar[str] = "paused {object}"
        status: str
        paused_reason: str

    class Resumed(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "webhook.resumed"
        phrase: ClassVar[str] = "set {object} active again"
        status: str
        paused_reason: None
        created_by: Owner | UnsetType = UNSET
        from_now: bool | UnsetType = UNSET

    class Disabled(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "webhook.disabled"
        phrase: ClassVar[str] = "disabled {object}, because its receiver no longer accepts events"
        status: str
        paused_reason: str

    class Rotated(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "webhook.rotated"
        phrase: ClassVar[str] = "gave {object} a new secret"
        secret_id: str
        previous_secret_id: str
        previous_until: str

    class Deleted(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "webhook.deleted"
        phrase: ClassVar[str] = "deleted {object}"
        status: str

    kind: ClassVar[str] = "webhook"
    id_prefix: ClassVar[str] = "whk"

    url: str
    types: tuple[str, ...] | None
    description: str | None
    ordered: bool
    scopes: tuple[str, ...]
    status: str
    secret_id: str

    @classmethod
    def create(
        cls,
        id: str,
        *,
        at: datetime,
        url: str,
        types: Sequence[str] | None,
        description: str | None,
        ordered: bool,
        scopes: Sequence[str],
        secret_id: str,
        created_by: Owner,
    ) -> Self:
        """Return a new active webhook. `types` are names of events or `invoice.*`; None means all that `scopes` show.

        `secret_id` is the id under which its encrypted secret is stored.
        """
        return cls.begin(
            id,
            cls.Created,
            at,
            url=url,
            types=_sorted(types),
            description=description,
            ordered=ordered,
            scopes=tuple(sorted(set(scopes))),
            secret_id=secret_id,
            status=ACTIVE,
            created_by=created_by,
        )

    def is_visible_to(self, scopes: Collection[str]) -> bool:
        """Return whether a key has all scopes of the webhook: otherwise it could redirect what it may not read."""
        return set(self.scopes) <= set(scopes)

    def change(self, at: datetime, **changes: Any) -> None:
        """Set these of `url`, `types`, `description` and `ordered`. Values that stay the same record no event."""
        if "types" in changes:
            changes["types"] = _sorted(changes["types"])
        self._require_undeleted()
        new = {name: value for name, value in changes.items() if value != getattr(self, name)}
        if new:
            self.record(self.Updated, at, **new)

    def pause(self, reason: str, at: datetime) -> None:
        """Stop deliveries until the webhook is resumed. Events that happen meanwhile are delivered then."""
        self._require_undeleted()
        if self.status == ACTIVE:
            self.record(self.Paused, at, status=PAUSED, paused_reason=reason)

    def resume(self, at: datetime, created_by: Owner, *, from_now: bool = False) -> None:
        """Set a paused or disabled webhook active again; from then on it belongs to `created_by`.

        It goes on where it stopped. With `from_now`, what was not delivered so far is skipped, also if it is active.
        """
        self._require_undeleted()
        if self.status != ACTIVE or from_now:
            skips = {"from_now": True} if from_now else {}
            self.record(self.Resumed, at, status=ACTIVE, paused_reason=None, created_by=created_by, **skips)

    def disable(self, reason: str, at: datetime) -> None:
        """Stop deliveries, because the receiver has failed for too long (FAILING) or said that it is GONE."""
        if self.status == ACTIVE:
            self.record(self.Disabled, at, status=DISABLED, paused_reason=reason)

    def rotate(self, secret_id: str, overlap: timedelta, at: datetime) -> None:
        """Replace the secret. For `overlap`, deliveries are also signed with the secret that was current until now.

        Raises Invalid for an overlap below zero or above MAX_SECRET_OVERLAP.
        """
        self._require_undeleted()
        if not timedelta(0) <= overlap <= MAX_SECRET_OVERLAP:
            message = f"must be between 0 and {MAX_SECRET_OVERLAP.days} days"
            raise Invalid([Violation("overlap", VALIDATION_FAILED, message)])
        until = instant(at + overlap)
        self.record(self.Rotated, at, secret_id=secret_id, previous_secret_id=self.secret_id, previous_until=until)

    def delete(self, at: datetime) -> None:
        """Delete the webhook for ever. Raises NotFound for a webhook that was deleted before."""
        self._require_undeleted()
        self.record(self.Deleted, at, status=DELETED)

    def _require_undeleted(self) -> None:
        if self.status == DELETED:
            raise NotFound(self.kind, self.id)


def _sorted(types: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if types is None else tuple(sorted(set(types)))
