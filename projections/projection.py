"""The base class of projections, and the kind of projection that keeps one row per aggregate.

A projection declares its tables, writes SQL text, and folds events. It holds no connection: `infra/projector` runs it.
The other kind of projection keeps sums (`projections/sums.py`). `projections/registry.py` lists all projections.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

import msgspec

from domain.aggregate import Event
from projections.folding.merge import ReadState
from projections.folding.stored_event import FoldedEvent, ReadEvent, UnreadableEvent
from projections.views.display import DisplayFields

R = TypeVar("R")
Statement = tuple[str, tuple[Any, ...]]


class FoldedRow(NamedTuple):
    """The row of one aggregate, and the number of events from which the row was folded."""

    id: str
    row: Any
    events: int


class ConstraintConflict(NamedTuple):
    """What a violated constraint of the database means: another row conflicts with the new row."""

    other: Statement
    """The query for the id of the other row."""
    refusal: Callable[[str | None], Exception]
    """Returns the refusal for the id of the other row; the id is None when the query found no row."""


class DependentTable(NamedTuple):
    """A table with rows that depend on the rows of a projection: any number for each of them."""

    table: str
    id: str
    """The column with the id of the row on which a row depends. The organization is in `org_id`."""
    columns: tuple[str, str]
    """Two SQL expressions: what tells the rows of one id apart, as a text, and an instant or null."""


class Projection(ABC):
    """A table that is computed from the log or from the credit ledger, and can be computed again at any time."""

    name: ClassVar[str]
    """The name of the projection in `smartdhandha projections`."""
    table: ClassVar[str]
    version: ClassVar[int]
    """The version of the table's contents. After it is increased, rows of an older version are computed again."""


class FollowingProjection(Projection):
    """A projection to which the background worker adds the events of each log, after their commit.

    It may lack the newest events. `infra/projector/following/` adds them.
    """

    checkpoint_table: ClassVar[str]
    """The table with one row per organization: the position up to which its log is in the projection, and the `version`
    of the projection that has added it."""


class LogTiles(FollowingProjection):
    """The tiles of the Merkle tree over the hashes of a log. Nothing is folded: `infra/log/proofs/` has their rules."""

    name: ClassVar[str] = "log_tiles"
    table: ClassVar[str] = "log_tiles"
    checkpoint_table: ClassVar[str] = "log_tile_progress"
    """Its positions are multiples of 256: the events that are in whole tiles."""
    version: ClassVar[int] = 1


class RowProjection(Projection, Generic[R]):
    """A projection with one row per aggregate. The row is written in the transaction of the command.

    Commands, rebuilds, time travel and verification all call the same function `fold(row, event)`.
    """

    view: ClassVar[str]
    """The view that the application reads. It shows only the rows of the transaction's organization."""
    in_place: ClassVar[bool] = False
    """Whether a rebuild updates the rows in the served table, one organization after the other. Otherwise a rebuild
    fills a new table and then swaps the two tables."""
    kind: ClassVar[str]
    """The kind of the aggregates whose events are folded."""
    columns: ClassVar[tuple[str, ...]]
    """The table's columns after `org_id`, `id` and `projection_version`, in the order of `values`."""
    entry_type: ClassVar[type[msgspec.Struct]]
    """The type of an object in a list."""
    details_type: ClassVar[type[msgspec.Struct] | None] = None
    """The type of the fields that a list shows only with `include`; None if there are no such fields."""
    display: ClassVar[DisplayFields]
    """The fields that form the name that people see."""
    secret_fields: ClassVar[frozenset[str]] = frozenset()
    """The fields, by their names in JSON, whose values nobody is shown."""
    dependent: ClassVar[DependentTable | None] = None
    """The other table that the projection writes; None if there is none."""
    past_names: ClassVar[Mapping[str, str] | None] = None
    """The columns of `past_rows` that have other names in this table; None if no earlier rows are kept for lists."""

    @abstractmethod
    def fold(self, row: R | None, event: Event) -> R:
        """Return the row after this event. `row` is the row before the event, or None for the first event.

        The function may change `row` itself.
        """

    @abstractmethod
    def values(self, row: R) -> tuple[Any, ...]:
        """Return the values of the row, in the order of `columns`."""

    @abstractmethod
    def to_json(self, row: R) -> bytes:
        """Return the resource as JSON. The table stores these bytes, and responses send them."""

    def fold_all(self, events: Iterable[Event], row: R | None = None) -> R | None:
        """Return the row after these events of one aggregate; None without any event.

        `row` is the row before these events; None if they begin with the first event.
        """
        for event in events:
            row = self.fold(row, event)
        return row

    def fold_merged(self, events: Sequence[FoldedEvent], read_state: ReadState) -> R | None:
        """Return the row after all events of an object, from fields that were merged before they are decoded.

        Return None if the events must be folded one by one. May raise any exception; then, too, they must be folded one
        by one.
        """
        return None

    def fold_log(
        self,
        org_id: str,
        log: Iterable[FoldedEvent],
        read: ReadEvent,
        skipped: Collection[int] = (),
        read_state: ReadState | None = None,
    ) -> Iterator[FoldedRow]:
        """Yield the row of each aggregate of an organization. The events in `log` are sorted by aggregate and version.

        Events at the positions in `skipped` are left out. With `read_state`, the rows are the same, and are folded
        faster where this is possible. Raises UnreadableEvent at the first other event that cannot be read or folded.
        An event whose value is wrong, but is replaced by a later event, is then not noticed.
        """
        for id, history in groupby(log, key=attrgetter("originator_id")):
            events = list(history)
            folded = [event for event in events if event.position not in skipped] if skipped else events
            row = None if read_state is None or not folded else self._try_merged(folded, read_state)
            if row is None:
                row = self._fold_one_by_one(org_id, folded, read)
            if row is not None:
                yield FoldedRow(id, row, len(events))

    def _try_merged(self, events: Sequence[FoldedEvent], read_state: ReadState) -> R | None:
        try:
            return self.fold_merged(events, read_state)
        except Exception:  # noqa: BLE001 -- folding one by one finds the event, and names it
            return None

    def _fold_one_by_one(self, org_id: str, events: Iterable[FoldedEvent], read: ReadEvent) -> R | None:
        row: R | None = None
        for event in events:
            try:
                row = self.fold(row, read(event))
            except Exception as error:
                raise UnreadableEvent(org_id, event, error) from error
        return row

    @cached_property
    def resource_types(self) -> tuple[type[msgspec.Struct], ...]:
        """The types that together hold the fields of one object in the API, in this order."""
        return (self.entry_type,) if self.details_type is None else (self.entry_type, self.details_type)

    @cached_property
    def stored_columns(self) -> tuple[str, ...]:
        """All columns of the table, in the order in which rows are inserted and copied."""
        return ("org_id", "id", "projection_version", *self.columns)

    @cached_property
    def insert(self) -> str:
        """The statement that stores a new row. Its parameters are the values of `stored_columns`."""
        names = self.stored_columns
        return f"INSERT INTO {self.table} ({', '.join(names)}) VALUES ({', '.join(['%s'] * len(names))})"

    @cached_property
    def update(self) -> str:
        """The statement that updates a stored row.

        There is one statement for new rows and one for stored rows, because an upsert needs the right to SELECT from
        the table. The application's role does not have this right.
        """
        changes = ", ".join(f"{name} = %s" for name in ("projection_version", *self.columns))
        return f"UPDATE {self.table} SET {changes} WHERE org_id = %s AND id = %s"

    def conflict(self, constraint: str, org_id: str, row: R) -> ConstraintConflict | None:
        """Return the conflict if this row violates the constraint; None if the constraint stands for no business rule.

        Implementations compare only the beginning of the constraint's name, because distributed databases add a suffix.
        """
        return None

    def checks(self, org_id: str, row: R, events: Sequence[Event]) -> Sequence[Statement]:
        """Return the statements that refuse this row, after these events of a command, for what no constraint compares.

        They fail as a violated constraint does, which `conflict` knows. Rebuilds do not run them.
        """
        return ()

    def statements(self, org_id: str, id: str, row: R, is_new: bool) -> list[Statement]:
        """Return the statements that store this row and the rows of other tables that depend on it."""
        values = (self.version, *self.values(row))
        if is_new:
            return [(self.insert, (org_id, id, *values))]
        return [(self.update, (*values, org_id, id))]

    def dependent_rows(self, row: R) -> Mapping[str, datetime | None]:
        """Return the rows of the dependent table that this row must have: the values of its two columns."""
        return {}

    def deletions(self, org_id: str, id: str) -> list[Statement]:
        """Return the statements that delete the rows of other tables that depend on this row.

        A rebuild runs them before it stores the row again.
        """
        return []


def refuse_if(constraint: str, other: Statement) -> Statement:
    """Return the statement that violates a constraint if `other`, a call of an SQL function, finds another row."""
    sql, values = other
    return f"SELECT refuse_conflict('{constraint}', {sql})", values


def sets_any(events: Iterable[Event], names: Collection[str]) -> bool:
    """Return whether one of the events sets one of these attributes."""
    return any(not event.changes().keys().isdisjoint(names) for event in events)


def join_details(summary: bytes, details: bytes) -> bytes:
    """Join two JSON objects into one object. Both must have at least one field."""
    return b"%b,%b" % (summary[:-1], details[1:])
