"""The kind of projection that keeps one row per aggregate, written in the command's own transaction."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from domain.aggregate import Event
from projections.display import DisplayFields

R = TypeVar("R")
Statement = tuple[str, tuple[Any, ...]]


class ConstraintConflict(NamedTuple):
    """What a violated constraint means: how to find the other row, and the refusal that names it."""

    other: Statement
    refusal: Callable[[str | None], Exception]


class RowProjection(ABC, Generic[R]):
    """One row per aggregate: `fold(row, event)` is the same code in a request, a rebuild, time travel and a check."""

    name: ClassVar[str]
    table: ClassVar[str]
    view: ClassVar[str]
    """What the application reads: the rows of the transaction's organization."""
    in_place: ClassVar[bool] = False
    """Whether a rebuild folds the rows again where they are, organization by organization, instead of beside them."""
    kind: ClassVar[str]
    """The aggregate whose events it folds."""
    version: ClassVar[int]
    """Goes up with every change of the row's shape; rows of an older version are folded again."""
    columns: ClassVar[tuple[str, ...]]
    """The table's columns after `org_id`, `id` and `projection_version`, in the order of `values`."""
    display: ClassVar[DisplayFields]
    """The fields from which an object gets the name that people see."""

    @abstractmethod
    def fold(self, row: R | None, event: Event) -> R:
        """The row after this event; the given row may be changed and handed back."""

    @abstractmethod
    def values(self, row: R) -> tuple[Any, ...]:
        """The row as values of `columns`."""

    @abstractmethod
    def answer(self, row: R) -> bytes:
        """The resource as it leaves the API: the same bytes in the row and in the response."""

    def fold_all(self, events: Iterable[Event]) -> R | None:
        """The row that these events, from the aggregate's first one on, leave behind."""
        row: R | None = None
        for event in events:
            row = self.fold(row, event)
        return row

    @cached_property
    def insert(self) -> str:
        """The statement that stores a new row; its values are the organization, the id, the version and the columns."""
        names = ("org_id", "id", "projection_version", *self.columns)
        return f"INSERT INTO {self.table} ({', '.join(names)}) VALUES ({', '.join(['%s'] * len(names))})"

    @cached_property
    def update(self) -> str:
        """The statement that stores a row again.

        No upsert: what it would read of the excluded row needs SELECT on the table, which the application's role
        does not have.
        """
        changes = ", ".join(f"{name} = %s" for name in ("projection_version", *self.columns))
        return f"UPDATE {self.table} SET {changes} WHERE org_id = %s AND id = %s"

    def conflict(self, constraint: str, org_id: str, row: R) -> ConstraintConflict | None:
        """What it means that this row violates the constraint of that name; None when it is no rule of the business.

        A distributed database lengthens the names of constraints, so they are told by their beginning.
        """
        return None

    def statements(self, org_id: str, id: str, row: R, is_new: bool) -> list[Statement]:
        """What stores this row, and whatever hangs on it."""
        values = (self.version, *self.values(row))
        if is_new:
            return [(self.insert, (org_id, id, *values))]
        return [(self.update, (*values, org_id, id))]


def join_details(summary: bytes, details: bytes) -> bytes:
    """One JSON object of two, neither of which is empty."""
    return b"%b,%b" % (summary[:-1], details[1:])
