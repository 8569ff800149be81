"""What a note takes that lowers a document: which amounts of which lines, to the last paisa."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from domain.money import MINOR_UNITS, plain, round_amount
from domain.notes.amounts import Amounts, part_of, part_with_total, with_places
from domain.notes.items import Decided, NoteItem, Part, Wanted, note_item
from domain.notes.left import Left, LeftOfLine, can_lose
from domain.notes.parts import PartRefused, amount_of, invalid_amount, take_parts, too_many_places
from domain.tax.discount import spread

_ZERO = Decimal(0)
_INDIVISIBLE = "cannot be divided so: CGST and SGST must be equal; a little more or less can be"


def decide_lowering(left: Left, wanted: Wanted, *, adjusts_tax: bool) -> Decided:
    """Return what a note takes of what is left.

    If it does not adjust the tax, it takes amounts of money alone. The note that takes the rest of all lines takes the
    rest of the rounding, too. Raises Invalid, which names each part of which less is left.
    """
    if wanted.parts is not None:
        items = take_parts(left, wanted.parts, lambda line, part: _part(left, line, part, adjusts_tax))
    elif wanted.amount is None:
        items = tuple(_whole(line, adjusts_tax, left.currency) for line in left.lines if line.amounts.total)
    else:
        items = tuple(_spread(left, wanted.amount, adjusts_tax))
    return Decided(items, round_amount(_round_off(left, items), left.currency))


def fits(left: Left, decided: Decided) -> bool:
    """Return whether a note can take exactly this of what is left, although it was decided when more or less was left.

    Nothing becomes negative, and who takes the rest of the lines takes the rest of the rounding, too.
    """
    if _round_off(left, decided.items) != decided.round_off:
        return False
    return all(_fits(left.lines[item.line_number - 1], item) for item in decided.items)


def _fits(line: LeftOfLine, item: NoteItem) -> bool:
    rest = line.amounts.minus(item.amounts)
    return can_lose(line, item) and (rest.worth > 0 or not rest.tax_payable_by_recipient)


def _round_off(left: Left, items: Sequence[NoteItem]) -> Decimal:
    """Return how much of the rounding a note takes with these lines."""
    rest = left.of_lines - sum((item.total_amount for item in items), _ZERO)
    return left.round_off if rest == 0 else min(_ZERO, rest + left.round_off)


def _part(left: Left, line: LeftOfLine, part: Part, adjusts_tax: bool) -> NoteItem:
    """Return the line of a note that takes this part. Raises PartRefused."""
    currency = left.currency
    if line.amounts.total <= 0:
        raise PartRefused("lineNumber", f"names a line of which nothing is left: {line.amounts.total} {currency}")
    if part.quantity is not None:
        return _of_quantity(line, plain(part.quantity), adjusts_tax, currency)
    if part.amount is None:
        return _whole(line, adjusts_tax, currency)
    amount = amount_of(part, currency)
    if amount > line.amounts.total:
        raise PartRefused(
            "amount", f"must be at most what is left of line {line.line_number}, {line.amounts.total} {currency}"
        )
    return _of_total(line, amount, adjusts_tax, currency)


def _of_quantity(line: LeftOfLine, quantity: Decimal, adjusts_tax: bool, currency: str) -> NoteItem:
    if quantity > line.quantity:
        rest = plain(line.quantity)
        raise PartRefused("quantity", f"must be at most what is left of line {line.line_number}, {rest}")
    taken = part_of(line.amounts, quantity, line.quantity, currency)
    if quantity == line.quantity and line.amounts.untaxed_amount:
        return _of_total(line, line.amounts.total, adjusts_tax, currency, quantity)
    if taken.total > line.amounts.total:
        message = f"comes to {taken.total} {currency}, and {line.amounts.total} is left of line {line.line_number}"
        raise PartRefused("quantity", f"{message}; name an amount")
    if not taken.total:
        raise PartRefused("quantity", f"comes to 0 of what is left of line {line.line_number}; name an amount")
    if not adjusts_tax:
        taken = Amounts(untaxed_amount=taken.total)
    return note_item(line.line_number, line.item, quantity, with_places(taken, currency))


def _of_total(
    line: LeftOfLine, total: Decimal, adjusts_tax: bool, currency: str, quantity: Decimal | None = None
) -> NoteItem:
    """Return the line of a note that takes this amount: first with taxes, and what is left as mere money.

    Raises PartRefused if the taxes cannot be divided so. All that is left of a line can always be taken: what cannot
    be divided is then mere money, too.
    """
    taxed = min(total, line.amounts.worth) if adjusts_tax else _ZERO
    taken = part_with_total(line.amounts, taxed, currency)
    if taken is None and total < line.amounts.total:
        raise PartRefused("amount", _INDIVISIBLE)
    if taken is None:  # of two equal taxes alone, one paisa less can be taken
        less = taxed - Decimal(1).scaleb(-MINOR_UNITS[currency])
        taken = part_with_total(line.amounts, less, currency) or Amounts()
    taken = taken._replace(untaxed_amount=total - taken.worth)
    return note_item(line.line_number, line.item, quantity, with_places(taken, currency))


def _whole(line: LeftOfLine, adjusts_tax: bool, currency: str) -> NoteItem:
    """Return the line of a note that takes all that is left of a line."""
    quantity = plain(line.quantity) if line.quantity > 0 else None
    return _of_total(line, line.amounts.total, adjusts_tax, currency, quantity)


def _spread(left: Left, amount: Decimal, adjusts_tax: bool) -> Iterator[NoteItem]:
    """Yield the lines of a note that takes this amount, with taxes. Each takes in proportion of what is left of it."""
    currency = left.currency
    if message := too_many_places(amount, currency):
        raise invalid_amount(message)
    wanted = round_amount(amount, currency)
    if wanted == left.total:
        yield from (_whole(line, adjusts_tax, currency) for line in left.lines if line.amounts.total)
        return
    if wanted > left.total:
        raise invalid_amount(f"must be at most what is left, {left.total} {currency}")
    if wanted >= left.of_lines:
        raise invalid_amount(f"must be less than {left.of_lines} {currency}, or {left.total}: all that is left")
    shares = spread(wanted, [line.amounts.total for line in left.lines], currency)
    for line, share in zip(left.lines, shares, strict=True):
        if share:
            try:
                yield _of_total(line, share, adjusts_tax, currency)
            except PartRefused:
                raise invalid_amount(_INDIVISIBLE) from None
