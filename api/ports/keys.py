"""The port for queries on API keys, for the console."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

import msgspec

from domain.api_key import state_at
from projections.query.page import ListQuery, Page
from projections.views.keys import WorkingSecret

LEAK_NOTICE_DAYS = 30
"""For how many days Home shows that a key was found in public."""


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
    allowed_cidrs: tuple[str, ...]
    """The networks from which the key may be used; empty for everywhere."""
    burst: int | None
    """How many requests the key may send in any second; None for any number."""
    earlier_secrets: tuple[WorkingSecret, ...]
    """The earlier secrets that still work, sorted by the time until which they work."""
    revoked_at: datetime | None
    created_at: datetime
    version: int
    manages_keys: bool
    """Whether requests with the key may manage other keys."""
    found_at: str | None
    """Where the secret was found in public, if the key was revoked for that; None otherwise."""
    reset_at: datetime | None
    """The time at which the next spent credit returns to the key; None when no credit is spent."""
    fully_reset_at: datetime | None
    asked_at: datetime

    @property
    def state(self) -> str:
        """The state of the key now: active, revoked or expired."""
        return state_at(self.status, self.expires_at, self.asked_at)


class BudgetUse(NamedTuple):
    """The credits that all keys of an organization share, and how many are used of them."""

    limit: int
    used: int
    reset_at: datetime | None
    """The time at which the next spent credit returns; None when no credit is spent."""
    fully_reset_at: datetime | None
    version: int
    """The version of the budget, for a change that must not overwrite another one."""

    @property
    def remaining(self) -> int:
        return max(self.limit - self.used, 0)


class ThresholdNotice(NamedTuple):
    """An active key that has used a part of its credits, for the page Home; or the budget of the organization."""

    id: str
    name: str | None
    """The name of the key; None for the budget."""
    threshold: int
    """The highest threshold that counts as reached, in percent."""


class RouteUse(NamedTuple):
    """A route, and the number of requests of a key to it."""

    route: str
    requests: int


class LeakedKey(NamedTuple):
    """A key whose secret, with this hash, was found in public."""

    org_id: str
    key_id: str
    hash: bytes


class LeakNotice(NamedTuple):
    """A key that was revoked because its secret was found in public, for the page Home."""

    id: str
    name: str
    found_at: str
    revoked_at: datetime


class LeakReports(Protocol):
    """Checks reports of keys that were found in public."""

    def is_signed(self, identifier: str, signature: str, body: bytes) -> bool:
        """Return whether `signature`, in Base64, is that of the body with the public key of this identifier.

        Raises Unavailable while the public keys are not loaded.
        """

    def find_working(self, hashes: Sequence[bytes]) -> list[LeakedKey]:
        """Return the keys of all organizations whose secrets have these hashes and still work. Raises Unavailable."""


class KeyReads(Protocol):
    """Queries on the keys of an organization. Each query can raise Unavailable."""

    def list_keys(
        self, org_id: str, ids: Sequence[str] | None = None, *, search: str = "", skip: int = 0, limit: int = 1
    ) -> list[KeyUse]:
        """Return at most `limit` keys, without the first `skip` keys.

        Active keys come first, then the others; in both groups the newest key comes first. With `ids`, return all keys
        of the organization that have one of these ids. With `search`, return only keys that the search
        of `GET /keys` finds; raises InvalidValue for a text that it refuses.
        """

    def get_budget(self, org_id: str) -> BudgetUse | None:
        """Return the budget of the organization; None if it has none."""

    def list_thresholds(self, org_id: str) -> list[ThresholdNotice]:
        """Return the budget and at most 20 active keys that have reached a threshold, the highest threshold first."""

    def list_leaked(self, org_id: str) -> list[LeakNotice]:
        """Return the keys that were revoked in the last LEAK_NOTICE_DAYS days because they were found in public."""

    def list_requests(self, org_id: str, query: ListQuery) -> Page:
        """Return a page of the requests that the keys have sent. `query` is one of REQUEST_LIST."""

    def list_routes(self, org_id: str, key_id: str) -> list[RouteUse]:
        """Return the routes to which the key sent requests in the credit window, the most used route first."""
