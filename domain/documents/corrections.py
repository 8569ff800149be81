"""What notes have done to a document: each note that was issued is a correction of the document, line by line."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from domain.aggregate import Event
from domain.calendar import Timestamp

MAX_NOTES = 100
"""How many notes can be issued for a document, void ones included. Each command on the document reads them all."""
NOTE_KINDS = ("credit_note", "debit_note", "vendor_credit")
"""The stored names of the types of notes."""


class CorrectedLine(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """By how much a note has changed a line of the document. What it has not changed is absent."""

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
    lines: tuple[CorrectedLine, ...]
    recorded_at: Timestamp
    reversed_at: Timestamp | UnsetType = UNSET

    @property
    def is_standing(self) -> bool:
        """Whether the correction counts, because its note was not made void."""
        return self.reversed_at is UNSET


class CorrectedFields:
    """What notes have done to a document. A document without notes has no attribute of its own for it."""

    corrections: tuple[Correction, ...] = ()
    """The notes that were issued for the document, in this order."""
    amount_credited: Decimal | None = None
    """By how much notes have lowered the balance; None if none has corrected the document so."""
    amount_debited: Decimal | None = None
    """By how much notes have raised the balance; None if none has corrected the document so."""


class DocumentCorrected(Event, frozen=True, kw_only=True):
    """The base of the events about a correction: a note was issued, or was made void.

    `corrections` holds this one correction. The other fields are the document's amounts and status after the event.
    """

    corrections: tuple[Correction, ...]
    balance_due: Decimal
    status: str

    def apply(self, aggregate: Any) -> None:
        fields = self.changes()
        aggregate.corrections = with_corrections(aggregate.corrections, fields.pop("corrections"))
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


def with_corrections(corrections: Iterable[Correction], changed: Iterable[Correction]) -> tuple[Correction, ...]:
    """Return the corrections with new ones at the end, and with those that no longer count in their old places."""
    return tuple(({each.id: each for each in corrections} | {each.id: each for each in changed}).values())
