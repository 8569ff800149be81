"""Amounts and days as people read them: Indian digit grouping for rupees, thousands elsewhere."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from domain.money import MINOR_UNITS

_LAKHS = re.compile(r"(?<=\d)(?=(?:\d\d)+\d$)")
"""Between pairs of digits that stand before the last three."""
_CAPITAL = re.compile(r"[A-Z]")
_NO_BREAK = "\u00a0"


def money(amount: Decimal, currency: str) -> str:
    """₹12,34,567.00 for rupees; USD 1,234,567.00 and JPY 1,234,567 for the others."""
    text = f"{abs(amount):.{MINOR_UNITS.get(currency, 2)}f}"
    whole, point, rest = text.partition(".")
    sign = "−" if amount < 0 else ""
    if currency == "INR":
        return f"{sign}₹{_LAKHS.sub(',', whole)}{point}{rest}"
    return f"{sign}{currency}{_NO_BREAK}{int(whole):,}{point}{rest}"


def day(value: date) -> str:
    """5 Mar 2026."""
    return f"{value.day} {value:%b %Y}"


def days(first: date, last: date) -> str:
    """One day, or from the first to the last."""
    return day(first) if first == last else f"{day(first)} – {day(last)}"


def words(field: str) -> str:
    """A field's name in words: invoiceDate is invoice date."""
    return _CAPITAL.sub(lambda found: f" {found[0].lower()}", field)


def count(number: int, one: str, many: str | None = None) -> str:
    """1 invoice, 2 invoices."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def plain(number: Decimal) -> str:
    """A number without trailing zeros: 3, 0.5."""
    return f"{number.normalize():f}"
