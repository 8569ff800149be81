"""What every projection declares, and the kind that keeps one row per aggregate.

A projection holds no connection: it declares its tables, writes SQL text, and folds events. `infra/projector` runs it.
The other kind, which keeps sums, is in `projections/sums.py`; `projections/registry.py` lists both.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cached_property
from itertools import groupby
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from domain.aggregate import Event
from projections.display import DisplayFields
from projections.stored_event import ReadEvent, StoredEvent, UnreadableEvent

R = TypeVar("R")
Statement = tuple[str, tuple[Any, ...]]


class FoldedRow(NamedTuple):
    """One aggregate's row, and the number of events from which it was folded."""

    id: str
    row: Any
    events: int


class ConstraintConflict(NamedTuple):
    """What a violated constraint means: the query for the id of the other row, and the refusal that names it."""

    other: Statement
    refusal: Callable[[str | None], Exception]


class Projection(ABC):
    """A table that is computed from the log or from the credit ledger, and can be computed again at any time."""

    name: ClassVar[str]
    """What `smartdhandha projections` calls it."""
    table: ClassVar[str]
    version: ClassVar[int]
    """Increase it when the contents of the table change: rows of an older version are then computed again."""


class RowProjection(Projection, Generic[R]):
    """One row per aggregate, written in the command's own transaction.

    `fold(row, event)` is the same code in a request, a rebuild, time travel and a check.
    """

    view: ClassVar[str]
    """The view that the application reads. It shows only the rows of the transaction's organization."""
    in_place: ClassVar[bool] = False
    """Whether a rebuild updates the rows in the served table, organization by organization, instead of building a new
    table beside it."""
    kind: ClassVar[str]
    """The kind of the aggregates whose events it folds."""
    columns: ClassVar[tuple[str, ...]]
    """The table's columns after `org_id`, `id` and `projection_version`, in the order of `values`."""
    display: ClassVar[DisplayFields]
    """The fields from which an object gets the name that people see."""

    @abstractmethod
    def fold(self, row: R | None, event: Event) -> R:
        """Return the row after this event; the given row may be changed and returned."""

    @abstractmethod
    def values(self, row: R) -> tuple[Any, ...]:
        """Return the row as values of `columns`."""

    @abstractmethod
    def to_json(self, row: R) -> bytes:
        """Return the resource as JSON: the row and the response hold the same bytes."""

    def fold_all(self, events: Iterable[Event]) -> R | None:
        """Return the row after all these events, which begin with the aggregate's first one."""
        row: R | None = None
        for event in events:
            row = self.fold(row, event)
        return row

    def fold_log(
        self, org_id: str, log: Iterable[StoredEvent], read: ReadEvent, skipped: Collection[int] = ()
    ) -> Iterator[FoldedRow]:
        """Yield the row of each aggregate of an organization; its events come sorted by aggregate and version.

        Events at the positions in `skipped` are left out. Raises UnreadableEvent at the first other event that cannot
        be read or folded.
        """
        for id, history in groupby(log, key=lambda event: event.originator_id):
            row, count = None, 0
            for event in history:
                count += 1
                if event.position in skipped:
                    continue
                try:
                    row = self.fold(row, read(event))
                except Exception as error:
                    raise UnreadableEvent(org_id, event, error) from error
            if row is not None:
                yield FoldedRow(id, row, count)

    @cached_property
    def stored_columns(self) -> tuple[str, ...]:
        """All columns of the table, in the order in which rows are inserted and copied."""
        return ("org_id", "id", "projection_version", *self.columns)

    @cached_property
    def insert(self) -> str:
        """The statement that stores a new row; its values are those of `stored_columns`."""
        names = self.stored_columns
        return f"INSERT INTO {self.table} ({', '.join(names)}) VALUES ({', '.join(['%s'] * len(names))})"

    @cached_property
    def update(self) -> str:
        """The statement that stores a row again.

        This is not an upsert. An upsert needs the right to SELECT from the table; the application's role does not
        have it.
        """
        changes = ", ".join(f"{name} = %s" for name in ("projection_version", *self.columns))
        return f"UPDATE {self.table} SET {changes} WHERE org_id = %s AND id = %s"

    def conflict(self, constraint: str, org_id: str, row: R) -> ConstraintConflict | None:
        """Return what it means when this row violates the constraint; None when the constraint is no business rule.

        Compare the beginning of the name only: a distributed database appends to the names of constraints.
        """
        return None

    def statements(self, org_id: str, id: str, row: R, is_new: bool) -> list[Statement]:
        """Return the statements that store this row, and other rows that depend on it."""
        values = (self.version, *self.values(row))
        if is_new:
            return [(self.insert, (org_id, id, *values))]
        return [(self.update, (*values, org_id, id))]

    def deletions(self, org_id: str, id: str) -> list[Statement]:
        """Return the statements that delete other rows that depend on this row. A rebuild runs them, then stores it."""
        return []


def join_details(summary: bytes, details: bytes) -> bytes:
    """Join two JSON objects into one; neither may be empty."""
    return b"%b,%b" % (summary[:-1], details[1:])
