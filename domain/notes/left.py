"""What is left of a document after its notes, line by line: a note never takes more."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from msgspec import UNSET

from domain.documents.pricing import LineItem
from domain.money import round_amount
from domain.notes.amounts import Amounts

if TYPE_CHECKING:
    from domain.document import Document

RAISING = ("debit_note",)
"""The kinds of notes that raise what a document comes to; the others lower it."""


class LeftOfLine(NamedTuple):
    """What is left of a line of a document."""

    line_number: int
    """The number of the line, from 1."""
    item: LineItem
    amounts: Amounts
    quantity: Decimal


class Left(NamedTuple):
    """What is left of a document."""

    lines: tuple[LeftOfLine, ...]
    round_off: Decimal
    """What is left of the amount by which the document's own total was rounded off."""
    currency: str
    supply_type: str | None = None
    """The type of the document's supply; None for a document without GST."""
    reverse_charge: bool = False

    @property
    def of_lines(self) -> Decimal:
        """The total of what is left of the lines."""
        return sum((line.amounts.total for line in self.lines), round_amount(Decimal(0), self.currency))

    @property
    def total(self) -> Decimal:
        """The total of what is left."""
        return self.of_lines + self.round_off


def left_of(document: Document) -> Left:
    """Return what the notes that count have left of a document."""
    amounts = [Amounts.of_line(item) for item in document.items]
    quantities = [item.quantity for item in document.items]
    round_off = document.round_off or Decimal(0)
    for correction in document.corrections:
        if not correction.is_standing:
            continue
        raises = correction.kind in RAISING
        if correction.round_off is not UNSET:
            round_off -= correction.round_off
        for corrected in correction.lines:
            place, change = corrected.line_number - 1, Amounts.of_corrected(corrected)
            amounts[place] = amounts[place].plus(change) if raises else amounts[place].minus(change)
            if corrected.quantity is not UNSET:
                quantities[place] += corrected.quantity if raises else -corrected.quantity
    lines = zip(document.items, amounts, quantities, strict=True)
    return Left(
        tuple(LeftOfLine(place, *each) for place, each in enumerate(lines, 1)),
        round_amount(round_off, document.currency),
        document.currency,
        document.supply_type,
        bool(document.reverse_charge),
    )
