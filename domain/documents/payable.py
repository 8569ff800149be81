"""The payments of a document: recording and reversing them, the balance due, and whether the document is overdue."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

import msgspec
from msgspec import UNSET

from domain.aggregate import Aggregate, Event
from domain.calendar import instant
from domain.documents.corrections import CorrectedFields
from domain.documents.events import StoredPayment
from domain.documents.payment import PAYMENT, UNPAID_REMAINDERS, NewPayment, Payment, balance_fields
from domain.errors import Invalid
from domain.errors.codes import AMOUNT_EXCEEDS_BALANCE, VALIDATION_FAILED
from domain.errors.document import ActionRefused, AlreadyReversed, DuplicatePayment, PaymentNotFound
from domain.errors.violation import Violation
from domain.money import MINOR_UNITS, round_amount


class Payable(CorrectedFields, Aggregate):
    """An aggregate with a total, a due date and payments. Its status depends on its balance."""

    issued_status: ClassVar[str]
    """The status after the draft: `sent` or `open`. A document with this status waits for payment."""

    PaymentRecorded: ClassVar[type[Event]]
    PaymentReversed: ClassVar[type[Event]]
    Paid: ClassVar[type[Event]]
    Overdue: ClassVar[type[Event]]
    OverdueCleared: ClassVar[type[Event]]

    status: str
    currency: str
    due_date: date
    total_amount: Decimal
    amount_paid: Decimal
    amount_settled: Decimal
    balance_due: Decimal
    is_overdue: bool
    payments: dict[str, Payment]
    """The payments by their ids, in the order in which they were recorded."""

    @classmethod
    def payable_statuses(cls) -> frozenset[str]:
        """Return the statuses in which a document waits for payment. A document in another status is never overdue."""
        return frozenset((cls.issued_status, "partially_paid"))

    @classmethod
    def payment_transitions(cls) -> dict[str, tuple[str, ...]]:
        """Return, for each status, the statuses to which a payment or a reversal can lead."""
        issued = cls.issued_status
        return {
            issued: ("partially_paid", "paid"),
            "partially_paid": ("paid", issued),
            "paid": ("partially_paid", issued),
        }

    def record_payment(self, id: str, new: NewPayment, at: datetime, today: date) -> None:
        """Record a payment of at most the balance due. If the balance becomes zero, the document becomes paid.

        The payment's event already holds the document's state after the payment (docs/decisions/0046). Raises Invalid
        for wrong fields, DuplicatePayment for a payment that is already recorded, and ActionRefused if the document's
        status allows no payments.
        """
        if violations := self.check_payment(new, today):
            raise Invalid(violations)
        if repeated := self._find_repeated(new):
            raise DuplicatePayment(repeated.id)
        if self.status not in self.payable_statuses():
            allowed = self.transitions()[self.status]
            raise ActionRefused(self.noun, self.status, "payments", allowed, self.issued_status)
        assert new.amount is not None
        amount = round_amount(new.amount, self.currency)
        fields = {**new._asdict(), "id": id, "amount": amount, "recorded_at": instant(at)}
        payment = Payment(**fields)
        balance, was_overdue = self._balance_after(payment.kind, amount), self.is_overdue
        state = self._state_after(balance["balance_due"], at)
        self.record(self.PaymentRecorded, at, payments=(_stored(payment),), **balance, **state)
        self.mark_paid_at_zero(at)
        if was_overdue and not self.is_overdue:
            self.record(self.OverdueCleared, at, is_overdue=False)

    def check_payment(self, new: NewPayment, today: date) -> list[Violation]:
        """Return a violation for each wrong field of this payment.

        A repeated payment may exceed the balance due, because `record_payment` refuses it as a duplicate.
        """
        violations = [] if new.amount is None else self._check_amount(new.amount, new)
        if new.paid_on is not None and new.paid_on > today:
            violations.append(Violation("paidOn", VALIDATION_FAILED, f"must not be after today ({today.isoformat()})"))
        if new.kind in UNPAID_REMAINDERS and new.reference is None:
            message = f"is required for the kind {new.kind}; give the reason why this amount will not be paid"
            violations.append(Violation("reference", VALIDATION_FAILED, message))
        return violations

    def reverse_payment(self, id: str, reason: str, reversed_on: date | None, at: datetime, today: date) -> None:
        """Take a payment back, and change the status and the balance accordingly.

        `reversed_on` is a day from the day of the payment to today; None means today. Raises PaymentNotFound, Invalid
        for a wrong day, and AlreadyReversed if the payment was taken back before.
        """
        if violations := self.check_reversal(id, reversed_on, today):
            raise Invalid(violations)
        payment = self.payments[id]
        if not payment.is_standing:
            raise AlreadyReversed(id, payment.reversed_on)
        reversal = {"reversed_at": instant(at), "reversed_on": reversed_on or today, "reversal_reason": reason}
        payment = msgspec.structs.replace(payment, **reversal)
        balance = self._balance_after(payment.kind, -payment.amount)
        is_unpaid = not (balance["amount_paid"] or balance["amount_settled"])
        self.record(
            self.PaymentReversed,
            at,
            payments=(_stored(payment),),
            **balance,
            status=self.issued_status if is_unpaid else "partially_paid",
            paid_at=None if self.status == "paid" else UNSET,
        )

    def check_reversal(self, id: str, reversed_on: date | None, today: date) -> list[Violation]:
        """Return a violation if the payment cannot be reversed on this day; None means today.

        Raises PaymentNotFound.
        """
        if id not in self.payments:
            raise PaymentNotFound(self.noun, id)
        paid_on = self.payments[id].paid_on
        if reversed_on is not None and reversed_on < paid_on:
            message = f"must not be before paidOn ({paid_on.isoformat()})"
        elif reversed_on is not None and reversed_on > today:
            message = f"must not be after today ({today.isoformat()})"
        else:
            return []
        return [Violation("reversedOn", VALIDATION_FAILED, message)]

    def refresh_overdue(self, today: date, at: datetime) -> None:
        """Record that the document has become overdue, or is no longer overdue. Record no event if nothing changed."""
        is_payable = self.status in self.payable_statuses() and self.balance_due > 0
        is_overdue = is_payable and self.due_date < today
        if is_overdue and not self.is_overdue:
            self.record(self.Overdue, at, is_overdue=True)
        elif self.is_overdue and not is_overdue:
            self.record(self.OverdueCleared, at, is_overdue=False)

    def mark_paid_at_zero(self, at: datetime) -> None:
        """Record that the document is paid, if its balance due is zero."""
        if self.balance_due == 0:
            self.record(self.Paid, at, status="paid", paid_at=instant(at))

    @property
    def written_off(self) -> tuple[Payment, ...]:
        """The payments that count and that nobody has made: what was written off or rounded off."""
        return tuple(each for each in self.payments.values() if each.is_standing and each.kind in UNPAID_REMAINDERS)

    @property
    def not_written_off(self) -> Decimal:
        """What the document comes to after its notes, without what was written off or rounded off.

        No note takes more than this, and no more is written off. So nothing is to be refunded that nobody has paid.
        """
        notes = sum((each.change for each in self.corrections if each.is_standing), zero_like(self.total_amount))
        return self.total_amount + notes - sum(each.amount for each in self.written_off)

    def _check_amount(self, amount: Decimal, new: NewPayment) -> list[Violation]:
        violations = []
        if amount != round_amount(amount, self.currency):
            message = f"must have at most {MINOR_UNITS[self.currency]} decimal places in {self.currency}"
            violations.append(Violation("amount", VALIDATION_FAILED, message))
        if amount > self.balance_due and not self._find_repeated(new):
            message = f"must be at most the balance due, {self.balance_due} {self.currency}"
            violations.append(Violation("amount", AMOUNT_EXCEEDS_BALANCE, message))
        elif new.kind in UNPAID_REMAINDERS and amount > self.not_written_off and not self._find_repeated(new):
            message = (
                f"must be at most {self.not_written_off} {self.currency} for the kind {new.kind}: notes that are to be "
                "refunded have taken the rest; make such a note void and issue it again, then it lowers the balance"
            )
            violations.append(Violation("amount", AMOUNT_EXCEEDS_BALANCE, message))
        return violations

    def _find_repeated(self, new: NewPayment) -> Payment | None:
        return next((each for each in self.payments.values() if each.is_standing and new.repeats(each)), None)

    def _state_after(self, balance_due: Decimal, at: datetime) -> dict[str, Any]:
        """Return the fields, other than amounts, that a payment sets when it leaves this balance due."""
        if balance_due > 0:
            return {"status": "partially_paid"}
        return {"status": "paid", "paid_at": instant(at), **({"is_overdue": False} if self.is_overdue else {})}

    def _balance_after(self, kind: str, amount: Decimal) -> dict[str, Any]:
        """Return the amounts after a payment of this kind. `amount` is negative for a payment that is taken back."""
        paid, settled = (amount, Decimal(0)) if kind == PAYMENT else (Decimal(0), amount)
        return balance_fields(self._corrected_total(), self.amount_paid + paid, self.amount_settled + settled)

    def _corrected_total(self) -> Decimal:
        """Return what the document comes to after its notes, without what they leave to be refunded."""
        total = self.total_amount
        if self.amount_debited is not None:
            total += self.amount_debited
        return total if self.amount_credited is None else total - self.amount_credited


def zero_like(amount: Decimal) -> Decimal:
    """Return zero with as many decimal places."""
    return amount - amount


def _stored(payment: Payment) -> StoredPayment:
    return StoredPayment(**msgspec.structs.asdict(payment))
