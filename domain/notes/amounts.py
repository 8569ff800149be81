"""The parts of an amount of money: the value before tax, and each tax. They can be divided without losing a paisa."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple, Self

from msgspec import UNSET

from domain.documents.corrections import CorrectedLine
from domain.documents.pricing import LineItem
from domain.money import MINOR_UNITS, round_amount

_ZERO = Decimal(0)
_ALONE = ("igst", "cess", "tax_amount")
"""The taxes that need not be equal to another one."""
_PAIR = ("cgst", "sgst")
"""The two taxes that are always equal."""
_TAXES = (*_PAIR, *_ALONE)


class Amounts(NamedTuple):
    """What a line, or a part of it, comes to."""

    taxable_amount: Decimal = _ZERO
    cgst: Decimal = _ZERO
    sgst: Decimal = _ZERO
    igst: Decimal = _ZERO
    cess: Decimal = _ZERO
    tax_amount: Decimal = _ZERO
    """The tax of a line without GST."""
    tax_payable_by_recipient: Decimal = _ZERO
    """The tax under reverse charge, which is no part of the total."""
    untaxed_amount: Decimal = _ZERO
    """An amount of money that changes no tax. In what is left of a line, it is what was taken so: below zero."""

    @classmethod
    def of_line(cls, item: LineItem) -> Self:
        """Return what a line of a document comes to."""
        value = item.amount if item.taxable_amount is UNSET else item.taxable_amount
        if item.igst is UNSET:
            return cls(value, tax_amount=item.tax_amount)
        given = {name: getattr(item, name) for name in (*_PAIR, "igst", "cess", "tax_payable_by_recipient")}
        return cls(value, **{name: amount for name, amount in given.items() if amount is not UNSET})

    @classmethod
    def of_corrected(cls, line: CorrectedLine) -> Self:
        """Return by how much a note has changed a line."""
        given = {name: getattr(line, name) for name in cls._fields}
        return cls(**{name: amount for name, amount in given.items() if amount is not UNSET})

    @property
    def worth(self) -> Decimal:
        """The value with its taxes, without what was taken or given as mere money."""
        return self.taxable_amount + self.taxes

    @property
    def taxes(self) -> Decimal:
        """The sum of the taxes that are part of the total."""
        return self.cgst + self.sgst + self.igst + self.cess + self.tax_amount

    @property
    def total(self) -> Decimal:
        """The amount of money that this comes to."""
        return self.worth + self.untaxed_amount

    def plus(self, other: Amounts) -> Amounts:
        """Return the sum of both."""
        return Amounts(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    def minus(self, other: Amounts) -> Amounts:
        """Return what is left of this without the other."""
        return Amounts(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))

    def named(self) -> dict[str, Decimal]:
        """Return the amounts that are not zero, by their names."""
        return {name: amount for name, amount in self._asdict().items() if amount}


def part_of(whole: Amounts, part: Decimal, of: Decimal, currency: str) -> Amounts:
    """Return a part of the value and of each tax: `part` of `of`, such as 2 pieces of 5. Each is rounded half up."""
    if part == of:
        return whole._replace(untaxed_amount=_ZERO)
    shares = (share(amount, part, of, currency) for amount in whole[:-1])
    return Amounts(*shares)


def part_with_total(whole: Amounts, total: Decimal, currency: str) -> Amounts | None:
    """Return the part with this total, taxes included, in which each tax has the same proportion as in the whole.

    `total` is at most what the whole is worth. What rounding leaves goes to the value. CGST and SGST are equal. Return
    None if there is no such part: one paisa of a line on which only two equal taxes are left.
    """
    worth = whole.worth
    if total == worth:
        return whole._replace(untaxed_amount=_ZERO)
    if not total:
        return Amounts()
    parts = {name: share(getattr(whole, name), total, worth, currency) for name in _TAXES}
    step = Decimal(1).scaleb(-MINOR_UNITS[currency])
    # Of a few paise, rounding can take more or less tax than there is room for: one step at a time makes it fit.
    while total < sum(parts.values()) and _step(parts, dict.fromkeys(_TAXES, _ZERO), -step):
        pass
    while total - sum(parts.values()) > whole.taxable_amount and _step(parts, whole._asdict(), step):
        pass
    value = total - sum(parts.values())
    if not 0 <= value <= whole.taxable_amount:
        return None
    payable = share(whole.tax_payable_by_recipient, total, worth, currency)
    return Amounts(round_amount(value, currency), **parts, tax_payable_by_recipient=payable)


def _step(parts: dict[str, Decimal], limits: dict[str, Decimal], step: Decimal) -> bool:
    """Change one tax, or the two equal ones, by a step towards its limit. Return whether there was one."""
    for names in (*((name,) for name in _ALONE), _PAIR):
        if all(parts[name] != limits[name] for name in names):
            parts |= {name: parts[name] + step for name in names}
            return True
    return False


def share(amount: Decimal, part: Decimal, of: Decimal, currency: str) -> Decimal:
    """Return amount × part / of, exactly, and then rounded half up to the currency's minor unit."""
    places = MINOR_UNITS[currency]
    exact = Fraction(amount) * Fraction(part) / Fraction(of) * 10**places
    return Decimal((2 * exact.numerator + exact.denominator) // (2 * exact.denominator)).scaleb(-places)


def corrected_line(line_number: int, quantity: Decimal | None, amounts: Amounts) -> CorrectedLine:
    """Return by how much a note changes a line, as the document stores it."""
    given: dict[str, Any] = {} if quantity is None else {"quantity": quantity}
    return CorrectedLine(line_number=line_number, **given, **amounts.named())


def with_places(amounts: Amounts, currency: str) -> Amounts:
    """Return the same amounts, each with the decimal places of the currency."""
    return Amounts(*(round_amount(amount, currency) for amount in amounts))
