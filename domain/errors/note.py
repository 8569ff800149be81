"""The refusals about notes, which correct invoices and bills."""

from __future__ import annotations

from decimal import Decimal

from domain.errors import InvalidTransition


class DocumentCannotBeCorrected(InvalidTransition):
    """The note cannot be issued, because of the status of the document that it corrects."""

    def __init__(self, noun: str, document: str, status: str) -> None:
        super().__init__(noun, "draft", "issued", ("void",))
        self.args = (f"This {noun} cannot be issued, because its {document} is {status}. Make the {noun} void.",)


class CorrectedByNote(InvalidTransition):
    """The document cannot be made void, because a note corrects it."""

    def __init__(self, noun: str, status: str, note: str, number: str, id: str) -> None:
        """`note` is the noun of the note, such as "credit note"."""
        super().__init__(noun, status, "void", ())
        self.args = (
            f"This {noun} cannot become void, because the {note} {number} ({id}) corrects it. Make the {note} void "
            "first.",
        )


class AlreadyRefunded(InvalidTransition):
    """The note cannot be made void, because a part of it was refunded."""

    def __init__(self, noun: str, amount: Decimal, currency: str) -> None:
        super().__init__(noun, "issued", "void", ())
        self.args = (
            f"This {noun} cannot become void, because {amount} {currency} of it were refunded already. A refund cannot "
            "be taken back.",
        )


class NothingToRefund(InvalidTransition):
    """The note does not take refunds in its status."""

    def __init__(self, noun: str, status: str, allowed: tuple[str, ...]) -> None:
        super().__init__(noun, status, "refunds", allowed)
        advice = "Issue it first." if "issued" in allowed else "Nothing of it is to be refunded."
        self.args = (f"This {noun} is {status} and does not take refunds. {advice}",)
