"""Queries on objects: the lists of each kind, and one object now or as it was."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from api.ports.admission import Caller
from projections.query.listing import Listing
from projections.query.page import ListQuery, ListRow
from projections.views.events import Moment


class StoredObject(NamedTuple):
    """An object as JSON, and its version."""

    body: bytes
    version: int


class ObjectReads(Protocol):
    """Queries on the objects of the caller's organization.

    Each query first admits a caller that was not admitted before, in the same round trip to the database.
    Such a query also raises the errors of `AdmissionControl.admit`. Each query raises Unavailable.
    """

    def list_page(self, caller: Caller, query: ListQuery) -> list[ListRow]:
        """Return the rows of a page, and one more row if there is a next page."""

    def get(self, caller: Caller, listing: Listing, id: str) -> StoredObject | None:
        """Return an object as it is; None when there is no such object."""

    def get_past(self, caller: Caller, kind: str, id: str, moment: Moment) -> StoredObject | None:
        """Return an object as it was, folded from its events; None when it did not exist yet.

        Raises InTheFuture for a moment that has not come.
        """

    def exists(self, caller: Caller, listing: Listing, id: str) -> bool:
        """Return whether there is such an object."""
