"""What is outstanding: receivables and payables by currency and due date, and leaves that wait for a decision.

A sum over the log. An event tells what an object becomes; its delta is the object's part in the sums after it less the
part before it. The part before it is kept, an item per object, beside the sums (docs/decisions/0011-…).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

import msgspec

from domain.aggregate import Event
from domain.bill import Bill
from domain.invoice import Invoice
from domain.leave import Leave

NAME = "balances"
TABLE = "balances"
ITEMS = "balance_items"
VERSION = 1
"""Goes up with every change of what is summed; an organization's sums of an older version are made again."""

DAYS = "days"
"""The unit of leaves, where documents have their currency."""
WAITING: Mapping[str, frozenset[str]] = {
    Invoice.kind: Invoice.payable_statuses(),
    Bill.kind: Bill.payable_statuses(),
    Leave.kind: frozenset(("pending",)),
}
"""In which status an object counts, by its kind."""
_FIELDS = {
    Invoice.kind: {"status": "status", "unit": "currency", "day": "due_date", "amount": "balance_due"},
    Bill.kind: {"status": "status", "unit": "currency", "day": "due_date", "amount": "balance_due"},
    Leave.kind: {"status": "status", "day": "start_date", "amount": "days"},
}
"""Which of an event's fields sets what of an item."""


class Item(msgspec.Struct, frozen=True):
    """One object's part: what it waits for, whether or not it counts in this status."""

    kind: str
    status: str
    unit: str
    day: date
    amount: Decimal

    @property
    def counts(self) -> bool:
        """A draft is not out yet; nobody waits for a void document, nor for nothing."""
        return self.status in WAITING[self.kind] and self.amount > 0


class Key(NamedTuple):
    """Where it is summed: the kind of object, its currency (days for leaves), and the day on which it falls due."""

    kind: str
    unit: str
    day: date


class Sum(NamedTuple):
    """How much, over how many objects."""

    amount: Decimal
    objects: int


class Stored(Protocol):
    """What of a stored event is needed."""

    @property
    def name(self) -> str: ...


def concerns(record: Stored) -> bool:
    """Whether an event can change the sums at all: those of keys cannot."""
    return record.name.partition(".")[0] in WAITING


def fold(item: Item | None, event: Event) -> Item:
    """The object's part after this event."""
    kind = event.topic.partition(".")[0]
    changes = event.changes()
    fields = {ours: changes[theirs] for ours, theirs in _FIELDS[kind].items() if theirs in changes}
    if item is None:
        return Item(**{"kind": kind, "unit": DAYS, **fields})
    return msgspec.structs.replace(item, **fields)


def deltas(before: Iterable[Item | None], after: Iterable[Item]) -> dict[Key, Sum]:
    """What is to be added to the sums when objects change from one to the other; entries of nothing are left out."""
    found: dict[Key, Sum] = defaultdict(lambda: Sum(Decimal(0), 0))
    for sign, items in ((-1, before), (1, after)):
        for item in items:
            if item is not None and item.counts:
                key = Key(item.kind, item.unit, item.day)
                amount, objects = found[key]
                found[key] = Sum(amount + sign * item.amount, objects + sign)
    return {key: delta for key, delta in found.items() if any(delta)}


def added(sums: Mapping[Key, Sum], more: Mapping[Key, Sum]) -> dict[Key, Sum]:
    """The sums with these deltas; a sum over no object is none."""
    total = dict(sums)
    for key, (amount, objects) in more.items():
        old = total.get(key, Sum(Decimal(0), 0))
        total[key] = Sum(old.amount + amount, old.objects + objects)
    return {key: value for key, value in total.items() if value.objects}


SUMS = "SELECT kind, unit, day, amount, objects FROM balances WHERE org_id = %s"
FIND_ITEMS = "SELECT id, kind, status, unit, day, amount FROM balance_items WHERE org_id = %s AND id = ANY(%s)"


def sums_of(rows: Iterable[tuple[Any, ...]]) -> dict[Key, Sum]:
    """Rows of SUMS."""
    return {Key(kind, unit, day): Sum(amount, objects) for kind, unit, day, amount, objects in rows}


def items_of(rows: Iterable[tuple[Any, ...]]) -> dict[str, Item]:
    """Rows of FIND_ITEMS, by id."""
    return {id: Item(*rest) for id, *rest in rows}
