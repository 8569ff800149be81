"""The sums of outstanding amounts by currency and due date, and of the days of leaves that wait for a decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import ClassVar, NamedTuple

import msgspec

from domain.aggregate import Event
from domain.bill import Bill
from domain.invoice import Invoice
from domain.leave import Leave
from domain.leaves.changes import PENDING
from domain.registry import kind_of
from projections.sums import EventSumProjection

DAYS = "days"
"""The unit of the amounts of leaves. The unit of a document's amounts is its currency."""
OUTSTANDING: Mapping[str, frozenset[str]] = {
    Invoice.kind: Invoice.payable_statuses(),
    Bill.kind: Bill.payable_statuses(),
    Leave.kind: frozenset((PENDING,)),
}
"""For each kind, the statuses in which an object counts as outstanding."""
_FIELDS = {
    Invoice.kind: {"status": "status", "unit": "currency", "day": "due_date", "amount": "balance_due"},
    Bill.kind: {"status": "status", "unit": "currency", "day": "due_date", "amount": "balance_due"},
    Leave.kind: {"status": "status", "day": "start_date", "amount": "days"},
}
"""For each kind, the attributes of an item, each with the name of the event field that sets the attribute."""


class Item(msgspec.Struct, frozen=True):
    """The values of an invoice, a bill or a leave that the sums need. The status says whether the object counts."""

    kind: str
    status: str
    unit: str
    day: date
    amount: Decimal


class Key(NamedTuple):
    """The key of a sum: kind of object, currency (DAYS for leaves), and due date (for leaves, the first day)."""

    kind: str
    unit: str
    day: date


class Balances(EventSumProjection[Item, Key]):
    name: ClassVar[str] = "balances"
    table: ClassVar[str] = "balances"
    items_table: ClassVar[str] = "balance_items"
    checkpoint_table: ClassVar[str] = "balance_progress"
    version: ClassVar[int] = 1
    kinds: ClassVar[frozenset[str]] = frozenset(OUTSTANDING)
    item = Item
    key = Key

    def fold(self, item: Item | None, event: Event) -> Item:
        kind = kind_of(event.topic)
        changes = event.changes()
        fields = {ours: changes[theirs] for ours, theirs in _FIELDS[kind].items() if theirs in changes}
        if item is None:
            return Item(**{"kind": kind, "unit": DAYS, **fields})
        return msgspec.structs.replace(item, **fields)

    def part(self, item: Item) -> tuple[Key, Decimal] | None:
        if item.status not in OUTSTANDING[item.kind] or item.amount <= 0:
            return None
        return Key(item.kind, item.unit, item.day), item.amount


BALANCES = Balances()
