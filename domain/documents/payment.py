"""Payments of a document: the kinds of payment, a new and a recorded payment, and the fields of the balance."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, NamedTuple

import msgspec

from domain.calendar import Timestamp
from domain.text import text_key

PAYMENT = "payment"
"""The kind of a payment in money; the other kinds settle a part of the balance without money."""
KINDS = (PAYMENT, "tds", "write_off", "round_off")
"""`tds` is tax that the payer withheld (tax deducted at source). `write_off` and `round_off` are amounts that nobody
pays."""
UNPAID_REMAINDERS = ("write_off", "round_off")
"""The kinds that need a reference. The reference says why nobody pays the amount."""


class Payment(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Money that was received for an invoice or paid for a bill, or an amount that settles the balance without money.

    A payment that was taken back stays in the list, with the time, the day and the reason of the reversal.
    """

    noun: ClassVar[str] = "payment"

    id: str
    kind: Annotated[str, msgspec.Meta(extra_json_schema={"enum": list(KINDS)})] = PAYMENT
    amount: Decimal
    paid_on: date
    method: str | None
    reference: str | None
    recorded_at: Timestamp
    reversed_at: Timestamp | None = None
    reversed_on: date | None = None
    reversal_reason: str | None = None

    @property
    def is_standing(self) -> bool:
        """Whether the payment counts, because it was not taken back."""
        return self.reversed_at is None


class NewPayment(NamedTuple):
    """A payment as the client sends it. A field that could not be parsed is None."""

    amount: Decimal | None = None
    paid_on: date | None = None
    kind: str = PAYMENT
    method: str | None = None
    reference: str | None = None

    def repeats(self, other: Payment) -> bool:
        """Return whether both payments have the same reference (compared by text key), kind, amount and day.

        If a reference is missing, the result is False: two different payments can have the same amount and day.
        """
        is_alike = (other.kind, other.amount, other.paid_on) == (self.kind, self.amount, self.paid_on)
        if not is_alike or self.reference is None or other.reference is None:
            return False
        key = text_key(self.reference)
        return key != "" and key == text_key(other.reference)


def balance_fields(total: Decimal, paid: Decimal, settled: Decimal) -> dict[str, Decimal]:
    """Return the fields of an event that hold the paid amount, the settled amount, and the balance due.

    `total` is what the document comes to after its notes. All balances are computed by this function.
    """
    return {"amount_paid": paid, "amount_settled": settled, "balance_due": total - paid - settled}
