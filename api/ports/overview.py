"""What the pages Home and Activity need from outside."""

from __future__ import annotations

from typing import Protocol

from projections.views.activity import ActivityPage, ActivityQuery, History, Proof
from projections.views.home import Home


class Overview(Protocol):
    """An organization's balances, its log, and the proof of its hash chain. Each method raises Unavailable."""

    def home(self, org_id: str) -> Home:
        """Return what is outstanding and what waits for a decision, up to now."""

    def activity(self, org_id: str, query: ActivityQuery) -> ActivityPage:
        """Return a page of the log, newest entries first."""

    def history(self, org_id: str, id: str, before: int | None, limit: int) -> History:
        """Return the changes of an object below version `before`, newest first. Raises NotFound."""

    def proof(self, org_id: str) -> Proof:
        """Return the position up to which the chain is verified."""

    def verify(self, org_id: str, *, again: bool) -> Proof:
        """Verify the next part of the chain, no more than fits a request. `again` starts at the first event."""
