"""The ports for the queries of the console's pages Home, Activity, and Settings → Security."""

from __future__ import annotations

from typing import Protocol

from projections.views.activity import ActivityPage, ActivityQuery, ChainCheck, History
from projections.views.home import Home
from projections.views.security_events import SecurityPage, SecurityQuery


class Overview(Protocol):
    """Queries on an organization's sums and log, and the verification of its hash chain.

    Each method can raise Unavailable.
    """

    def get_home(self, org_id: str) -> Home:
        """Return the data of the page Home: outstanding amounts, drafts, and leaves that wait for a decision."""

    def list_activity(self, org_id: str, query: ActivityQuery) -> ActivityPage:
        """Return a page of the log, the newest entries first."""

    def get_history(self, org_id: str, id: str, before: int | None, limit: int) -> History:
        """Return at most `limit` events of an object, the newest first. Raises NotFound.

        Only events before the version `before` are returned; None begins at the newest event.
        """

    def get_chain_check(self, org_id: str) -> ChainCheck:
        """Return the result of the last verification of the hash chain."""

    def verify_chain(self, org_id: str, *, again: bool) -> ChainCheck:
        """Verify the next part of the hash chain, as long as one request may take, and return the result.

        With `again`, begin at the first event.
        """


class SecurityReads(Protocol):
    """Queries on security events. Each method can raise Unavailable."""

    def list_events(self, org_id: str, query: SecurityQuery) -> SecurityPage:
        """Return a page of the organization's security events, the newest first."""
