"""The kind of projection that keeps sums. The background worker adds new events or rows to the sums after the commit.

The sums may lack the newest events or rows, but count no event or row twice. There are two types: an
`EventSumProjection` folds the events of the log; a `StatementSumProjection` sums the rows of another table with SQL.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

import msgspec

from domain.aggregate import Event
from domain.registry import kind_of
from projections.folding.stored_event import StoredEvent
from projections.projection import FollowingProjection, Projection

I = TypeVar("I", bound=msgspec.Struct)  # noqa: E741 -- the item
K = TypeVar("K", bound=tuple[Any, ...])


class SumProjection(Projection):
    """A projection whose table holds sums. `infra/projector` updates, rebuilds and verifies the sums."""


class StatementSumProjection(SumProjection):
    """Sums of the rows of another table. The rows belong to sources, such as API keys; each source has its own sums.

    The attributes are SQL statements. Every statement has the parameter `org`, the id of an organization. A statement
    about one source also has the parameter `source`, the id of the source.
    """

    select_sources: ClassVar[str]
    """Selects the organization and the id of each source. A null in `org` selects the sources of all organizations."""
    select_sources_behind: ClassVar[str]
    """Selects the organization and the id of each source that has rows which are not in the sums yet."""
    select_lag: ClassVar[str]
    """Selects the number of rows that are not in the sums yet. A null in `org` counts the rows of all organizations."""
    lock_source: ClassVar[str]
    """Locks the source until the end of the transaction, so that only one transaction at a time adds its rows."""
    add_new: ClassVar[str]
    """Adds the new rows of the source to its sums, and returns the number of these rows."""
    start_over: ClassVar[tuple[str, ...]]
    """Delete the sums of the source. After that, `add_new` sums all rows of the source again."""
    select_differences: ClassVar[str]
    """Selects the wrong sums of the organization: id, column, expected value and stored value, all as text."""


class Sum(NamedTuple):
    """A total amount, and the number of objects in it."""

    amount: Decimal
    objects: int


class EventSumProjection(SumProjection, FollowingProjection, Generic[I, K]):
    """Sums of amounts, one for each key, that are computed from the events of an organization's log.

    Each object adds an amount to the sum of one key, or adds nothing. An event can change the amount and the key. The
    amount before the event is then subtracted from its sum, and the amount after the event is added. A table of items,
    with one row per object, stores the values before the event (docs/decisions/0011).
    """

    items_table: ClassVar[str]
    kinds: ClassVar[frozenset[str]]
    """The kinds of the aggregates whose events change the sums."""
    item: type[I]
    """The type of an item: the values of one object. Its fields are the columns of the items table after `org_id` and
    `id`."""
    key: type[K]
    """The type of a key. Its fields are the columns of the table between `org_id` and `amount`."""

    @abstractmethod
    def fold(self, item: I | None, event: Event) -> I:
        """Return the item after this event; `item` is None before the first event of the object."""

    @abstractmethod
    def part(self, item: I) -> tuple[K, Decimal] | None:
        """Return the key of the sum to which the item belongs, and the item's amount; None if the item adds nothing."""

    def concerns(self, event: StoredEvent) -> bool:
        """Return whether an event can change the sums."""
        return kind_of(event.name) in self.kinds

    def deltas(self, before: Iterable[I | None], after: Iterable[I]) -> dict[K, Sum]:
        """Return, for each key, the amount and the number of objects to add to its sum when these items change.

        `before` and `after` hold the items before and after the events. Sums that stay the same are left out.
        """
        deltas: dict[K, Sum] = defaultdict(lambda: Sum(Decimal(0), 0))
        for sign, items in ((-1, before), (1, after)):
            for item in items:
                part = None if item is None else self.part(item)
                if part is not None:
                    key, amount = part
                    deltas[key] = Sum(deltas[key].amount + sign * amount, deltas[key].objects + sign)
        return {key: delta for key, delta in deltas.items() if any(delta)}

    @cached_property
    def item_columns(self) -> tuple[str, ...]:
        """The columns of the items table after `org_id` and `id`."""
        return self.item.__struct_fields__

    @cached_property
    def key_columns(self) -> tuple[str, ...]:
        """The columns of the table between `org_id` and `amount`."""
        return tuple(self.key.__annotations__)

    @cached_property
    def select_sums(self) -> str:
        """Selects the sums of one organization."""
        return f"SELECT {', '.join(self.key_columns)}, amount, objects FROM {self.table} WHERE org_id = %s"

    @cached_property
    def select_items(self) -> str:
        """Selects the items of one organization that have one of these ids."""
        return f"SELECT id, {', '.join(self.item_columns)} FROM {self.items_table} WHERE org_id = %s AND id = ANY(%s)"

    def upsert_items(self, count: int) -> str:
        """Return the statement that stores so many items with different ids.

        For each item, its parameters are the organization, the id, and the values of `item_columns`.
        """
        columns = ("org_id", "id", *self.item_columns)
        changes = ", ".join(f"{name} = EXCLUDED.{name}" for name in self.item_columns)
        return (
            f"INSERT INTO {self.items_table} ({', '.join(columns)}) VALUES {_rows(count, len(columns))} "
            f"ON CONFLICT (org_id, id) DO UPDATE SET {changes}"
        )

    def add_deltas(self, count: int) -> str:
        """Return the statement that adds to so many different sums.

        For each sum, its parameters are the organization, the key, the amount, and the number of objects.
        """
        key = ", ".join(("org_id", *self.key_columns))
        rows = _rows(count, len(self.key_columns) + 3)
        return (
            f"INSERT INTO {self.table} AS s ({key}, amount, objects) VALUES {rows} "
            f"ON CONFLICT ({key}) DO UPDATE SET amount = s.amount + EXCLUDED.amount, "
            "objects = s.objects + EXCLUDED.objects"
        )

    @cached_property
    def delete_empty_sums(self) -> str:
        """Deletes those sums of one organization that no longer include any object."""
        return f"DELETE FROM {self.table} WHERE org_id = %s AND objects = 0 AND amount = 0"

    def sums_from(self, rows: Iterable[tuple[Any, ...]]) -> dict[K, Sum]:
        """Return the rows of `select_sums` as sums, by their keys."""
        return {self.key(*key): Sum(amount, objects) for *key, amount, objects in rows}

    def items_from(self, rows: Iterable[tuple[Any, ...]]) -> dict[str, I]:
        """Return the rows of `select_items` as items, by the ids of the objects."""
        return {id: self.item(*fields) for id, *fields in rows}


def _rows(count: int, columns: int) -> str:
    """Return so many rows of placeholders."""
    return ", ".join([f"({', '.join(['%s'] * columns)})"] * count)


def add_sums(sums: Mapping[K, Sum], deltas: Mapping[K, Sum]) -> dict[K, Sum]:
    """Return the sums with the deltas added. Sums without objects are left out."""
    total = dict(sums)
    for key, delta in deltas.items():
        old = total.get(key, Sum(Decimal(0), 0))
        total[key] = Sum(old.amount + delta.amount, old.objects + delta.objects)
    return {key: value for key, value in total.items() if value.objects}
