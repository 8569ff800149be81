"""Keys as the console shows them, with their credit windows."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import msgspec


class KeyUse(msgspec.Struct, frozen=True, kw_only=True):
    """A key with its credit window as it stands now, and how it was used."""

    id: str
    name: str
    last_four: str
    scopes: tuple[str, ...]
    status: str
    limit: int
    used: int
    last_day: int
    """Requests in the last 24 hours."""
    last_used_at: datetime | None
    expires_at: datetime | None
    previous_until: datetime | None
    """Until when the secret that was rotated away still works."""
    revoked_at: datetime | None
    created_at: datetime
    reset_at: datetime | None
    """When credit returns: the next request is admitted from then on, or one more than now."""
    fully_reset_at: datetime | None
    asked_at: datetime

    @property
    def state(self) -> str:
        """Whether it opens anything now: the clock is ahead of the event that records an expiry."""
        is_over = self.expires_at is not None and self.expires_at <= self.asked_at
        return "expired" if self.status == "active" and is_over else self.status


class KeyReads(Protocol):
    """An organization's keys as the console shows them."""

    def keys(self, org_id: str, key_id: str | None = None, *, skip: int = 0, limit: int = 1) -> list[KeyUse]:
        """So many of them after the first ones, those that work before those that have ended, the newest first; or the
        one, if there is such a key."""

    def requests(self, org_id: str, key_id: str) -> list[tuple[str, int]]:
        """How often the key asked for each route in the last 30 days, the most used one first."""
