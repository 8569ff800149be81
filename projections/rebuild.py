"""Folding whole logs: rows from a stream of events, and what stops an organization's rebuild."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple, Protocol

from domain.aggregate import Event
from projections.projection import RowProjection


class UnreadableEvent(Exception):
    """A projection cannot take an event: a bug, or a damaged state. Nothing of it is passed over in silence."""

    def __init__(self, org_id: str, position: int, name: str, reason: str) -> None:
        self.org_id, self.position, self.name, self.reason = org_id, position, name, reason
        super().__init__(f"{org_id}: the event '{name}' at position {position} cannot be taken: {reason}")


class Stored(Protocol):
    """What of a stored event a rebuild needs."""

    @property
    def position(self) -> int: ...
    @property
    def originator_id(self) -> str: ...
    @property
    def name(self) -> str: ...


class Folded(NamedTuple):
    """One aggregate's row, and from how many events."""

    id: str
    row: Any
    events: int


def fold_log(
    org_id: str,
    projection: RowProjection[Any],
    records: Iterable[Stored],
    read: Callable[[Any], Event],
    skipped: Collection[int] = (),
) -> Iterator[Folded]:
    """The rows of an organization's aggregates from their events, which come sorted by aggregate and version.

    Raises UnreadableEvent at the first event that cannot be read or folded, unless its position is in `skipped`.
    """
    for id, history in groupby(records, key=lambda record: record.originator_id):
        row, count = None, 0
        for record in history:
            count += 1
            if record.position in skipped:
                continue
            try:
                row = projection.fold(row, read(record))
            except Exception as error:
                raise UnreadableEvent(
                    org_id, record.position, record.name, f"{type(error).__name__}: {error}"
                ) from error
        if row is not None:
            yield Folded(id, row, count)
