"""Amounts, numbers, days and times as people read them: Indian digit grouping for rupees, thousands elsewhere."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from domain.calendar import zone
from domain.money import MINOR_UNITS

_LAKHS = re.compile(r"(?<=\d)(?=(?:\d\d)+\d$)")
"""The places of separators: between pairs of digits that come before the last three."""
_CAPITAL = re.compile(r"[A-Z]")
_NO_BREAK = "\u00a0"
_THIN_NO_BREAK = "\u202f"


def format_money(amount: Decimal, currency: str) -> str:
    """Return ₹12,34,567.00 for rupees; USD 1,234,567.00 or JPY 1,234,567 for other currencies."""
    text = f"{abs(amount):.{MINOR_UNITS.get(currency, 2)}f}"
    whole, point, fraction = text.partition(".")
    sign = "−" if amount < 0 else ""
    if currency == "INR":
        return f"{sign}₹{_LAKHS.sub(',', whole)}{point}{fraction}"
    return f"{sign}{currency}{_NO_BREAK}{int(whole):,}{point}{fraction}"


def format_day(day: date) -> str:
    """Return 5 Mar 2026."""
    return f"{day.day} {day:%b %Y}"


def format_day_range(first: date, last: date) -> str:
    """Return one day, or the first and the last day."""
    return format_day(first) if first == last else f"{format_day(first)} – {format_day(last)}"


def format_time(at: datetime, time_zone: str) -> str:
    """Return 5 Mar 2026, 14:30 in that time zone."""
    return f"{at.astimezone(zone(time_zone)):%-d %b %Y, %H:%M}"


def format_field(name: str) -> str:
    """Return a field's name in words: invoiceDate is invoice date."""
    return _CAPITAL.sub(lambda capital: f" {capital[0].lower()}", name)


def format_count(number: int, noun: str) -> str:
    """Return 1 invoice, 2 invoices."""
    return f"{number:,} {noun if number == 1 else noun + 's'}"


def format_decimal(number: Decimal) -> str:
    """Return a number without trailing zeros: 3, 0.5."""
    return f"{number.normalize():f}"


def format_thousands(number: int) -> str:
    """Return a number with its thousands separated by a thin space."""
    return f"{number:,}".replace(",", _THIN_NO_BREAK)
