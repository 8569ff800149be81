"""Pricing: the amounts of a document's lines, and the document's totals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, ClassVar

import msgspec

from domain.documents.payment import balance_fields
from domain.errors import Invalid
from domain.errors.codes import VALIDATION_FAILED
from domain.errors.violation import Violation
from domain.money import TOTAL_LIMIT, plain, product, round_amount, unit_price
from domain.personal import Personal

_HUNDREDTH = Decimal("0.01")


class Line(msgspec.Struct, frozen=True):
    """A line of a document without its amounts."""

    description: str | None
    quantity: Decimal
    unit_price: Decimal
    tax_rate: Decimal
    hsn_sac: str | None = None


class LineItem(msgspec.Struct, frozen=True, rename="camel"):
    """A priced line. `amount` is quantity × unitPrice, rounded half up to the currency's minor unit. `taxAmount` is
    this rounded amount × taxRate / 100, rounded in the same way."""

    noun: ClassVar[str] = "line"

    description: Personal[str | None]
    """None only after it was erased."""
    quantity: Decimal
    unit_price: Decimal
    tax_rate: Decimal
    hsn_sac: str | None
    amount: Decimal
    tax_amount: Decimal
    total_amount: Decimal


def price_lines(lines: Iterable[Line | LineItem], currency: str) -> dict[str, Any]:
    """Return the priced lines, the totals and the balance of a draft, as fields of an event. The paid amount is zero.

    Raises Invalid when the total is TOTAL_LIMIT or more.
    """
    items = tuple(price(line, currency) for line in lines)
    zero = round_amount(Decimal(0), currency)
    sub_total = sum((item.amount for item in items), zero)
    tax_total = sum((item.tax_amount for item in items), zero)
    total = sub_total + tax_total
    if total >= TOTAL_LIMIT:
        raise Invalid(
            [Violation("items", VALIDATION_FAILED, f"must have a total of less than 10^{TOTAL_LIMIT.adjusted()}")]
        )
    return {
        "items": items,
        "sub_total": sub_total,
        "tax_total": tax_total,
        "total_amount": total,
        **balance_fields(total, zero, zero),
    }


def price(line: Line | LineItem, currency: str) -> LineItem:
    """Return the line with its amounts. The amount is rounded first; the tax is computed from the rounded amount."""
    amount = round_amount(product(line.quantity, line.unit_price), currency)
    tax = round_amount(product(product(amount, line.tax_rate), _HUNDREDTH), currency)
    return LineItem(
        line.description,
        plain(line.quantity),
        unit_price(line.unit_price, currency),
        plain(line.tax_rate),
        line.hsn_sac,
        amount,
        tax,
        amount + tax,
    )


def check_total(lines: Sequence[Line | LineItem | None], currency: str) -> list[Violation]:
    """Return a violation when the total is TOTAL_LIMIT or more. An invalid line is None and does not count."""
    try:
        price_lines([line for line in lines if line is not None], currency)
    except Invalid as error:
        return list(error.violations)
    return []
