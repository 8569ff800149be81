"""The history of one object: each event with the object before and after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from domain.registry import kind_of
from projections.registry import ROWS
from projections.stored_event import ReadEvent, StoredEvent

_DERIVED_FIELDS = ("updatedAt", "version", "availableActions")
"""Fields that follow from the others; they are not listed as changes."""


class Change(NamedTuple):
    """One event of an object, and the object before and after it."""

    record: StoredEvent
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    def changes(self) -> dict[str, tuple[Any, Any]]:
        """Return the value before and after the event, for each field that it changed."""
        return compare_states(self.before, self.after)


def changes_of(history: Iterable[StoredEvent], read: ReadEvent) -> Iterator[Change]:
    """Yield one change for each event of an object; the events begin with its first one."""
    row, before = None, dict[str, Any]()
    for record in history:
        projection = ROWS[kind_of(record.name)]
        row = projection.fold(row, read(record))
        after = msgspec.json.decode(projection.to_json(row), type=dict[str, Any])
        yield Change(record, before, after)
        before = after


def compare_states(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return the two values of each field in which two states differ, apart from derived fields."""
    names = [*before, *(name for name in after if name not in before)]
    pairs = {name: (before.get(name), after.get(name)) for name in names if name not in _DERIVED_FIELDS}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1] and any(map(_holds_something, pair))}


def _holds_something(value: Any) -> bool:
    return value is not None and value != {}


def as_text(value: Any) -> str:
    """Return a field's value as text for people, on the command line and on pages."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()


def actor_of(record: StoredEvent) -> tuple[str, str]:
    """Return the type and the id of the actor; both are `unknown` when the metadata cannot be read."""
    try:
        actor = msgspec.json.decode(record.metadata, type=dict[str, Any])["actor"]
        return str(actor["type"]), str(actor["id"])
    except (msgspec.MsgspecError, LookupError, TypeError):
        return "unknown", "unknown"
