"""Queries of the console's pages Home and Activity."""

from __future__ import annotations

from typing import Protocol

from projections.views.activity import ActivityPage, ActivityQuery, History, Proof
from projections.views.home import Home


class Overview(Protocol):
    """An organization's sums, its log, and how far the log's chain is verified. Each method raises Unavailable."""

    def get_home(self, org_id: str) -> Home:
        """Return what is outstanding and what waits for a decision now."""

    def list_activity(self, org_id: str, query: ActivityQuery) -> ActivityPage:
        """Return a page of the log, newest entries first."""

    def get_history(self, org_id: str, id: str, before: int | None, limit: int) -> History:
        """Return an object's events below a version, newest first. Raises NotFound."""

    def get_proof(self, org_id: str) -> Proof:
        """Return how far the chain is verified."""

    def verify_chain(self, org_id: str, *, again: bool) -> Proof:
        """Verify the next part of the chain, as much as fits in a request; `again` begins at the first event."""
