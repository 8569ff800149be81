"""The rows of objects, such as invoices, as they were until a later event: what lists with `asOf` read.

A row stands for the time from its last change to the next change of its object, which is `until`. The present row of an
object is not here: its own table has it. So only a change of an existing object adds a row, and no row ever changes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, ClassVar, NamedTuple

from domain.registry import kind_of
from projections.folding.stored_event import FoldedEvent, ReadEvent, UnreadableEvent
from projections.projection import FollowingProjection, RowProjection
from projections.query.past.cells import cell_of

_FORM = -2
"""The version of what this module writes. The version of the projection also depends on the rows that it keeps: another
kind of object makes this number smaller by the version of its rows, because no event was stored of it before."""
_COLUMNS = (
    "status",
    "party_id",
    "document_id",
    "first_day",
    "second_day",
    "total_amount",
    "number",
    "type",
    "is_overdue",
    "name_key",
    "is_client",
    "is_vendor",
    "search",
    "beginnings",
    "metadata_keys",
    "created_at",
    "updated_at",
    "summary",
    "details",
)


class PastRow(NamedTuple):
    """The row of an object after its event `version`, until its next change. `values` are those of the columns."""

    id: str
    version: int
    values: tuple[Any, ...]


class PastRows(FollowingProjection):
    name: ClassVar[str] = "past_rows"
    table: ClassVar[str] = "past_rows"
    checkpoint_table: ClassVar[str] = "past_row_progress"
    columns: ClassVar[tuple[str, ...]] = ("kind", "cell", "until", *_COLUMNS)
    """The columns of the table after `org_id`, `id` and `version`."""

    def __init__(self, projections: Iterable[RowProjection[Any]]) -> None:
        """`projections` are those whose earlier rows are kept."""
        self._projections = {each.kind: each for each in projections if each.past_names is not None}

    @property
    def version(self) -> int:  # type: ignore[override]
        """A new version of one of the projections is a new version here."""
        return _FORM + sum(each.version for each in self._projections.values())

    @property
    def kinds(self) -> Collection[str]:
        """The kinds of objects whose earlier rows are kept."""
        return self._projections.keys()

    def concerns(self, event: FoldedEvent) -> bool:
        """Return whether an event ends the time of an earlier row."""
        return event.originator_version > 1 and kind_of(event.name) in self._projections

    def rows(
        self, org_id: str, log: Iterable[FoldedEvent], read: ReadEvent, skipped: Collection[int] = (), after: int = 0
    ) -> Iterator[PastRow]:
        """Yield the rows whose time ends with an event after the position `after`.

        The events in `log` are all events of some objects, sorted by object and version. Those at the positions in
        `skipped` are left out. Raises UnreadableEvent.
        """
        for _, history in groupby(log, key=attrgetter("originator_id")):
            events = [event for event in history if event.position not in skipped]
            yield from self._rows_of(org_id, events, read, after)

    def _rows_of(self, org_id: str, events: list[FoldedEvent], read: ReadEvent, after: int) -> Iterator[PastRow]:
        """Yield the rows of one object. A row that the same command replaced stood for no time, and is left out."""
        row: Any = None
        last: FoldedEvent | None = None
        for event in events:
            projection = self._projections[kind_of(event.name)]
            if last is not None and event.position > after and event.recorded_at > last.recorded_at:
                values = _values(projection, row, last.recorded_at, event.recorded_at)
                yield PastRow(event.originator_id, last.originator_version, values)
            try:
                row = projection.fold(row, read(event))
            except Exception as error:
                raise UnreadableEvent(org_id, event, error) from error
            last = event


def _values(projection: RowProjection[Any], row: Any, begin: datetime, until: datetime) -> tuple[Any, ...]:
    names = projection.past_names or {}
    own = dict(zip(projection.columns, projection.values(row), strict=True))
    shown = (own.get(names.get(column, column)) for column in _COLUMNS)
    return (projection.kind, cell_of(begin, until), until.isoformat(), *shown)
