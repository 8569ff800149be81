"""The port for queries on the log."""

from __future__ import annotations

from typing import Protocol

from api.ports.admission import Caller
from projections.views.events import EventsPage, EventsQuery


class EventReads(Protocol):
    """Queries on the log of one organization."""

    def list_events(self, org_id: str, query: EventsQuery, caller: Caller | None = None) -> EventsPage:
        """Return a page of the log. Raises Unavailable, and PositionBeyondLog for a start beyond the end of the log.

        A caller without an admission is admitted in the same trip to the database. Then the method can also raise the
        errors of `AdmissionControl.admit`. `caller` is None for a signed-in user of the organization.
        """
