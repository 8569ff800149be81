"""A stored event, as far as projections need to know it, and the error for one that cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from domain.aggregate import Event


class StoredEvent(Protocol):
    """One row of an organization's log; the log's own records have this shape."""

    @property
    def position(self) -> int:
        """The place in the organization's log, from 1 on, without gaps."""

    @property
    def originator_id(self) -> str:
        """The id of the aggregate."""

    @property
    def originator_version(self) -> int:
        """The version of the aggregate after this event."""

    @property
    def name(self) -> str:
        """The stable stored name, such as `invoice.sent`."""

    @property
    def schema_version(self) -> int:
        """The version of the event's own fields."""

    @property
    def state(self) -> str:
        """The event's own fields, as JSON."""

    @property
    def metadata(self) -> str:
        """The actor and the ids of the request, as JSON."""

    @property
    def recorded_at(self) -> datetime:
        """The time of the commit; it rises with the position."""

    @property
    def chain_hash(self) -> bytes:
        """The hash over this event and all before it."""


ReadEvent = Callable[[Any], Event]
"""Returns the event that a stored event holds; raises an exception of any type when it cannot be read."""


class UnreadableEvent(Exception):
    """An event that cannot be read or folded, because of a bug or a damaged state. No event is left out silently."""

    def __init__(self, org_id: str, event: StoredEvent, cause: Exception) -> None:
        self.org_id, self.position, self.name = org_id, event.position, event.name
        reason = f"{type(cause).__name__}: {cause}"
        super().__init__(f"{org_id}: the event '{event.name}' at position {event.position} cannot be read: {reason}")
