"""API keys. A key belongs to one organization and has scopes; it can be changed, be rotated, be revoked, or expire.

Rotating a key gives it a new secret. The earlier secret keeps working for a time that is called the overlap. The
aggregate never holds a secret, only its SHA-256 hash and its last four characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Self

from msgspec import UNSET, UnsetType

from domain.accounts.thresholds import record_use
from domain.aggregate import Aggregate, Event
from domain.calendar import instant
from domain.errors import Invalid
from domain.errors.api_key import KeyNotActive
from domain.errors.codes import VALIDATION_FAILED
from domain.errors.violation import Violation
from domain.reading import parse_instant
from domain.reading.network import parse_networks

ACTIVE, REVOKED, EXPIRED = "active", "revoked", "expired"
"""The states of a key."""
DEFAULT_CREDIT_LIMIT = 1000
DEFAULT_OVERLAP = timedelta(hours=24)
MAX_OVERLAP = timedelta(days=7)
"""The longest time that an earlier secret can keep working after a rotation."""


LATEST_EXPIRY = datetime(2100, 1, 1, 12, tzinfo=UTC)
"""The latest expiry of a key: the end of the year 2099 in UTC-12, the time zone where a year ends last."""


def expiry_problem(expires_at: datetime | None, at: datetime) -> str:
    """Return what is wrong with an expiry that is set at the time `at`; an empty text for a valid expiry.

    A key whose `expires_at` is None never expires.
    """
    if expires_at is None:
        return ""
    if expires_at <= at:
        return "must be in the future"
    return "" if expires_at <= LATEST_EXPIRY else "must be before 2100; leave it out for a key that does not expire"


def state_at(status: str, expires_at: datetime | None, at: datetime) -> str:
    """Return the state of a key at the time `at`: ACTIVE, REVOKED or EXPIRED.

    An expired key still has the status ACTIVE until the background worker records the expiry. Therefore the state is
    computed from the status and from `expires_at`.
    """
    is_over = expires_at is not None and expires_at <= at
    return EXPIRED if status == ACTIVE and is_over else status


class ApiKey(Aggregate):
    """A key of an organization, with its scopes, its limits and its expiry."""

    class Issued(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "api_key.issued"
        phrase: ClassVar[str] = "created {object}"
        name: str
        scopes: tuple[str, ...]
        credit_limit: int
        key_hash: str
        last_four: str
        expires_at: str | None
        allowed_cidrs: tuple[str, ...] | UnsetType = UNSET
        burst: int | UnsetType = UNSET
        status: str
        manages_keys: bool | UnsetType = UNSET
        threshold: int | UnsetType = UNSET
        """The threshold that the key had reached before its log was emptied."""

    class Updated(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "api_key.updated"
        phrase: ClassVar[str] = "changed {object}{fields}"
        name: str | UnsetType = UNSET
        scopes: tuple[str, ...] | UnsetType = UNSET
        credit_limit: int | UnsetType = UNSET
        expires_at: str | UnsetType | None = UNSET
        manages_keys: bool | UnsetType = UNSET
        allowed_cidrs: tuple[str, ...] | UnsetType = UNSET
        burst: int | UnsetType | None = UNSET

    class Rotated(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "api_key.rotated"
        phrase: ClassVar[str] = "rotated {object}"
        key_hash: str
        last_four: str
        previous_hash: str
        previous_until: str

    class Revoked(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "api_key.revoked"
        phrase: ClassVar[str] = "revoked {object}"
        status: str
        revoked_at: str
        found_at: str | UnsetType = UNSET
        """Where the secret was found in public, if the key was revoked for that."""

    class Expired(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "api_key.expired"
        phrase: ClassVar[str] = "recorded that {object} has expired"
        status: str

    class ThresholdReached(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "api_key.threshold_reached"
        phrase: ClassVar[str] = "recorded that {object} has used {threshold} of its credits"
        threshold: int

    class ThresholdLeft(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "api_key.threshold_left"
        phrase: ClassVar[str] = "recorded that credits of {object} have returned"
        threshold: int
        """The highest threshold that still counts as reached; 0 for none."""

    kind: ClassVar[str] = "api_key"
    id_prefix: ClassVar[str] = "key"
    noun: ClassVar[str] = "API key"

    name: str
    scopes: tuple[str, ...]
    credit_limit: int
    status: str
    expires_at: str | None
    key_hash: str
    last_four: str
    manages_keys: bool = False
    """Whether requests with the key may create, change, rotate and revoke other keys."""
    allowed_cidrs: tuple[str, ...] = ()
    """The networks from which the key may be used; empty for everywhere."""
    burst: int | None = None
    """How many requests the key may send in any second; None for any number."""

    threshold: int = 0
    """The highest threshold of the credit limit that counts as reached, in percent; 0 for none."""

    @classmethod
    def issue(
        cls,
        id: str,
        *,
        at: datetime,
        name: str,
        scopes: Sequence[str],
        credit_limit: int,
        key_hash: str,
        last_four: str,
        expires_at: datetime | None,
        manages_keys: bool = False,
        allowed_cidrs: Sequence[str] = (),
        burst: int | None = None,
    ) -> Self:
        """Return a new active key. Raises Invalid when `expires_at` is not in the future, or is after LATEST_EXPIRY.

        Raises InvalidValue if one of `allowed_cidrs` is no range of addresses.
        """
        _check_expiry(expires_at, at)
        rights = {"manages_keys": True} if manages_keys else {}
        return cls.begin(
            id,
            cls.Issued,
            at,
            name=name,
            scopes=_sorted(scopes),
            credit_limit=credit_limit,
            key_hash=key_hash,
            last_four=last_four,
            expires_at=_text(expires_at),
            allowed_cidrs=parse_networks(allowed_cidrs) or UNSET,
            burst=UNSET if burst is None else burst,
            status=ACTIVE,
            **rights,
        )

    def begun_again(self, at: datetime) -> Self:
        """Return the same key as a new aggregate, with its id and its present secret, for a log that was emptied."""
        own = {
            name: getattr(self, name) for name in self.Issued.__struct_fields__ if name not in Event.__struct_fields__
        }
        chosen = {name: value for name, value in own.items() if value != vars(ApiKey).get(name, UNSET)}
        return self.begin(self.id, self.Issued, at, **chosen)

    def change(self, at: datetime, **changes: Any) -> None:
        """Set some fields of `Updated`.

        Values that stay the same record no event.
        An earlier secret still stops working at the end of its overlap, also if the key itself now works longer.
        Raises KeyNotActive for a revoked or expired key, Invalid for a new expiry that is not in the future, or is
        after LATEST_EXPIRY, and InvalidValue if one of `allowed_cidrs` is no range of addresses.
        """
        self._require_active("changed", at)
        if "scopes" in changes:
            changes["scopes"] = _sorted(changes["scopes"])
        if "allowed_cidrs" in changes:
            changes["allowed_cidrs"] = parse_networks(changes["allowed_cidrs"])
        if "expires_at" in changes:
            _check_expiry(changes["expires_at"], at)
            changes["expires_at"] = _text(changes["expires_at"])
        if new := {name: value for name, value in changes.items() if value != getattr(self, name)}:
            self.record(self.Updated, at, **new)

    def rotate(self, key_hash: str, last_four: str, overlap: timedelta, at: datetime) -> None:
        """Replace the secret. The current secret keeps working for `overlap`, but not longer than the key itself.

        Secrets that were replaced by earlier rotations are not affected. Raises Invalid for an overlap below zero or
        above MAX_OVERLAP, and KeyNotActive for a revoked or expired key.
        """
        if not timedelta(0) <= overlap <= MAX_OVERLAP:
            raise Invalid([Violation("overlap", VALIDATION_FAILED, f"must be between 0 and {MAX_OVERLAP.days} days")])
        self._require_active("rotated", at)
        self.record(
            self.Rotated,
            at,
            key_hash=key_hash,
            last_four=last_four,
            previous_hash=self.key_hash,
            previous_until=min(filter(None, (instant(at + overlap), self.expires_at))),
        )

    def revoke(self, at: datetime, found_at: str | None = None) -> None:
        """Disable the key immediately and permanently. Revoking a revoked key records no event.

        `found_at` is where the secret was found in public; None if it was not.
        """
        if self.status == REVOKED:
            return
        reason = {} if found_at is None else {"found_at": found_at}
        self.record(self.Revoked, at, status=REVOKED, revoked_at=instant(at), **reason)

    def expire(self, at: datetime) -> None:
        """Record that the key has expired. Record no event if the key has not expired, or was revoked.

        A request with an expired key is refused even before this event is recorded.
        """
        if self.status != self._state_at(at):
            self.record(self.Expired, at, status=EXPIRED)

    def record_use(self, used: int, at: datetime) -> None:
        """Record which thresholds are reached or left when so many credits are used. An ended key records nothing."""
        if self._state_at(at) == ACTIVE:
            record_use(self, used, at)

    def may_manage_keys(self, at: datetime) -> bool:
        """Return whether requests with this key may manage other keys at the time `at`."""
        return self.manages_keys and self._state_at(at) == ACTIVE

    def _require_active(self, action: str, at: datetime) -> None:
        if (state := self._state_at(at)) != ACTIVE:
            raise KeyNotActive(state, action)

    def _state_at(self, at: datetime) -> str:
        expires_at = parse_instant(self.expires_at) if self.expires_at is not None else None
        return state_at(self.status, expires_at, at)


def _check_expiry(expires_at: datetime | None, at: datetime) -> None:
    if problem := expiry_problem(expires_at, at):
        raise Invalid([Violation("expiresAt", VALIDATION_FAILED, problem)])


def _text(expires_at: datetime | None) -> str | None:
    return None if expires_at is None else instant(expires_at)


def _sorted(scopes: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(set(scopes)))
