"""An object's history as people read it: each event with the object before and after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from domain.registry import kind_of
from projections.registry import ROWS
from projections.stored_event import ReadEvent, StoredEvent

_FOLLOWS = ("updatedAt", "version", "availableActions")
"""Fields that follow from the rest."""


class Change(NamedTuple):
    """One event of an object, and the object before and after it."""

    record: StoredEvent
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    def changes(self) -> dict[str, tuple[Any, Any]]:
        """What the event changed, field by field: before and after. `updatedAt` and `version` go without saying."""
        return differing(self.before, self.after)


def changes_of(history: Iterable[StoredEvent], read: ReadEvent) -> Iterator[Change]:
    """The steps of one object from its events, the first one first."""
    row, before = None, dict[str, Any]()
    for record in history:
        projection = ROWS[kind_of(record.name)]
        row = projection.fold(row, read(record))
        after = msgspec.json.decode(projection.answer(row), type=dict[str, Any])
        yield Change(record, before, after)
        before = after


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The fields in which two states differ."""
    names = [*before, *(name for name in after if name not in before)]
    pairs = {name: (before.get(name), after.get(name)) for name in names if name not in _FOLLOWS}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def as_text(value: Any) -> str:
    """A field's value as people read it, on the command line and on pages."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()


def actor_of(record: StoredEvent) -> tuple[str, str]:
    """Who it was: the type of actor, and its id; both are `unknown` where that cannot be read."""
    try:
        actor = msgspec.json.decode(record.metadata, type=dict[str, Any])["actor"]
        return str(actor["type"]), str(actor["id"])
    except (msgspec.MsgspecError, LookupError, TypeError):
        return "unknown", "unknown"
