"""Notes that lower a document, and can leave something to be refunded: what exceeds its balance."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

import msgspec

from domain.aggregate import Event
from domain.calendar import instant
from domain.document import Document
from domain.documents.corrections import Correction
from domain.errors import Invalid
from domain.errors.codes import AMOUNT_EXCEEDS_BALANCE, VALIDATION_FAILED
from domain.errors.document import AlreadyReversed, PaymentNotFound
from domain.errors.note import AlreadyRefunded, NothingToRefund, RefundOfUnpaid, TakesWrittenOff
from domain.errors.violation import Violation
from domain.money import MINOR_UNITS, round_amount
from domain.notes.events import NoteCreated, NoteIssued, NoteVoided
from domain.notes.items import Decided, Wanted
from domain.notes.left import Left
from domain.notes.lowering import decide_lowering, fits
from domain.notes.note import ISSUED, VOID, Note
from domain.notes.refunds import NewRefund, Refund, StoredRefund


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


class _Refunds:
    """The refunds of a note. A note without refunds has no attribute of its own for them."""

    refunds: tuple[Refund, ...] = ()


class LoweringNote(_Refunds, Note):
    """A note that lowers a document. What exceeds the balance of the document is to be refunded."""

    Refunded: ClassVar[type[Event]]
    RefundReversed: ClassVar[type[Event]]

    amount_applied: Decimal
    """The part of the total that has lowered the balance of the document."""
    amount_refunded: Decimal
    refund_due: Decimal

    @classmethod
    def actions(cls, status: str, is_refunded: bool = False, owes_refund: bool = True) -> tuple[str, ...]:
        """Return the names of the actions that are possible: the resource's `availableActions`.

        `is_refunded` says whether a refund counts, and `owes_refund` whether something is to be refunded.
        """
        offered = super().actions(status)
        if status != ISSUED:
            return offered
        offered = tuple(action for action in offered if action != VOID or not is_refunded)
        refunds = (*(("recordRefund",) if owes_refund else ()), *(("reverseRefund",) if is_refunded else ()))
        return (*offered, *refunds)

    @classmethod
    def all_actions(cls) -> tuple[str, ...]:
        return (*super().all_actions(), "reverseRefund")

    @classmethod
    def decide(cls, left: Left, wanted: Wanted, *, adjusts_tax: bool) -> Decided:
        return decide_lowering(left, wanted, adjusts_tax=adjusts_tax)

    def fits(self, left: Left) -> bool:
        return fits(left, Decided(self.items, self.round_off or Decimal(0)))

    @classmethod
    def _nothing_yet(cls, currency: str) -> dict[str, Any]:
        zero = round_amount(Decimal(0), currency)
        return {"amount_applied": zero, "amount_refunded": zero, "refund_due": zero}

    def _after_issue(self, correction: Correction) -> dict[str, Any]:
        applied = correction.applied_amount
        return {"amount_applied": applied, "refund_due": self.total_amount - applied}

    def check_issue(self, document: Document) -> None:
        """Raise TakesWrittenOff if the note takes what was written off or rounded off.

        What exceeds the balance is to be refunded, so all of it must be money that was paid.
        """
        most = document.not_written_off
        if document.written_off and self.total_amount > most:
            payments = [each.id for each in document.written_off]
            raise TakesWrittenOff(self.noun, document.noun, most, self.currency, payments)

    def applied_to(self, document: Document) -> Decimal:
        return min(self.total_amount, document.balance_due)

    def correct(self, document: Document, correction: Correction, at: datetime) -> None:
        document.credit(correction, self.corrected_lines(), at)

    def take_back(self, document: Document, at: datetime) -> None:
        document.reverse_credit(self.id, self.corrected_lines(), at)

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
        self.record(self.Refunded, at, refunds=(_stored(refund),), amount_refunded=refunded, refund_due=due)

    def check_refund_reversal(self, id: str, reversed_on: date | None, today: date) -> list[Violation]:
        """Return a violation if the refund cannot be taken back on this day; None means today.

        Raises PaymentNotFound.
        """
        day = self._refund(id).date
        if reversed_on is not None and reversed_on < day:
            message = f"must not be before the date of the refund ({day.isoformat()})"
            return [Violation("reversedOn", VALIDATION_FAILED, message)]
        if reversed_on is not None and reversed_on > today:
            message = f"must not be after today ({today.isoformat()})"
            return [Violation("reversedOn", VALIDATION_FAILED, message)]
        return []

    def reverse_refund(self, id: str, reason: str, reversed_on: date | None, at: datetime, today: date) -> None:
        """Take a refund back: it is to be refunded again.

        `reversed_on` is a day from the day of the refund to today; None means today. Raises PaymentNotFound, Invalid
        for a wrong day, and AlreadyReversed if the refund was taken back before.
        """
        if violations := self.check_refund_reversal(id, reversed_on, today):
            raise Invalid(violations)
        refund = self._refund(id)
        if not refund.is_standing:
            raise AlreadyReversed(id, refund.reversed_on, "refund")
        reversal = {"reversed_at": instant(at), "reversed_on": reversed_on or today, "reversal_reason": reason}
        taken_back = _stored(msgspec.structs.replace(refund, **reversal))
        refunded, due = self.amount_refunded - refund.amount, self.refund_due + refund.amount
        self.record(self.RefundReversed, at, refunds=(taken_back,), amount_refunded=refunded, refund_due=due)

    def _refund(self, id: str) -> Refund:
        """Return the refund with this id. Raises PaymentNotFound."""
        found = next((each for each in self.refunds if each.id == id), None)
        if found is None:
            raise PaymentNotFound(self.noun, id, "refund")
        return found


def _stored(refund: Refund) -> StoredRefund:
    return StoredRefund(**msgspec.structs.asdict(refund))
