"""What a note takes that lowers a document: which amounts of which lines, to the last paisa."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from domain.errors import Invalid
from domain.errors.codes import VALIDATION_FAILED
from domain.errors.violation import Violation
from domain.money import MINOR_UNITS, plain, round_amount
from domain.notes.amounts import Amounts, part_of, part_with_total, with_places
from domain.notes.items import Decided, NoteItem, Part, Wanted, note_item
from domain.notes.left import Left, LeftOfLine
from domain.tax.discount import spread

_ZERO = Decimal(0)
_INDIVISIBLE = "cannot be divided so: CGST and SGST must be equal; a little more or less can be"


class _Refused(Exception):
    """A part of a line cannot be taken; the arguments are the field of the part, and the message."""


def decide_lowering(left: Left, wanted: Wanted, *, adjusts_tax: bool) -> Decided:
    """Return what a note takes of what is left.

    If it does not adjust the tax, it takes amounts of money alone. The note that takes the rest of all lines takes the
    rest of the rounding, too. Raises Invalid, which names each part of which less is left.
    """
    if wanted.parts is not None:
        items = tuple(_parts(left, wanted.parts, adjusts_tax))
    elif wanted.amount is None:
        items = tuple(_whole(line, adjusts_tax, left.currency) for line in left.lines if line.amounts.total)
    else:
        items = tuple(_spread(left, wanted.amount, adjusts_tax))
    taken = sum((item.total_amount for item in items), _ZERO)
    rest = left.of_lines - taken
    round_off = left.round_off if rest == 0 else min(_ZERO, rest + left.round_off)
    return Decided(items, round_amount(round_off, left.currency))


def _parts(left: Left, parts: Sequence[Part], adjusts_tax: bool) -> Iterator[NoteItem]:
    violations, seen = list[Violation](), set[int]()
    for place, part in enumerate(parts):
        try:
            yield _part(left, part, seen, adjusts_tax)
        except _Refused as refusal:
            field, message = refusal.args
            violations.append(Violation(f"items[{place}].{field}", VALIDATION_FAILED, message))
    if violations:
        raise Invalid(violations)


def _part(left: Left, part: Part, seen: set[int], adjusts_tax: bool) -> NoteItem:
    """Return the line of a note that takes this part. Raises _Refused."""
    if not 1 <= part.line_number <= len(left.lines):
        raise _Refused("lineNumber", f"must be the number of a line, from 1 to {len(left.lines)}")
    if part.line_number in seen:
        raise _Refused("lineNumber", f"names line {part.line_number} once more; put both into one entry")
    seen.add(part.line_number)
    line, currency = left.lines[part.line_number - 1], left.currency
    if line.amounts.total <= 0:
        raise _Refused("lineNumber", f"names a line of which nothing is left: {line.amounts.total} {currency}")
    if part.quantity is not None:
        return _of_quantity(line, plain(part.quantity), adjusts_tax, currency)
    if part.amount is None:
        return _whole(line, adjusts_tax, currency)
    amount = round_amount(part.amount, currency)
    if amount != part.amount:
        raise _Refused("amount", f"must have at most {MINOR_UNITS[currency]} decimal places in {currency}")
    if amount > line.amounts.total:
        raise _Refused(
            "amount", f"must be at most what is left of line {line.line_number}, {line.amounts.total} {currency}"
        )
    return _of_total(line, amount, adjusts_tax, currency)


def _of_quantity(line: LeftOfLine, quantity: Decimal, adjusts_tax: bool, currency: str) -> NoteItem:
    if quantity > line.quantity:
        raise _Refused("quantity", f"must be at most what is left of line {line.line_number}, {plain(line.quantity)}")
    taken = part_of(line.amounts, quantity, line.quantity, currency)
    if quantity == line.quantity and line.amounts.untaxed_amount:
        return _of_total(line, line.amounts.total, adjusts_tax, currency, quantity)
    if taken.total > line.amounts.total:
        message = f"comes to {taken.total} {currency}, and {line.amounts.total} is left of line {line.line_number}"
        raise _Refused("quantity", f"{message}; name an amount")
    if not adjusts_tax:
        taken = Amounts(untaxed_amount=taken.total)
    return note_item(line.line_number, line.item, quantity, with_places(taken, currency))


def _of_total(
    line: LeftOfLine, total: Decimal, adjusts_tax: bool, currency: str, quantity: Decimal | None = None
) -> NoteItem:
    """Return the line of a note that takes this amount, with taxes. Raises _Refused."""
    taken = part_with_total(line.amounts, total, currency) if adjusts_tax else Amounts(untaxed_amount=total)
    if taken is None:
        raise _Refused("amount", _INDIVISIBLE)
    return note_item(line.line_number, line.item, quantity, with_places(taken, currency))


def _whole(line: LeftOfLine, adjusts_tax: bool, currency: str) -> NoteItem:
    """Return the line of a note that takes all that is left of a line. Raises _Refused."""
    quantity = plain(line.quantity) if line.quantity > 0 else None
    return _of_total(line, line.amounts.total, adjusts_tax, currency, quantity)


def _spread(left: Left, amount: Decimal, adjusts_tax: bool) -> Iterator[NoteItem]:
    """Yield the lines of a note that takes this amount, with taxes. Each takes in proportion of what is left of it."""
    currency = left.currency
    wanted = round_amount(amount, currency)
    if wanted != amount:
        raise _invalid_amount(f"must have at most {MINOR_UNITS[currency]} decimal places in {currency}")
    if wanted == left.total:
        yield from (_whole(line, adjusts_tax, currency) for line in left.lines if line.amounts.total)
        return
    if wanted > left.total:
        raise _invalid_amount(f"must be at most what is left, {left.total} {currency}")
    if wanted >= left.of_lines:
        raise _invalid_amount(f"must be less than {left.of_lines} {currency}, or {left.total}: all that is left")
    shares = spread(wanted, [line.amounts.total for line in left.lines], currency)
    for line, share in zip(left.lines, shares, strict=True):
        if share:
            try:
                yield _of_total(line, share, adjusts_tax, currency)
            except _Refused:
                raise _invalid_amount(_INDIVISIBLE) from None


def _invalid_amount(message: str) -> Invalid:
    return Invalid([Violation("amount", VALIDATION_FAILED, message)])
