"""A model of a document's payments, in which all values follow from the list of payments.

It is written only from the contract, not from the code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass
class PaymentModel:
    """A payment as it was recorded. `stands` is false after a reversal."""

    id: str
    kind: str
    amount: Decimal
    paid_on: date
    reference: str | None
    stands: bool = True

    def is_repeated_by(self, kind: str, amount: Decimal, paid_on: date, reference: str | None) -> bool:
        """Return whether a payment with these values would repeat this one.

        References are compared without case, and without blanks at their ends.
        """
        if not self.stands or reference is None or self.reference is None:
            return False
        same = (self.kind, self.amount, self.paid_on) == (kind, amount, paid_on)
        return same and self.reference.strip().lower() == reference.strip().lower()


@dataclass
class DocumentModel:
    """An invoice or a bill with its payments."""

    id: str
    number: str
    issued_status: str
    total: Decimal
    due: date
    is_issued: bool = False
    is_void: bool = False
    payments: list[PaymentModel] = field(default_factory=list)

    def sum_of(self, *kinds: str) -> Decimal:
        return sum((each.amount for each in self.payments if each.stands and each.kind in kinds), Decimal("0.00"))

    @property
    def paid(self) -> Decimal:
        return self.sum_of("payment")

    @property
    def settled(self) -> Decimal:
        return self.sum_of("tds", "write_off", "round_off")

    @property
    def balance(self) -> Decimal:
        return self.total - self.paid - self.settled

    @property
    def status(self) -> str:
        if self.is_void or not self.is_issued:
            return "void" if self.is_void else "draft"
        if self.balance == 0:
            return "paid"
        return self.issued_status if self.balance == self.total else "partially_paid"

    @property
    def takes_payments(self) -> bool:
        return self.status in (self.issued_status, "partially_paid")

    def is_overdue(self, today: date) -> bool:
        return self.takes_payments and self.due < today

    def actions(self) -> list[str]:
        offered = ["update"]
        if self.status == "draft":
            offered.append("send" if self.issued_status == "sent" else "open")
        if self.status in ("draft", self.issued_status):
            offered.append("void")
        if self.takes_payments:
            offered.append("recordPayment")
        if any(each.stands for each in self.payments):
            offered.append("reversePayment")
        return offered

    def shown(self, today: date) -> dict[str, object]:
        """Return those fields of the resource that follow from the list of payments."""
        return {
            "status": self.status,
            "totalAmount": str(self.total),
            "amountPaid": str(self.paid),
            "amountSettled": str(self.settled),
            "balanceDue": str(self.balance),
            "isOverdue": self.is_overdue(today),
            "availableActions": self.actions(),
        }
