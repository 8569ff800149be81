"""Compares an aggregate that was taken from its stored row with the aggregate that its events have led to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain.aggregate import Aggregate, Event
from projections.registry import ROWS
from projections.restored import RestoredProjection

NOT_A_STATE = frozenset(("from_now",))
"""Fields of events that say how to do something once. No rule reads them from the aggregate."""


def check_restored(aggregate: type[Aggregate], events: Sequence[Event]) -> None:
    """Fail unless the stored row of these events gives back the row and the aggregate that the events lead to."""
    projection: Any = ROWS[aggregate.kind]
    assert isinstance(projection, RestoredProjection)
    row: Any = projection.fold_all(events)
    values = projection.values(row)
    stored = dict(zip(projection.columns, values, strict=True))
    restored = projection.restore(*(_from_database(stored[name]) for name in projection.restored_from))
    assert (projection.values(restored), projection.to_json(restored)) == (values, projection.to_json(row))
    assert repr(restored) == repr(row)
    assert_same(projection.aggregate_of(restored), folded(aggregate, events))


def folded(aggregate: type[Aggregate], events: Sequence[Event]) -> Aggregate:
    """Return the aggregate that these events lead to."""
    found = aggregate.empty(events[0].originator_id)
    for event in events:
        event.mutate(found)
    return found


def assert_same(restored: Aggregate, other: Aggregate) -> None:
    """Fail unless all attributes are equal, and are written equally: the decimals 100.00 and 100 differ."""
    assert type(restored) is type(other)
    for name in (vars(restored).keys() | vars(other).keys()) - NOT_A_STATE:
        values = getattr(restored, name, None), getattr(other, name, None)
        assert values[0] == values[1], name
        assert name.startswith("_") or repr(values[0]) == repr(values[1]), name


def _from_database(value: Any) -> Any:
    return value.encode() if isinstance(value, str) else value
