"""Notes that can leave something to be refunded: what exceeds the balance of the document that they lower."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

import msgspec

from domain.aggregate import Event
from domain.calendar import CalendarDate, Timestamp, instant
from domain.document import Document
from domain.documents.corrections import Correction
from domain.errors import Invalid
from domain.errors.codes import AMOUNT_EXCEEDS_BALANCE, VALIDATION_FAILED
from domain.errors.note import AlreadyRefunded, NothingToRefund, RefundOfUnpaid
from domain.errors.violation import Violation
from domain.money import MINOR_UNITS, round_amount
from domain.notes.events import NoteCreated, NoteIssued, NoteVoided
from domain.notes.items import Decided, Wanted
from domain.notes.left import Left
from domain.notes.lowering import decide_lowering
from domain.notes.note import ISSUED, VOID, Note
from domain.personal import Personal


class Refund(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Money that was given back because of a note."""

    noun: ClassVar[str] = "refund"

    id: str
    amount: Decimal
    date: CalendarDate
    method: Personal[str | None]
    reference: Personal[str | None]
    recorded_at: Timestamp


class NewRefund(NamedTuple):
    """A refund as the client sends it. A field that could not be parsed is None."""

    amount: Decimal | None = None
    date: CalendarDate | None = None
    method: str | None = None
    reference: str | None = None


class LoweringCreated(NoteCreated, frozen=True, kw_only=True):
    """A new draft of a note that lowers a document."""

    amount_applied: Decimal
    amount_refunded: Decimal
    refund_due: Decimal


class LoweringIssued(NoteIssued, frozen=True, kw_only=True):
    """The note was issued: a part of it has lowered the balance, and the rest is to be refunded."""

    amount_applied: Decimal
    refund_due: Decimal


class LoweringVoided(NoteVoided, frozen=True, kw_only=True):
    """The note was made void: it lowers nothing, and nothing is to be refunded."""

    amount_applied: Decimal
    amount_refunded: Decimal
    refund_due: Decimal


class NoteRefunded(Event, frozen=True, kw_only=True):
    """A part of what was to be refunded was given back. `refunds` holds this one refund."""

    phrase: ClassVar[str] = "recorded a refund of {object}"

    refunds: tuple[Refund, ...]
    amount_refunded: Decimal
    refund_due: Decimal

    def apply(self, aggregate: Any) -> None:
        fields = self.changes()
        aggregate.refunds = (*aggregate.refunds, *fields.pop("refunds"))
        vars(aggregate).update(fields)


class _Refunds:
    """The refunds of a note. A note without refunds has no attribute of its own for them."""

    refunds: Sequence[Refund] = ()


class LoweringNote(_Refunds, Note):
    """A note that lowers a document. What exceeds the balance of the document is to be refunded."""

    Refunded: ClassVar[type[Event]]

    amount_applied: Decimal
    """The part of the total that has lowered the balance of the document."""
    amount_refunded: Decimal
    refund_due: Decimal

    @classmethod
    def actions(cls, status: str, is_refunded: bool = False, owes_refund: bool = True) -> tuple[str, ...]:
        """Return the names of the actions that are possible: the resource's `availableActions`.

        `is_refunded` says whether there was a refund, and `owes_refund` whether something is to be refunded.
        """
        offered = super().actions(status)
        if status != ISSUED:
            return offered
        offered = tuple(action for action in offered if action != VOID or not is_refunded)
        return (*offered, "recordRefund") if owes_refund else offered

    @classmethod
    def decide(cls, left: Left, wanted: Wanted, *, adjusts_tax: bool) -> Decided:
        return decide_lowering(left, wanted, adjusts_tax=adjusts_tax)

    @classmethod
    def _nothing_yet(cls, currency: str) -> dict[str, Any]:
        zero = round_amount(Decimal(0), currency)
        return {"amount_applied": zero, "amount_refunded": zero, "refund_due": zero}

    def _after_issue(self, correction: Correction) -> dict[str, Any]:
        applied = correction.applied_amount
        return {"amount_applied": applied, "refund_due": self.total_amount - applied}

    def applied_to(self, document: Document) -> Decimal:
        return min(self.total_amount, document.balance_due)

    def correct(self, document: Document, correction: Correction, at: datetime) -> None:
        document.credit(correction, at)

    def take_back(self, document: Document, at: datetime) -> None:
        document.reverse_credit(self.id, at)

    def check_transition(self, status: str, document: Document | None) -> None:
        super().check_transition(status, document)
        if status == VOID and self.status == ISSUED and self.amount_refunded:
            raise AlreadyRefunded(self.noun, self.amount_refunded, self.currency)

    def check_refund(self, new: NewRefund, today: date) -> list[Violation]:
        """Return a violation for each wrong field of this refund."""
        violations = []
        if new.amount is not None and new.amount != round_amount(new.amount, self.currency):
            message = f"must have at most {MINOR_UNITS[self.currency]} decimal places in {self.currency}"
            violations.append(Violation("amount", VALIDATION_FAILED, message))
        elif new.amount is not None and self.status == ISSUED and new.amount > self.refund_due:
            message = f"must be at most what is to be refunded, {self.refund_due} {self.currency}"
            violations.append(Violation("amount", AMOUNT_EXCEEDS_BALANCE, message))
        if new.date is not None and new.date > today:
            violations.append(Violation("date", VALIDATION_FAILED, f"must not be after today ({today.isoformat()})"))
        elif new.date is not None and new.date < self.date:
            message = f"must not be before the date of the {self.noun} ({self.date.isoformat()})"
            violations.append(Violation("date", VALIDATION_FAILED, message))
        return violations

    def check_refundable(self, document: Document) -> None:
        """Raise RefundOfUnpaid if something of the document is still due: a credit must lower that first."""
        if self.status == ISSUED and document.balance_due > 0:
            raise RefundOfUnpaid(self.noun, document.noun, document.balance_due, self.currency)

    def record_refund(self, id: str, new: NewRefund, at: datetime, today: date) -> None:
        """Record a refund of at most what is to be refunded.

        Raises Invalid for wrong fields, and NothingToRefund for a note that was not issued.
        """
        if self.status != ISSUED:
            raise NothingToRefund(self.noun, self.status, self.transitions()[self.status])
        if violations := self.check_refund(new, today):
            raise Invalid(violations)
        assert new.amount is not None
        amount = round_amount(new.amount, self.currency)
        refund = Refund(
            id=id,
            amount=amount,
            date=new.date or today,
            method=new.method,
            reference=new.reference,
            recorded_at=instant(at),
        )
        refunded, due = self.amount_refunded + amount, self.refund_due - amount
        self.record(self.Refunded, at, refunds=(refund,), amount_refunded=refunded, refund_due=due)
