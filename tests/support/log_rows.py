"""Converts rows of the log that a test has selected with its own SQL."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from infra.log.records import RecordedEvent


def records(rows: Iterable[tuple[Any, ...]]) -> list[RecordedEvent]:
    """Return rows of COLUMNS as RecordedEvents."""
    return [RecordedEvent(*row) for row in rows]
