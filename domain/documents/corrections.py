"""What notes have done to a document: each note that was issued is a correction of the document, line by line."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from domain.aggregate import Event
from domain.calendar import Timestamp
from domain.money import plain

MAX_NOTES = 100
"""How many notes can be issued for a document, void ones included. Each command on the document reads them all, but
of their lines only the sums."""
NOTE_KINDS = ("credit_note", "debit_note", "vendor_credit")
"""The stored names of the types of notes."""
RAISING = ("debit_note",)
"""The kinds of notes that raise what a document comes to; the others lower it."""


class CorrectedLine(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """By how much the notes that count have changed a line of the document in all: below zero where they lowered it.

    What is not changed is absent.
    """

    noun: ClassVar[str] = "corrected line"

    line_number: int
    """Which line, counted from 1."""
    quantity: Decimal | UnsetType = UNSET
    taxable_amount: Decimal | UnsetType = UNSET
    cgst: Decimal | UnsetType = UNSET
    sgst: Decimal | UnsetType = UNSET
    igst: Decimal | UnsetType = UNSET
    cess: Decimal | UnsetType = UNSET
    tax_amount: Decimal | UnsetType = UNSET
    """The tax of a line without GST."""
    tax_payable_by_recipient: Decimal | UnsetType = UNSET
    untaxed_amount: Decimal | UnsetType = UNSET
    """An amount of money that has changed no tax."""


class Correction(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A note that was issued for a document. If the note was made void, it stays in the list, and no longer counts."""

    noun: ClassVar[str] = "correction"

    id: str
    """The id of the note."""
    kind: Annotated[str, msgspec.Meta(extra_json_schema={"enum": list(NOTE_KINDS)})]
    number: str
    amount: Decimal
    applied_amount: Decimal
    """The part of the amount that has changed the balance; the rest is to be refunded."""
    round_off: Decimal | UnsetType = UNSET
    """The part of the document's own rounding that the note has taken."""
    recorded_at: Timestamp
    reversed_at: Timestamp | UnsetType = UNSET

    @property
    def is_standing(self) -> bool:
        """Whether the correction counts, because its note was not made void."""
        return self.reversed_at is UNSET

    @property
    def change(self) -> Decimal:
        """By how much the note has changed what the document comes to: below zero if it has lowered it."""
        return self.amount if self.kind in RAISING else -self.amount


class StoredCorrection(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A correction as it is stored in an event. Older events say here what the note has done to lines."""

    id: str
    kind: str
    number: str
    amount: Decimal
    applied_amount: Decimal
    round_off: Decimal | UnsetType = UNSET
    lines: tuple[CorrectedLine, ...] | UnsetType = UNSET
    recorded_at: Timestamp
    reversed_at: Timestamp | UnsetType = UNSET

    def correction(self) -> Correction:
        """Return the correction as the document has it, without its lines."""
        return Correction(**{name: getattr(self, name) for name in Correction.__struct_fields__})


class CorrectedFields:
    """What notes have done to a document. A document without notes has no attribute of its own for it."""

    corrections: tuple[Correction, ...] = ()
    """The notes that were issued for the document, in this order."""
    corrected_lines: tuple[CorrectedLine, ...] = ()
    """By how much the notes that count have changed each line in all; a line that no note has changed is absent."""
    amount_credited: Decimal | None = None
    """By how much notes have lowered the balance; None if none has corrected the document so."""
    amount_debited: Decimal | None = None
    """By how much notes have raised the balance; None if none has corrected the document so."""


class DocumentCorrected(Event, frozen=True, kw_only=True):
    """The base of the events about a correction: a note was issued, or was made void.

    `corrections` holds this one correction, and `corrected_lines` those sums that it has changed. The other fields are
    the document's amounts and status after the event.
    """

    corrections: tuple[StoredCorrection, ...]
    corrected_lines: tuple[CorrectedLine, ...] | UnsetType = UNSET
    """Absent in older events, whose corrections have lines instead."""
    balance_due: Decimal
    status: str

    def apply(self, aggregate: Any) -> None:
        fields = self.changes()
        changed, lines = fields.pop("corrections"), fields.pop("corrected_lines", None)
        aggregate.corrections = with_corrections(aggregate.corrections, changed)
        aggregate.corrected_lines = with_lines(aggregate.corrected_lines, changed, lines)
        vars(aggregate).update(fields)


class DocumentCredited(DocumentCorrected, frozen=True, kw_only=True):
    """A note has lowered what the document comes to.

    If the balance becomes zero, the event sets `paid_at` and `is_overdue` as a payment does, and the events that follow
    a payment in the same commit follow here, too.
    """

    phrase: ClassVar[str] = "credited {object}"

    amount_credited: Decimal
    paid_at: str | UnsetType = UNSET
    is_overdue: bool | UnsetType = UNSET


class DocumentCreditReversed(DocumentCorrected, frozen=True, kw_only=True):
    """The note that had lowered what the document comes to was made void.

    If the document was paid before, and a balance is due now, the event sets `paid_at` to null.
    """

    phrase: ClassVar[str] = "took back a credit of {object}"

    amount_credited: Decimal
    paid_at: str | UnsetType | None = UNSET


class DocumentDebited(DocumentCorrected, frozen=True, kw_only=True):
    """A note has raised what the document comes to.

    If the document was paid before, the event sets `paid_at` to null.
    """

    phrase: ClassVar[str] = "debited {object}"

    amount_debited: Decimal
    paid_at: str | UnsetType | None = UNSET


class DocumentDebitReversed(DocumentCorrected, frozen=True, kw_only=True):
    """The note that had raised what the document comes to was made void.

    If the balance becomes zero, the event sets `paid_at` and `is_overdue` as a payment does, and the events that follow
    a payment in the same commit follow here, too.
    """

    phrase: ClassVar[str] = "took back a debit of {object}"

    amount_debited: Decimal
    paid_at: str | UnsetType = UNSET
    is_overdue: bool | UnsetType = UNSET


def with_corrections(corrections: Iterable[Correction], changed: Iterable[StoredCorrection]) -> tuple[Correction, ...]:
    """Return the corrections with new ones at the end, and with those that no longer count in their old places."""
    return tuple(({each.id: each for each in corrections} | {each.id: each.correction() for each in changed}).values())


def with_lines(
    lines: Iterable[CorrectedLine], changed: Iterable[StoredCorrection], sums: Iterable[CorrectedLine] | None
) -> tuple[CorrectedLine, ...]:
    """Return the lines after an event with these corrections and these new sums; an older event has no sums."""
    after = {line.line_number: line for line in lines}
    for each in changed if sums is None else ():
        adds = (each.kind in RAISING) == (each.reversed_at is UNSET)
        after |= {line.line_number: line for line in sums_after(after.values(), each.lines or (), adds=adds)}
    return tuple((after | {line.line_number: line for line in sums or ()}).values())


def sums_after(
    lines: Iterable[CorrectedLine], changes: Iterable[CorrectedLine], *, adds: bool
) -> tuple[CorrectedLine, ...]:
    """Return the sums of those lines that a note changes: it adds these amounts to them, or it takes them away."""
    known = {line.line_number: line for line in lines}
    return tuple(_sum(known.get(change.line_number), change, adds=adds) for change in changes)


def _sum(line: CorrectedLine | None, change: CorrectedLine, *, adds: bool) -> CorrectedLine:
    """Return the sum of a line with a change, or with its opposite. Amounts that are zero are absent."""
    given = dict[str, Any]()
    for name in CorrectedLine.__struct_fields__[1:]:
        before, by = (_or_zero(getattr(each, name, UNSET)) for each in (line, change))
        if amount := before + by if adds else before - by:
            given[name] = plain(amount) if name == "quantity" else amount
    return CorrectedLine(line_number=change.line_number, **given)


def _or_zero(amount: Decimal | UnsetType) -> Decimal:
    return Decimal(0) if amount is UNSET else amount
