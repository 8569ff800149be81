"""A row of the log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

COLUMNS = "position, originator_id, originator_version, name, schema_version, state, metadata, recorded_at, chain_hash"


class RecordedEvent(msgspec.Struct, frozen=True, gc=False):
    """An event as it stands in an organization's log.

    It has the attributes of the library's StoredEvent and Notification, and those that the log adds.
    """

    position: int
    originator_id: str
    originator_version: int
    name: str
    schema_version: int
    state: str
    metadata: str
    recorded_at: datetime
    chain_hash: bytes

    @property
    def topic(self) -> str:
        """What the library calls the name."""
        return self.name

    @property
    def id(self) -> int:
        """What the library calls the position."""
        return self.position


def records(rows: list[tuple[Any, ...]]) -> list[RecordedEvent]:
    """Rows of COLUMNS as records."""
    return [RecordedEvent(*row) for row in rows]
