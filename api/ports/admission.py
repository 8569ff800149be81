"""Admission: whose key a request carries, and whether the key has credit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from domain.window import CREDIT_WINDOW


class Admission(msgspec.Struct, frozen=True):
    """An admitted request: its organization and key, and the key's credits after this request."""

    org_id: str
    key_id: str
    scopes: Sequence[str]
    limit: int
    used: int
    first_at: datetime | None
    """When the oldest request in the window was admitted; None when the window is empty."""
    last_at: datetime | None
    """When the newest request in the window was admitted; None when the window is empty."""
    asked_at: datetime
    """When this request was admitted or refused."""
    readmitted_at: datetime | None = None
    """The instant from which the next request is admitted; None while the key has credit."""

    @property
    def remaining(self) -> int:
        return max(self.limit - self.used, 0)

    @property
    def reset_at(self) -> datetime | None:
        """When the next credit returns; None when no credit is spent."""
        return self.readmitted_at or (self.first_at and self.first_at + CREDIT_WINDOW)

    @property
    def fully_reset_at(self) -> datetime | None:
        """When all credits are back; None when no credit is spent."""
        return self.last_at and self.last_at + CREDIT_WINDOW


class AdmissionControl(Protocol):
    """Finds the key of a request and spends its credit."""

    def admit(self, key_hash: bytes, method: str, route: str, free: bool) -> Admission:
        """Spend one credit of the key with this hash, or none when the request is free. `route` is the path template.

        Raises UnknownKey, RevokedKey, ExpiredKey or CreditExhausted.
        """


class KeyRefused(Exception):
    """The key is not accepted."""


class UnknownKey(KeyRefused):
    """No key has this hash."""


class RevokedKey(KeyRefused):
    """The key was revoked."""


class ExpiredKey(KeyRefused):
    """The key has expired, or its secret was replaced and the overlap is over."""


class CreditExhausted(Exception):
    """All credits of the window are spent; the admission says when the next one returns."""

    def __init__(self, admission: Admission) -> None:
        self.admission = admission
        super().__init__(admission.key_id)
