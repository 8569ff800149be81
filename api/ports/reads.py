"""The ports for queries on objects: a page of a list, and the current or a past state of one object."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from api.ports.admission import Caller
from api.ports.users.views import ListOfViews, SavedView
from commands.unit_of_work import Unavailable
from projections.query.listing import Listing
from projections.query.page import ListQuery, Page
from projections.views.events import Moment


class StoredObject(NamedTuple):
    """An object as JSON, and its version."""

    body: bytes
    version: int


class PastRowsMissing(Unavailable):
    """A list as it was cannot be read now: the background worker has too many events to read."""


class ObjectReads(Protocol):
    """Queries on the objects of the caller's organization.

    A query admits a caller without an admission in the same round trip to the database; only `get_past` makes a round
    trip more. Each query can raise Unavailable and, when it admits the caller, the errors of `AdmissionControl.admit`.
    """

    def list_page(self, caller: Caller, query: ListQuery) -> Page:
        """Return a page of a list. With a moment, it is admitted first, and takes two round trips more.

        Then it also raises InTheFuture and PastRowsMissing.
        """

    def get(self, caller: Caller, listing: Listing, id: str) -> StoredObject | None:
        """Return the current state of an object; None when there is no such object."""

    def get_past(self, caller: Caller, kind: str, id: str, moment: Moment) -> StoredObject | None:
        """Return the state of an object at a moment, folded from its events; None if there is no such object.

        Raises InTheFuture for a moment in the future, and NoVersionYet for a time before its first event.
        """

    def exists(self, caller: Caller, listing: Listing, id: str) -> bool:
        """Return whether the organization has an object with this id in the list."""


class MemberReads(Protocol):
    """Queries of a signed-in user on the objects of the organization. Each takes one round trip to the database.

    Each method can raise Unavailable. Whether the user's role shows the objects is checked before.
    """

    def list_page(self, org_id: str, query: ListQuery) -> Page:
        """Return a page of a list. With a moment, it also raises InTheFuture and PastRowsMissing."""

    def get(self, org_id: str, listing: Listing, id: str) -> StoredObject | None:
        """Return the current state of an object; None when there is no such object."""

    def get_past(self, org_id: str, kind: str, id: str, moment: Moment) -> StoredObject | None:
        """Return the state of an object at a moment, as `ObjectReads.get_past` does."""

    def list_with_views(self, query: ListQuery, views: ListOfViews) -> tuple[Page, Sequence[SavedView]]:
        """Return a page of a list, and the saved views of the list that the user sees."""

    def is_longer(self, org_id: str, query: ListQuery) -> bool:
        """Return whether the list has more rows than the page may have. It is a long read."""


class PrintingTimedOut(Unavailable):
    """A PDF was not made before the deadline, or too many others wait for their turn."""


class PrintedObject(NamedTuple):
    """The PDF of an object in one version."""

    etag: str
    """The ETag, with its quotes. The same ETag means the same bytes."""
    file_name: str
    """The name under which it is saved, with the number of the object."""
    content: Callable[[], bytes]
    """Returns the bytes, and makes them if they are not kept. Raises PrintingTimedOut."""


class Printing(Protocol):
    """Makes the PDFs of objects. That of a sent document is made once for each version, and kept."""

    def print(self, org_id: str, kind: str, stored: StoredObject) -> PrintedObject:
        """Return the PDF of an object that the caller may read. Raises Unavailable."""
