"""API keys as the console shows them, with their credit windows."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import msgspec


class KeyUse(msgspec.Struct, frozen=True, kw_only=True):
    """A key, its credit window at `asked_at`, and its use."""

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
    """Until when the previous secret works after a rotation; None when there is none."""
    revoked_at: datetime | None
    created_at: datetime
    reset_at: datetime | None
    """When the next credit returns; None when no credit is spent."""
    fully_reset_at: datetime | None
    asked_at: datetime

    @property
    def state(self) -> str:
        """The status at `asked_at`: a key expires by the clock, before the event that records it."""
        is_over = self.expires_at is not None and self.expires_at <= self.asked_at
        return "expired" if self.status == "active" and is_over else self.status


class KeyReads(Protocol):
    """An organization's keys as the console shows them."""

    def keys(self, org_id: str, key_id: str | None = None, *, skip: int = 0, limit: int = 1) -> list[KeyUse]:
        """Return `limit` keys after the first `skip`: working keys before ended ones, newest first.

        With `key_id`, return that key, or nothing when there is none.
        """

    def requests(self, org_id: str, key_id: str) -> list[tuple[str, int]]:
        """Return each route with the number of requests in the last 30 days, most used first."""
