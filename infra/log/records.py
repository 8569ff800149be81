"""The types for the rows of the log: an event, and the head."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import msgspec

COLUMNS = (
    "position, originator_id, originator_version, name, schema_version, state, metadata, recorded_at, personal, "
    "chain_hash"
)


FOLDED_COLUMNS = "position, originator_id, originator_version, name, schema_version, state, recorded_at, personal"
"""The columns from which rows are folded. The others are a third of an event's bytes."""


class FoldedRecord(msgspec.Struct, frozen=True, gc=False):
    """An event in an organization's log, without what only an auditor reads: a row of FOLDED_COLUMNS."""

    position: int
    originator_id: str
    originator_version: int
    name: str
    schema_version: int
    state: str
    recorded_at: datetime
    personal: str | None = None


class RecordedEvent(msgspec.Struct, frozen=True, gc=False):
    """An event in an organization's log: a row of COLUMNS.

    The event sourcing library can use it as its StoredEvent and as its Notification.
    """

    position: int
    originator_id: str
    originator_version: int
    name: str
    schema_version: int
    state: str
    """The event's own fields as JSON. In a log of format 2, personal values have gaps here (see proofs/personal.py)."""
    metadata: str
    recorded_at: datetime
    personal: str | None = None
    """The values for the gaps; None if the event has no gaps, and after they were erased."""
    chain_hash: bytes = b""

    @property
    def topic(self) -> str:
        """The event's name. The library calls it the topic."""
        return self.name

    @property
    def id(self) -> int:
        """The event's position. The library calls it the id."""
        return self.position


class Head(NamedTuple):
    """The end of an organization's log: the position and the chain hash of its last event."""

    position: int
    chain_hash: bytes
