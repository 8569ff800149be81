"""Admission: who a key is, and whether it has credit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from domain.window import CREDIT_WINDOW


class Admission(msgspec.Struct, frozen=True):
    """Whose key it is, and what is left of its credits after this request."""

    org_id: str
    key_id: str
    scopes: Sequence[str]
    limit: int
    used: int
    first_at: datetime | None
    """When the oldest request that still counts was admitted; None when none does."""
    last_at: datetime | None
    asked_at: datetime
    readmitted_at: datetime | None = None
    """Set when the key has no credit left: the instant from which its next request is admitted."""

    @property
    def remaining(self) -> int:
        return max(self.limit - self.used, 0)

    @property
    def reset_at(self) -> datetime | None:
        """When credit returns: the next request is admitted from then on, or one more than now."""
        return self.readmitted_at or (self.first_at and self.first_at + CREDIT_WINDOW)

    @property
    def fully_reset_at(self) -> datetime | None:
        """When none of the requests so far counts any more."""
        return self.last_at and self.last_at + CREDIT_WINDOW


class AdmissionControl(Protocol):
    """Admission: who a key is, and whether it has credit."""

    def admit(self, key_hash: bytes, method: str, route: str, free: bool) -> Admission:
        """Spend a credit, or only look when the request is free.

        Raises UnknownKey, RevokedKey, ExpiredKey or CreditExhausted.
        """


class KeyRefused(Exception):
    """The key does not open anything."""


class UnknownKey(KeyRefused):
    """No key has this hash."""


class RevokedKey(KeyRefused):
    """The key was revoked."""


class ExpiredKey(KeyRefused):
    """The key's time, or that of a secret which was rotated away, has run out."""


class CreditExhausted(Exception):
    """The window is full; the admission says when credit returns."""

    def __init__(self, admission: Admission) -> None:
        self.admission = admission
        super().__init__(admission.key_id)
