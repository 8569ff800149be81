"""The refusals about invoices, bills and their payments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.errors import Conflict, InvalidTransition, NotFound, Refused
from domain.errors.messages import shorten, words


class PaymentNotFound(NotFound):
    """The document has no payment with this id, or the note no refund."""

    def __init__(self, noun: str, id: str, entry: str = "payment") -> None:
        """`entry` is what is looked for: a payment or a refund."""
        super().__init__(entry, id)
        self.args = (
            f"This {noun} has no {entry} with the id '{shorten(id)}'; its {entry}s are listed in the {noun} itself.",
        )


class AlreadyReversed(Refused):
    """The payment or refund was already taken back, which can be done only once."""

    def __init__(self, id: str, reversed_on: date | None, entry: str = "payment") -> None:
        """`entry` is what was taken back: a payment or a refund."""
        self.id, self.reversed_on, self.entry = id, reversed_on, entry
        super().__init__(
            f"The {entry} {id} was already reversed, on {reversed_on}, and no longer counts. If the money was paid "
            f"later, record it as a new {entry}."
        )


class ActionRefused(InvalidTransition):
    """The current status does not allow the action."""

    def __init__(self, noun: str, from_: str, action: str, allowed: Sequence[str], needed: str) -> None:
        """`action` is a plural noun, such as "payments". `needed` is the status that allows the action.

        A request can set the status `needed` if it is in `allowed`.
        """
        super().__init__(noun, from_, action, allowed)
        advice = f"Set its status to {needed} first." if needed in allowed else f"Its status cannot be set to {needed}."
        self.args = (f"This {noun} is {words(from_)} and does not take {action}. {advice}",)


class DuplicateNumber(Conflict):
    """Another document of the organization already has this number in the same financial year.

    Source: rule 46(b) of India's CGST Rules, 2017, which requires a serial number that is unique for a financial year.
    """

    def __init__(
        self, number: str, financial_year: str, conflicting_id: str | None = None, of: str = "", noun: str = "bill"
    ) -> None:
        """`of` names the documents among which a vendor's number must be unique, such as "bills of acme"."""
        self.number, self.financial_year, self.conflicting_id, self.of = number, financial_year, conflicting_id, of
        if of:
            advice = f"Check whether this {noun} was entered before."
        else:
            advice = "Send another one, or leave the number out to get the next one of your own series."
        where = f"among the {of} in" if of else "in"
        super().__init__(
            f"The number '{number}' is already taken {where} the financial year {financial_year}. {advice}"
        )


class DuplicatePayment(Conflict):
    """The document has a payment with the same reference, kind, amount and day."""

    def __init__(self, conflicting_id: str) -> None:
        self.conflicting_id = conflicting_id
        super().__init__(
            "A payment with the same reference, kind, amount and day is already recorded on this document "
            f"({conflicting_id}). If this is a different payment, give it a different reference. If the recorded "
            "payment is wrong, reverse it first."
        )
