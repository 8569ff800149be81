"""Pricing: the amounts of a document's lines, and the document's totals, with GST and without."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from domain.documents.payment import balance_fields
from domain.errors import Invalid
from domain.errors.codes import VALIDATION_FAILED
from domain.errors.violation import Violation
from domain.money import TOTAL_LIMIT, percent_of, plain, product, round_amount, unit_price, whole_units
from domain.personal import Personal
from domain.tax.discount import Discount, spread
from domain.tax.supply import INTER_STATE, INTRA_STATE, REQUEST, ZERO_RATED, Supply

_HALF, _ZERO = Decimal("0.5"), Decimal(0)
_FAR_BELOW_LIMIT = TOTAL_LIMIT / 10
NEAREST = "nearest"
"""The only way to round a total off: to whole units of the currency, halves up."""
TAX_INVOICE, BILL_OF_SUPPLY = DOCUMENT_TYPES = ("tax_invoice", "bill_of_supply")
_TAXES = ("cgst", "sgst", "igst", "cess")
OPTIONAL = (
    "discount",
    "discount_total",
    "taxable_amount",
    *_TAXES,
    "tax_payable_by_recipient",
    "round_off",
    "place_of_supply",
    "place_of_supply_from",
    "supply_type",
    "state_tax",
    "document_type",
    "gst_treatment",
    "reverse_charge",
)
"""The fields of a document that are there only if the document uses them."""


class Line(msgspec.Struct, frozen=True):
    """A line of a document without its amounts."""

    description: str | None
    quantity: Decimal
    unit_price: Decimal
    tax_rate: Decimal
    hsn_sac: str | None = None
    discount: Discount | None = None
    cess_rate: Decimal | None = None


class LineItem(msgspec.Struct, frozen=True, rename="camel"):
    """A priced line. `amount` is quantity × unitPrice, rounded half up to the currency's minor unit. `taxAmount` is
    this rounded amount, less the discounts, × taxRate / 100, rounded in the same way; with GST it is the sum of the
    taxes, each rounded."""

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
    discount: Discount | UnsetType = UNSET
    discount_amount: Decimal | UnsetType = UNSET
    """The line's own discount and its share of the document's; `taxableAmount` is what is left of `amount`."""
    taxable_amount: Decimal | UnsetType = UNSET
    cgst: Decimal | UnsetType = UNSET
    sgst: Decimal | UnsetType = UNSET
    igst: Decimal | UnsetType = UNSET
    cess_rate: Decimal | UnsetType = UNSET
    cess: Decimal | UnsetType = UNSET
    tax_payable_by_recipient: Decimal | UnsetType = UNSET


class Terms(NamedTuple):
    """What the amounts of a document depend on, besides its lines and its currency."""

    discount: Discount | None = None
    """The discount on the whole document."""
    rounds_off: bool = False
    """Whether the total is rounded to whole units of the currency."""
    supply: Supply | None = None
    """The supply under GST; None for a document without GST."""
    place: str | None = None
    """The place of supply of a document without GST, as the request says it."""


PLAIN = Terms()


def price_lines(lines: Iterable[Line | LineItem], currency: str, terms: Terms = PLAIN) -> dict[str, Any]:
    """Return the priced lines, the totals and the balance of a draft, as fields of an event. The paid amount is zero.

    Of the fields in OPTIONAL, those that the document does not use are absent. Raises Invalid for a discount that is
    too large, and when the total is TOTAL_LIMIT or more.
    """
    lines, zero = tuple(lines), round_amount(_ZERO, currency)
    amounts = [_amount(line, currency) for line in lines]
    reductions = _reductions(lines, amounts, terms.discount, currency)
    items = tuple(
        _priced(line, amount, None if reductions is None else reductions[place], currency, terms.supply)
        for place, (line, amount) in enumerate(zip(lines, amounts, strict=True))
    )
    sub_total, tax_total = sum(amounts, zero), sum((item.tax_amount for item in items), zero)
    others = _used(terms, items, sub_total, None if reductions is None else sum(reductions, zero), zero)
    total = sub_total - others.get("discount_total", zero) + tax_total
    if terms.rounds_off:
        others["round_off"] = round_amount(whole_units(total) - total, currency)
        total += others["round_off"]
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
        **others,
    }


def _used(
    terms: Terms, items: Sequence[LineItem], sub_total: Decimal, reduction: Decimal | None, zero: Decimal
) -> dict[str, Any]:
    """Return the fields of OPTIONAL that the document uses, but for the amount by which it is rounded off."""
    used: dict[str, Any] = {} if terms.discount is None else {"discount": terms.discount}
    if reduction is not None:
        used |= {"discount_total": reduction, "taxable_amount": sub_total - reduction}
    if terms.supply is not None:
        used |= _supply_fields(terms.supply, items, zero)
    elif terms.place is not None:
        used |= {"place_of_supply": terms.place, "place_of_supply_from": REQUEST}
    return used


def price(line: Line | LineItem, currency: str) -> LineItem:
    """Return a line of a document without GST and without a discount, with its amounts."""
    return _priced(line, _amount(line, currency), None, currency, None)


def check_pricing(
    lines: Sequence[Line | LineItem | None], currency: str, discount: Discount | None = None
) -> list[Violation]:
    """Return a violation for each discount that is too large, and for a total of TOTAL_LIMIT or more.

    An invalid line is None and does not count.
    """
    if violations := _check_discounts(lines, currency, discount):
        return violations
    if _is_clearly_below_limit(lines):
        return []
    try:
        price_lines([line for line in lines if line is not None], currency)
    except Invalid as error:
        return list(error.violations)
    return []


def _is_clearly_below_limit(lines: Iterable[Line | LineItem | None]) -> bool:
    """Return whether the total is below TOTAL_LIMIT however it is rounded: tax and cess together at most triple it."""
    return sum(line.quantity * line.unit_price for line in lines if line is not None) < _FAR_BELOW_LIMIT


def _check_discounts(
    lines: Sequence[Line | LineItem | None], currency: str, discount: Discount | None
) -> list[Violation]:
    """Return a violation for each discount that is too large. That of the document counts if all lines are valid."""
    if discount is None and not any(line.discount for line in lines if line is not None):
        return []
    violations, left = list[Violation](), _ZERO
    for place, line in enumerate(lines):
        amount = _ZERO if line is None else _amount(line, currency)
        if line is not None and line.discount:
            violations += line.discount.check(amount, currency, f"items[{place}].discount")
            amount -= min(amount, line.discount.of(amount, currency))
        left += amount
    if discount is not None and not violations and None not in lines:
        violations += discount.check(left, currency, "discount")
    return violations


def _amount(line: Line | LineItem, currency: str) -> Decimal:
    return round_amount(product(line.quantity, line.unit_price), currency)


def _reductions(
    lines: Sequence[Line | LineItem], amounts: Sequence[Decimal], discount: Discount | None, currency: str
) -> list[Decimal] | None:
    """Return by how much discounts reduce each line; None without any discount. Raises Invalid."""
    if discount is None and not any(line.discount for line in lines):
        return None
    if violations := _check_discounts(lines, currency, discount):
        raise Invalid(violations)
    zero = round_amount(_ZERO, currency)
    own = [
        line.discount.of(amount, currency) if line.discount else zero
        for line, amount in zip(lines, amounts, strict=True)
    ]
    if discount is None:
        return own
    values = [amount - each for amount, each in zip(amounts, own, strict=True)]
    shares = spread(discount.of(sum(values, zero), currency), values, currency)
    return [each + share for each, share in zip(own, shares, strict=True)]


def _priced(
    line: Line | LineItem, amount: Decimal, reduction: Decimal | None, currency: str, supply: Supply | None
) -> LineItem:
    """Return the line with its amounts. The amount is rounded first; the tax is computed from the rounded amount."""
    taxable = amount if reduction is None else amount - reduction
    given: dict[str, Any] = {"discount": line.discount} if line.discount else {}
    if reduction is not None:
        given |= {"discount_amount": reduction, "taxable_amount": taxable}
    if supply is None:
        tax = round_amount(percent_of(taxable, line.tax_rate), currency)
    else:
        taxes = _taxes(line, taxable, currency, supply)
        tax = sum((taxes[name] for name in _TAXES), round_amount(_ZERO, currency))
        given |= {"taxable_amount": taxable, **taxes}
    return LineItem(
        line.description,
        plain(line.quantity),
        unit_price(line.unit_price, currency),
        plain(line.tax_rate),
        line.hsn_sac,
        amount,
        tax,
        taxable + tax,
        **given,
    )


def _taxes(line: Line | LineItem, taxable: Decimal, currency: str, supply: Supply) -> dict[str, Decimal]:
    """Return the taxes of a line: what the supplier charges, and what the recipient pays under reverse charge."""
    taxes = dict.fromkeys(_TAXES, round_amount(_ZERO, currency))
    cess_rate = line.cess_rate or None
    if supply.type == INTRA_STATE:
        half = round_amount(percent_of(taxable, product(line.tax_rate, _HALF)), currency)
        taxes |= {"cgst": half, "sgst": half}
    elif supply.type == INTER_STATE:
        taxes["igst"] = round_amount(percent_of(taxable, line.tax_rate), currency)
    if cess_rate is not None and supply.type != ZERO_RATED:
        taxes["cess"] = round_amount(percent_of(taxable, cess_rate), currency)
    given = {} if cess_rate is None else {"cess_rate": plain(cess_rate)}
    if not supply.reverse_charge:
        return {**taxes, **given}
    payable = sum(taxes.values(), round_amount(_ZERO, currency))
    none = dict.fromkeys(_TAXES, round_amount(_ZERO, currency))
    return {**none, **given, "tax_payable_by_recipient": payable}


def _supply_fields(supply: Supply, items: Sequence[LineItem], zero: Decimal) -> dict[str, Any]:
    """Return the fields of a document under GST."""
    names = ("taxable_amount", *_TAXES, *(("tax_payable_by_recipient",) if supply.reverse_charge else ()))
    fields = {name: sum((getattr(item, name) for item in items), zero) for name in names}
    fields |= {
        "place_of_supply": supply.place,
        "place_of_supply_from": supply.place_from,
        "supply_type": supply.type,
        "reverse_charge": supply.reverse_charge,
    }
    if supply.state_tax is not None:
        fields["state_tax"] = supply.state_tax
    if supply.treatment is not None:
        fields["gst_treatment"] = supply.treatment
    if supply.is_outward:
        fields["document_type"] = _document_type(supply, items)
    return fields


def _document_type(supply: Supply, items: Sequence[LineItem]) -> str:
    """Return which document the law asks for: a wholly exempt supply has a bill of supply, but for exports."""
    is_exempt = not supply.is_export and not any(item.tax_rate or item.cess_rate for item in items)
    return BILL_OF_SUPPLY if supply.by_composition or is_exempt else TAX_INVOICE
