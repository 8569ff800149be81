"""What Home and Activity need from outside."""

from __future__ import annotations

from typing import Protocol

from projections.views.activity import ActivityPage, ActivityQuery, History, Proof
from projections.views.home import Home


class Overview(Protocol):
    """An organization's sums, its log as people read it, and the proof of its chain."""

    def home(self, org_id: str) -> Home:
        """What is outstanding and what waits, up to this instant."""

    def activity(self, org_id: str, query: ActivityQuery) -> ActivityPage:
        """A page of the log, the newest entries first."""

    def history(self, org_id: str, id: str, before: int | None, limit: int) -> History:
        """An object's steps below that version, the newest first. Raises NotFound."""

    def proof(self, org_id: str) -> Proof:
        """Up to where the chain was verified."""

    def verify(self, org_id: str, *, again: bool) -> Proof:
        """Verify the next part of the chain, as much as a request may take; `again` begins at the first event."""
