"""The port for queries on the log."""

from __future__ import annotations

from typing import Protocol

from projections.views.events import EventsPage, EventsQuery


class EventReads(Protocol):
    """Queries on the log of one organization."""

    def list_events(self, org_id: str, query: EventsQuery) -> EventsPage:
        """Return a page of the log. Raises Unavailable."""
