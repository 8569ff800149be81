"""Queries on keys with their credit windows, for the console."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Protocol

import msgspec

from domain.api_key import state_at
from projections.views.keys import WorkingSecret


class KeyUse(msgspec.Struct, frozen=True, kw_only=True):
    """A key, its credit window as it is now, and how the key was used."""

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
    earlier_secrets: tuple[WorkingSecret, ...]
    """The earlier secrets that still work, sorted by the time until which they work."""
    revoked_at: datetime | None
    created_at: datetime
    reset_at: datetime | None
    """When credit returns: one more request is admitted from then on."""
    fully_reset_at: datetime | None
    asked_at: datetime

    @property
    def state(self) -> str:
        """Whether it is active, revoked or expired now, by the clock."""
        return state_at(self.status, self.expires_at, self.asked_at)


class RouteUse(NamedTuple):
    """The number of a key's requests to one route."""

    route: str
    requests: int


class KeyReads(Protocol):
    """Queries on an organization's keys. Each raises Unavailable."""

    def list_keys(self, org_id: str, key_id: str | None = None, *, skip: int = 0, limit: int = 1) -> list[KeyUse]:
        """Return `limit` keys after the first `skip`: active keys first, then the newest first.

        With `key_id`, return that key, or an empty list when the organization has no such key.
        """

    def list_routes(self, org_id: str, key_id: str) -> list[RouteUse]:
        """Return the routes that the key requested in the credit window, the most used one first."""
