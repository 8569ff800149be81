"""Approved days of leave per employee."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, NamedTuple

import msgspec

from domain.aggregate import Event
from domain.leave import Leave
from projections.sums import EventSumProjection


class Item(msgspec.Struct, frozen=True):
    """One leave, approved or not."""

    employee_id: str
    status: str
    days: Decimal


class Key(NamedTuple):
    """The employee whose days are summed."""

    employee_id: str


class LeaveDays(EventSumProjection[Item, Key]):
    name: ClassVar[str] = "leave_days"
    table: ClassVar[str] = "leave_days"
    items_table: ClassVar[str] = "leave_day_items"
    checkpoint_table: ClassVar[str] = "leave_day_progress"
    version: ClassVar[int] = 1
    kinds: ClassVar[frozenset[str]] = frozenset((Leave.kind,))
    item = Item
    key = Key

    def fold(self, item: Item | None, event: Event) -> Item:
        changed = {name: value for name, value in event.changes().items() if name in self.item_columns}
        return Item(**changed) if item is None else msgspec.structs.replace(item, **changed)

    def part(self, item: Item) -> tuple[Key, Decimal] | None:
        return (Key(item.employee_id), item.days) if item.status == "approved" else None


LEAVE_DAYS = LeaveDays()
