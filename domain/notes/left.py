"""What is left of a document after its notes, line by line: a note never takes more."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from msgspec import UNSET

from domain.documents.pricing import LineItem
from domain.money import round_amount
from domain.notes.amounts import Amounts
from domain.notes.items import NoteItem

if TYPE_CHECKING:
    from domain.document import Document


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


def can_lose(line: LeftOfLine, item: NoteItem) -> bool:
    """Return whether nothing of what is left of a line becomes negative without this line of a note."""
    rest = line.amounts.minus(item.amounts)
    quantity = Decimal(0) if item.quantity is UNSET else item.quantity
    return rest.total >= 0 and quantity <= line.quantity and all(part >= 0 for part in rest[:-1])


def left_of(document: Document) -> Left:
    """Return what the notes that count have left of a document."""
    amounts = [Amounts.of_line(item) for item in document.items]
    quantities = [item.quantity for item in document.items]
    round_off = document.round_off or Decimal(0)
    for correction in document.corrections:
        if correction.is_standing and correction.round_off is not UNSET:
            round_off -= correction.round_off
    for corrected in document.corrected_lines:
        place = corrected.line_number - 1
        amounts[place] = amounts[place].plus(Amounts.of_corrected(corrected))
        if corrected.quantity is not UNSET:
            quantities[place] += corrected.quantity
    lines = zip(document.items, amounts, quantities, strict=True)
    return Left(
        tuple(LeftOfLine(place, *each) for place, each in enumerate(lines, 1)),
        round_amount(round_off, document.currency),
        document.currency,
        document.supply_type,
        bool(document.reverse_charge),
    )
