"""What documents and notes come to, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from api.console.objects.one.facts import Fact
from api.pages.formats import format_money
from api.pages.translation import gettext as _

_Row = tuple[str, Decimal, bool]
"""A label, an amount, and whether the row is left out if the amount is zero."""


def totals_of(amounts: Mapping[str, Any], currency: str) -> tuple[Fact, ...]:
    """Return the totals of a document in words. `amounts` has them by the names of the event's fields."""
    rows = (
        (_("Subtotal"), amounts["sub_total"], False),
        (_("Discount"), _used(amounts, "discount_total"), True),
        (_("Taxable amount"), _used(amounts, "taxable_amount"), True),
        *_taxes(amounts),
        (_("Rounded off"), _used(amounts, "round_off"), True),
        (_("Total"), amounts["total_amount"], False),
        (_("Raised by debit notes"), _used(amounts, "amount_debited"), True),
        (_("Lowered by credit notes"), _used(amounts, "amount_credited"), True),
        (_("Paid"), amounts["amount_paid"], True),
        (_("Settled otherwise"), amounts["amount_settled"], True),
        (_("Balance due"), amounts["balance_due"], False),
    )
    return _in_words(rows, currency)


def note_totals(amounts: Mapping[str, Any]) -> tuple[Fact, ...]:
    """Return what a note comes to, in words. `amounts` has its fields by their names in events."""
    rows = (
        (_("Taxable amount"), amounts["taxable_amount"], False),
        *_taxes(amounts),
        (_("Without a change of tax"), _used(amounts, "untaxed_amount"), True),
        (_("Rounded off"), _used(amounts, "round_off"), True),
        (_("Total"), amounts["total_amount"], False),
    )
    return _in_words(rows, amounts["currency"])


def _taxes(amounts: Mapping[str, Any]) -> Iterator[_Row]:
    yield _("CGST"), _used(amounts, "cgst"), True
    yield amounts.get("state_tax") or _("SGST"), _used(amounts, "sgst"), True
    yield _("IGST"), _used(amounts, "igst"), True
    yield _("Cess"), _used(amounts, "cess"), True
    yield _("Tax"), amounts["tax_total"], False
    yield _("Tax that the recipient pays"), _used(amounts, "tax_payable_by_recipient"), True


def _in_words(rows: Iterable[_Row], currency: str) -> tuple[Fact, ...]:
    return tuple(
        (label, format_money(amount, currency)) for label, amount, is_optional in rows if amount or not is_optional
    )


def _used(amounts: Mapping[str, Any], name: str) -> Decimal:
    """Return an amount that only some have; zero for the others."""
    amount = amounts.get(name)
    return amount if isinstance(amount, Decimal) else Decimal(0)
