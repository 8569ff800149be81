"""Refunds of notes: money that was given back, and that can be taken back as a payment can."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from domain.aggregate import Event
from domain.calendar import CalendarDate, Timestamp
from domain.personal import Personal


class Refund(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Money that was given back because of a note. A refund that was taken back stays in the list."""

    noun: ClassVar[str] = "refund"

    id: str
    amount: Decimal
    date: CalendarDate
    method: str | None
    reference: str | None
    recorded_at: Timestamp
    reversed_at: Timestamp | None = None
    reversed_on: CalendarDate | None = None
    reversal_reason: str | None = None

    @property
    def is_standing(self) -> bool:
        """Whether the refund counts, because it was not taken back."""
        return self.reversed_at is None


class StoredRefund(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A refund as it is stored in an event. Older events have no fields about a reversal."""

    id: str
    amount: Decimal
    date: CalendarDate
    method: Personal[str | None]
    reference: Personal[str | None]
    recorded_at: Timestamp
    reversed_at: Timestamp | UnsetType | None = UNSET
    reversed_on: CalendarDate | UnsetType | None = UNSET
    reversal_reason: Personal[str | UnsetType | None] = UNSET

    def refund(self) -> Refund:
        """Return the refund as the note has it."""
        fields = msgspec.structs.asdict(self)
        return Refund(**{name: value for name, value in fields.items() if value is not UNSET})


class NewRefund(NamedTuple):
    """A refund as the client sends it. A field that could not be parsed is None."""

    amount: Decimal | None = None
    date: CalendarDate | None = None
    method: str | None = None
    reference: str | None = None


class NoteRefundChanged(Event, frozen=True, kw_only=True):
    """The base of the two events about a refund: it was recorded, or was taken back. `refunds` holds this refund."""

    refunds: tuple[StoredRefund, ...]
    amount_refunded: Decimal
    refund_due: Decimal

    def changes(self) -> dict[str, Any]:
        return super().changes() | {"refunds": tuple(stored.refund() for stored in self.refunds)}

    def apply(self, aggregate: Any) -> None:
        fields = self.changes()
        aggregate.refunds = with_refunds(aggregate.refunds, fields.pop("refunds"))
        vars(aggregate).update(fields)


class NoteRefunded(NoteRefundChanged, frozen=True, kw_only=True):
    """A part of what was to be refunded was given back."""

    phrase: ClassVar[str] = "recorded a refund of {object}"


class NoteRefundReversed(NoteRefundChanged, frozen=True, kw_only=True):
    """A refund was taken back. It stays in the list, and is to be refunded again."""

    phrase: ClassVar[str] = "took back a refund of {object}"


def with_refunds(refunds: Iterable[Refund], changed: Iterable[Refund]) -> tuple[Refund, ...]:
    """Return the refunds with new ones at the end, and with those that were taken back in their old places."""
    return tuple(({each.id: each for each in refunds} | {each.id: each for each in changed}).values())
