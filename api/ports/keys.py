"""The port for queries on API keys, for the console."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Protocol

import msgspec

from domain.api_key import state_at
from projections.views.keys import WorkingSecret


class KeyUse(msgspec.Struct, frozen=True, kw_only=True):
    """A key, its current credit window, and facts about its use."""

    id: str
    name: str
    last_four: str
    scopes: tuple[str, ...]
    status: str
    limit: int
    used: int
    last_day: int
    """The number of requests in the last 24 hours."""
    last_used_at: datetime | None
    expires_at: datetime | None
    earlier_secrets: tuple[WorkingSecret, ...]
    """The earlier secrets that still work, sorted by the time until which they work."""
    revoked_at: datetime | None
    created_at: datetime
    version: int
    manages_keys: bool
    """Whether requests with the key may manage other keys."""
    reset_at: datetime | None
    """The time at which the next spent credit returns to the key; None when no credit is spent."""
    fully_reset_at: datetime | None
    asked_at: datetime

    @property
    def state(self) -> str:
        """The state of the key now: active, revoked or expired."""
        return state_at(self.status, self.expires_at, self.asked_at)


class RouteUse(NamedTuple):
    """A route, and the number of requests of a key to it."""

    route: str
    requests: int


class KeyReads(Protocol):
    """Queries on the keys of an organization. Each query can raise Unavailable."""

    def list_keys(self, org_id: str, key_id: str | None = None, *, skip: int = 0, limit: int = 1) -> list[KeyUse]:
        """Return at most `limit` keys, without the first `skip` keys.

        Active keys come first, then the others; in both groups the newest key comes first. With `key_id`, return only
        this key, or an empty list if the organization has no such key.
        """

    def list_routes(self, org_id: str, key_id: str) -> list[RouteUse]:
        """Return the routes to which the key sent requests in the credit window, the most used route first."""
