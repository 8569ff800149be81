"""Where queries are answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from projections.query.listing import Listing, ListQuery
from projections.views.account import AccountFacts
from projections.views.events import EventsPage, EventsQuery, Moment


class Reads(Protocol):
    """Where queries are answered, each within one organization."""

    def page(self, org_id: str, query: ListQuery) -> list[tuple[Any, ...]]:
        """The rows of a list's page, and one more where there is one."""

    def one(self, org_id: str, listing: Listing, id: str) -> tuple[bytes, int] | None:
        """One object as JSON, and its version."""

    def past(self, org_id: str, kind: str, id: str, moment: Moment) -> tuple[bytes, int] | None:
        """One object as it then was, folded from its events; None when it was not there yet.

        Raises InTheFuture for a moment that has not come.
        """

    def events(self, org_id: str, query: EventsQuery) -> EventsPage:
        """A page of the organization's log."""

    def has(self, org_id: str, listing: Listing, id: str) -> bool:
        """Whether there is such an object."""

    def account(self, org_id: str, key_id: str, presented: str) -> AccountFacts:
        """The organization and the key, as `GET /me` shows them to who `presented` a secret with these last four
        characters."""

    def usage(
        self, org_id: str, key_id: str, granularity: str, start: datetime, end: datetime
    ) -> list[tuple[datetime, int]]:
        """The key's credits after `start` up to `end`, for each day or hour of the organization's time zone."""
