"""The kind of projection that keeps sums, which the background worker adds to after the commit.

Sums may miss the newest rows or events, but they never count anything twice. There are two types: `EventSumProjection`
folds the events of the log; `StatementSumProjection` sums another table, in SQL alone.
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
from projections.projection import Projection
from projections.stored_event import StoredEvent

I = TypeVar("I", bound=msgspec.Struct)  # noqa: E741 -- the item
K = TypeVar("K", bound=tuple[Any, ...])


class SumProjection(Projection):
    """Sums in a table of their own; `infra/projector` adds to them, rebuilds them and verifies them."""


class StatementSumProjection(SumProjection):
    """Sums of another table's rows. Each source, such as an API key, is summed on its own.

    Every statement takes the parameters `org`, and, where it is about one source, `source`.
    """

    select_sources: ClassVar[str]
    """The sources of the organization, or of all when `org` is null: organization and id."""
    select_sources_behind: ClassVar[str]
    """The sources with rows that are not in the sums yet: organization and id."""
    select_lag: ClassVar[str]
    """How many rows are not in the sums yet: one number, of the organization or of all."""
    lock_source: ClassVar[str]
    """Locks the source until the end of the transaction: only one transaction at a time adds its rows."""
    add_new: ClassVar[str]
    """Adds the new rows of the source to its sums; returns how many there were."""
    start_over: ClassVar[tuple[str, ...]]
    """Remove the sums of the source, so that `add_new` sums all of its rows again."""
    select_differences: ClassVar[str]
    """Where the sums of the organization are wrong: id, column, expected value, stored value; all as text."""


class Sum(NamedTuple):
    """A total amount, and the number of objects in it."""

    amount: Decimal
    objects: int


class EventSumProjection(SumProjection, Generic[I, K]):
    """Sums of an amount over objects, by a key, from the events of each organization's log.

    The part of an object in the sums can change with each event. The sums change by the part after the event minus the
    part before it. The object before the event is read from a table of items, one row per object (docs/decisions/0011).
    """

    items_table: ClassVar[str]
    checkpoint_table: ClassVar[str]
    """One row per organization: the position up to which its log is summed, and the version that summed it."""
    kinds: ClassVar[frozenset[str]]
    """The kinds of the aggregates whose events change the sums."""
    item: type[I]
    """One object; its fields are the columns of the items table after `org_id` and `id`."""
    key: type[K]
    """What the sums are grouped by; its fields are the columns after `org_id` and before `amount` and `objects`."""

    @abstractmethod
    def fold(self, item: I | None, event: Event) -> I:
        """Return the object after this event."""

    @abstractmethod
    def part(self, item: I) -> tuple[K, Decimal] | None:
        """Return the amount of the object and the key under which it is summed; None when it does not count."""

    def concerns(self, event: StoredEvent) -> bool:
        """Return whether an event can change the sums."""
        return kind_of(event.name) in self.kinds

    def deltas(self, before: Iterable[I | None], after: Iterable[I]) -> dict[K, Sum]:
        """Return what to add to the sums when these objects change; sums that stay the same are left out."""
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
        """The columns of the table after `org_id` and before `amount` and `objects`."""
        return tuple(self.key.__annotations__)

    @cached_property
    def select_sums(self) -> str:
        """The sums of one organization."""
        return f"SELECT {', '.join(self.key_columns)}, amount, objects FROM {self.table} WHERE org_id = %s"

    @cached_property
    def select_items(self) -> str:
        """The items of some objects of one organization, by id."""
        return f"SELECT id, {', '.join(self.item_columns)} FROM {self.items_table} WHERE org_id = %s AND id = ANY(%s)"

    @cached_property
    def upsert_item(self) -> str:
        """Stores one item: organization, id, and the columns."""
        columns = ("org_id", "id", *self.item_columns)
        changes = ", ".join(f"{name} = EXCLUDED.{name}" for name in self.item_columns)
        return (
            f"INSERT INTO {self.items_table} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))}) "
            f"ON CONFLICT (org_id, id) DO UPDATE SET {changes}"
        )

    @cached_property
    def add_delta(self) -> str:
        """Adds to one sum: organization, key, amount, and number of objects."""
        key = ", ".join(("org_id", *self.key_columns))
        values = ", ".join(["%s"] * (len(self.key_columns) + 3))
        return (
            f"INSERT INTO {self.table} AS s ({key}, amount, objects) VALUES ({values}) "
            f"ON CONFLICT ({key}) DO UPDATE SET amount = s.amount + EXCLUDED.amount, "
            "objects = s.objects + EXCLUDED.objects"
        )

    @cached_property
    def delete_empty_sums(self) -> str:
        """Deletes the sums of one organization that have no objects any more."""
        return f"DELETE FROM {self.table} WHERE org_id = %s AND objects = 0 AND amount = 0"

    def sums_from(self, rows: Iterable[tuple[Any, ...]]) -> dict[K, Sum]:
        """Return the rows of `select_sums` by their keys."""
        return {self.key(*key): Sum(amount, objects) for *key, amount, objects in rows}

    def items_from(self, rows: Iterable[tuple[Any, ...]]) -> dict[str, I]:
        """Return the rows of `select_items` by the ids of the objects."""
        return {id: self.item(*fields) for id, *fields in rows}


def add_sums(sums: Mapping[K, Sum], deltas: Mapping[K, Sum]) -> dict[K, Sum]:
    """Return the sums with the deltas added; a sum without objects is left out."""
    total = dict(sums)
    for key, delta in deltas.items():
        old = total.get(key, Sum(Decimal(0), 0))
        total[key] = Sum(old.amount + delta.amount, old.objects + delta.objects)
    return {key: value for key, value in total.items() if value.objects}
