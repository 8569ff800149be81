"""The attributes of a stored event that projections use, and the error for an event that cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from domain.aggregate import Event


class FoldedEvent(Protocol):
    """The attributes of a stored event from which a row is folded."""

    @property
    def position(self) -> int:
        """The place of the event in the organization's log: 1, 2, 3 and so on, without gaps."""

    @property
    def originator_id(self) -> str:
        """The id of the aggregate."""

    @property
    def originator_version(self) -> int:
        """The version of the aggregate after this event."""

    @property
    def name(self) -> str:
        """The stored name of the event, such as `invoice.sent`."""

    @property
    def schema_version(self) -> int:
        """The version of the event's own fields."""

    @property
    def state(self) -> str:
        """The event's own fields as JSON, in a log of format 2 with gaps for personal values."""

    @property
    def personal(self) -> str | None:
        """The personal values for the gaps; None if there are none, and after they were erased."""

    @property
    def recorded_at(self) -> datetime:
        """The time of the command. A later position has a later time."""


class StoredEvent(FoldedEvent, Protocol):
    """An event as the log stores it. The records that `infra/log` reads have these attributes."""

    @property
    def metadata(self) -> str:
        """The actor and the ids of the request as JSON."""

    @property
    def chain_hash(self) -> bytes:
        """The hash of this event and of all events before it."""


ReadEvent = Callable[[Any], Event]
"""A function that decodes a stored event. It may raise any exception when the event cannot be decoded."""


class UnreadableEvent(Exception):
    """A stored event cannot be decoded or folded, because of a bug or damaged data. The message names the event."""

    def __init__(self, org_id: str, event: FoldedEvent, cause: Exception) -> None:
        self.org_id, self.position, self.name = org_id, event.position, event.name
        reason = f"{type(cause).__name__}: {cause}"
        super().__init__(f"{org_id}: the event '{event.name}' at position {event.position} cannot be read: {reason}")
