"""Remembers the statements of recent lists, because reading query parameters takes longer than looking them up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from projections.query.listing import Listing
from projections.query.page import ListQuery

MAX_QUERIES = 500


class RecentQueries:
    """The first pages of one kind of list that were requested lately. When there are MAX_QUERIES, all are forgotten.

    A later page is not remembered: few clients request the same cursor twice.
    """

    def __init__(self, listing: Listing) -> None:
        self._listing = listing
        self._queries: dict[tuple[str, tuple[tuple[str, str], ...]], ListQuery] = {}

    def query(self, org_id: str, params: Mapping[str, Any]) -> ListQuery:
        """Return the statement of the page, as `Listing.query` does. Raises InvalidQuery."""
        if "cursor" in params or list in map(type, params.values()):  # a parameter that was sent twice is refused
            return self._listing.query(org_id, params)
        key = (org_id, tuple(params.items()))
        found = self._queries.get(key)
        if found is None:
            found = self._listing.query(org_id, params)
            if len(self._queries) >= MAX_QUERIES:
                self._queries.clear()
            self._queries[key] = found
        return found
