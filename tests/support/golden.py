"""The stored events of all versions so far (`tests/golden/events.jsonl`)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from eventsourcing.persistence import StoredEvent

from domain.aggregate import Event
from infra.log.mapper import MAPPER, SplitEvent
from infra.log.records import FoldedRecord

GOLDEN = Path(__file__).parents[1] / "golden" / "events.jsonl"
AT = datetime(2026, 1, 10, 9, 30, 15, 123456, tzinfo=UTC)


def golden_events() -> list[Event]:
    """Return the events of the golden file in their present form."""
    lines = map(json.loads, GOLDEN.read_text("utf-8").splitlines())
    return [
        MAPPER.event(FoldedRecord(1, "inv_1", 1, line["name"], line["schemaVersion"], line["state"], AT))
        for line in lines
    ]


def record_of(stored: StoredEvent) -> FoldedRecord:
    """Return the row of a stored event of the golden file."""
    personal = stored.personal if isinstance(stored, SplitEvent) else None
    return FoldedRecord(1, "inv_1", 1, stored.topic, 1, stored.state.decode(), AT, personal)
