"""The history of one object: its events, with the state of the object before and after each event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from domain.registry import kind_of
from projections.folding.stored_event import ReadEvent, StoredEvent
from projections.projection import RowProjection
from projections.registry import ROWS

_DERIVED_FIELDS = ("updatedAt", "version", "erased", "availableActions", "taxSummary")
"""Fields that are computed from others or from the log. They are not listed as changes."""


class Change(NamedTuple):
    """One event of an object, with the state of the object before and after it. A state is the resource as JSON."""

    record: StoredEvent
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    def changes(self) -> dict[str, tuple[Any, Any]]:
        """Return the values before and after the event, for each field that the event changed."""
        return compare_states(self.before, self.after)


def changes_of(history: Iterable[StoredEvent], read: ReadEvent, row: Any = None) -> Iterator[Change]:
    """Yield a Change for each of these events of an object.

    `row` is the row of the object before these events; None if they begin with the object's first event.
    """
    before: dict[str, Any] | None = None
    for record in history:
        projection = ROWS[kind_of(record.name)]
        if before is None:
            before = {} if row is None else _state(projection, row)
        row = projection.fold(row, read(record))
        after = _state(projection, row)
        yield Change(record, before, after)
        before = after


def _state(projection: RowProjection[Any], row: Any) -> dict[str, Any]:
    return msgspec.json.decode(projection.to_json(row), type=dict[str, Any])


def compare_states(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return, for each field that differs between two states, both values. Computed fields are left out."""
    names = [*before, *(name for name in after if name not in before)]
    pairs = {name: (before.get(name), after.get(name)) for name in names if name not in _DERIVED_FIELDS}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1] and any(map(_holds_something, pair))}


def _holds_something(value: Any) -> bool:
    return value is not None and value != {}


def as_text(value: Any) -> str:
    """Return a field's value as a text for people. The command line and pages show it."""
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
