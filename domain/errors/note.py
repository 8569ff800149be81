"""The refusals about notes, which correct invoices and bills."""

from __future__ import annotations

from collections.abc import Sequence
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


class TakesWrittenOff(InvalidTransition):
    """The note cannot be issued, because it takes what was written off: nobody has paid what would be refunded."""

    def __init__(self, noun: str, document: str, most: Decimal, currency: str, payments: Sequence[str]) -> None:
        """`most` is what the note can take. `payments` are the ids of what was written off or rounded off."""
        super().__init__(noun, "draft", "issued", ("void",))
        less = f", or let the {noun} take at most {most} {currency}" if most > 0 else ""
        self.args = (
            f"This {noun} cannot be issued, because a part of what it takes was written off or rounded off: nobody has "
            f"paid it, so it cannot be refunded. Reverse this in the {document} first ({', '.join(payments)}){less}.",
        )


class DraftOutdated(InvalidTransition):
    """The note cannot be issued as its draft shows it, because the document has changed since."""

    def __init__(self, noun: str, document: str, total: Decimal, now: Decimal, currency: str) -> None:
        """`total` is what the draft shows, and `now` what it would come to."""
        super().__init__(noun, "draft", "issued", ("void",))
        would = f"would come to {now} and not {total} {currency}" if now != total else "would have other taxes"
        self.args = (
            f"This {noun} cannot be issued as it is shown, because its {document}, or the time limit for the tax, has "
            f"changed since: it {would} now. Send its items, amount or date again to compute it anew, look at it, and "
            "issue it.",
        )


class AlreadyRefunded(InvalidTransition):
    """The note cannot be made void, because a part of it was refunded."""

    def __init__(self, noun: str, amount: Decimal, currency: str) -> None:
        super().__init__(noun, "issued", "void", ())
        self.args = (
            f"This {noun} cannot become void, because {amount} {currency} of it were refunded already. Reverse the "
            "refunds first.",
        )


class NothingToRefund(InvalidTransition):
    """The note does not take refunds in its status."""

    def __init__(self, noun: str, status: str, allowed: tuple[str, ...]) -> None:
        super().__init__(noun, status, "refunds", allowed)
        advice = "Issue it first." if "issued" in allowed else "Nothing of it is to be refunded."
        self.args = (f"This {noun} is {status} and does not take refunds. {advice}",)


class RefundOfUnpaid(InvalidTransition):
    """Nothing can be refunded while something of the document is still due."""

    def __init__(self, noun: str, document: str, balance: Decimal, currency: str) -> None:
        super().__init__(noun, "issued", "refunds", ())
        self.args = (
            f"This {noun} takes no refunds now, because {balance} {currency} of its {document} are still due. Make the "
            f"{noun} void and issue it again: it then lowers what is due. Or wait until the {document} is paid.",
        )


class DebitPaid(InvalidTransition):
    """The debit note cannot be made void, because less than it has added is still due."""

    def __init__(self, noun: str, document: str, amount: Decimal, balance: Decimal, currency: str) -> None:
        super().__init__(noun, "issued", "void", ())
        self.args = (
            f"This {noun} cannot become void, because it has added {amount} {currency}, and only {balance} {currency} "
            f"of the {document} are still due. Reverse payments of the {document} first, or issue a credit note.",
        )


class DebitUsed(InvalidTransition):
    """The debit note cannot be made void, because a credit note has taken something of what it has added."""

    def __init__(self, noun: str, other: str, number: str, id: str) -> None:
        """`other` is the noun of the other note."""
        super().__init__(noun, "issued", "void", ())
        self.args = (
            f"This {noun} cannot become void, because the {other} {number} ({id}) has taken a part of what it has "
            f"added. Make the {other} void first.",
        )


class DebitWrittenOff(InvalidTransition):
    """The debit note cannot be made void, because then more would have been written off than the document comes to."""

    def __init__(self, noun: str, document: str, payments: Sequence[str]) -> None:
        """`payments` are the ids of what was written off or rounded off."""
        super().__init__(noun, "issued", "void", ())
        self.args = (
            f"This {noun} cannot become void, because a part of what it has added was written off or rounded off. "
            f"Reverse this in the {document} first ({', '.join(payments)}).",
        )
