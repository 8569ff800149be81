"""Takes the parts of a document's lines that a request names, and lists what is wrong with each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from domain.errors import Invalid
from domain.errors.codes import VALIDATION_FAILED
from domain.errors.violation import Violation
from domain.money import MINOR_UNITS, round_amount
from domain.notes.items import NoteItem, Part
from domain.notes.left import Left, LeftOfLine


class PartRefused(Exception):
    """A part of a line cannot be taken; the arguments are the field of the part, and the message."""


def take_parts(left: Left, parts: Sequence[Part], take: Callable[[LeftOfLine, Part], NoteItem]) -> tuple[NoteItem, ...]:
    """Return the lines of a note for these parts. `take` makes one, or raises PartRefused. Raises Invalid."""
    items, violations, seen = list[NoteItem](), list[Violation](), set[int]()
    for place, part in enumerate(parts):
        try:
            items.append(take(_line_of(left, part, seen), part))
        except PartRefused as refusal:
            field, message = refusal.args
            violations.append(Violation(f"items[{place}].{field}", VALIDATION_FAILED, message))
    if violations:
        raise Invalid(violations)
    return tuple(items)


def _line_of(left: Left, part: Part, seen: set[int]) -> LeftOfLine:
    """Return the line that a part names. Raises PartRefused if there is none, or if another part names it, too."""
    if not 1 <= part.line_number <= len(left.lines):
        raise PartRefused("lineNumber", f"must be the number of a line, from 1 to {len(left.lines)}")
    if part.line_number in seen:
        raise PartRefused("lineNumber", f"names line {part.line_number} once more; put both into one entry")
    seen.add(part.line_number)
    return left.lines[part.line_number - 1]


def amount_of(part: Part, currency: str) -> Decimal:
    """Return the amount of a part in units of the currency. Raises PartRefused."""
    assert part.amount is not None
    if message := too_many_places(part.amount, currency):
        raise PartRefused("amount", message)
    return round_amount(part.amount, currency)


def too_many_places(amount: Decimal, currency: str) -> str | None:
    """Return what is wrong with an amount that has more decimal places than its currency; None if it is right."""
    if amount == round_amount(amount, currency):
        return None
    return f"must have at most {MINOR_UNITS[currency]} decimal places in {currency}"


def invalid_amount(message: str) -> Invalid:
    """Return the refusal of the amount of a note."""
    return Invalid([Violation("amount", VALIDATION_FAILED, message)])
