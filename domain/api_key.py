"""API keys: issued with scopes to one organization, rotated with an overlap, revoked, or expired.

The raw key never enters the domain; it knows the SHA-256 hash and the last four characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Self

from domain.aggregate import Aggregate, Event
from domain.calendar import instant
from domain.errors import VALIDATION_FAILED, Invalid, InvalidTransition, Violation

SCOPES = ("billing:read", "billing:write", "leaves:read", "leaves:write")
DEFAULT_CREDIT_LIMIT = 1000
DEFAULT_OVERLAP = timedelta(hours=24)
LONGEST_OVERLAP = timedelta(days=7)


class ApiKey(Aggregate):
    """A secret's public half: who it belongs to, what it may do, and how often."""

    class Issued(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "api_key.issued"
        phrase: ClassVar[str] = "created {object}"
        name: str
        scopes: tuple[str, ...]
        credit_limit: int
        key_hash: str
        last_four: str
        expires_at: str | None
        status: str

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

    class Expired(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "api_key.expired"
        phrase: ClassVar[str] = "recorded that {object} has expired"
        status: str

    kind: ClassVar[str] = "api_key"
    noun: ClassVar[str] = "API key"

    status: str
    expires_at: str | None
    key_hash: str

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
    ) -> Self:
        """A new active key. Raises Invalid when it would expire before it begins."""
        if expires_at is not None and expires_at <= at:
            raise Invalid([Violation("expiresAt", VALIDATION_FAILED, "It must lie in the future.")])
        return cls.begin(
            id,
            cls.Issued,
            at,
            name=name,
            scopes=tuple(scope for scope in SCOPES if scope in scopes),
            credit_limit=credit_limit,
            key_hash=key_hash,
            last_four=last_four,
            expires_at=instant(expires_at) if expires_at else None,
            status="active",
        )

    def rotate(self, key_hash: str, last_four: str, overlap: timedelta, at: datetime) -> None:
        """Take a new secret; the present one keeps working for `overlap` (0 to 7 days), older ones stop now.

        Raises Invalid for an overlap out of bounds, InvalidTransition when the key is no longer active.
        """
        if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
            raise Invalid([Violation("overlap", VALIDATION_FAILED, "It must lie between 0 and 7 days.")])
        self._must_be_active("rotated")
        self.record(
            self.Rotated,
            at,
            key_hash=key_hash,
            last_four=last_four,
            previous_hash=self.key_hash,
            previous_until=instant(at + overlap),
        )

    def revoke(self, at: datetime) -> None:
        """Stop the key for good, at once; revoking it again changes nothing."""
        if self.status == "revoked":
            return
        self.record(self.Revoked, at, status="revoked", revoked_at=instant(at))

    def expire(self, at: datetime) -> None:
        """Record that the key's time has run out; for one that is still valid, or has ended otherwise, nothing happens.

        Admission goes by the clock and never waits for this event.
        """
        if self.status == "active" and self.expires_at is not None and self.expires_at <= instant(at):
            self.record(self.Expired, at, status="expired")

    def _must_be_active(self, wish: str) -> None:
        if self.status != "active":
            raise InvalidTransition("API key", self.status, wish, ())
