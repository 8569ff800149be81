"""Writes amounts, numbers, days and times for people. Amounts in rupees have Indian digit grouping (12,34,567)."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from domain.calendar import zone
from domain.money import MINOR_UNITS
from domain.text import plural

_LAKHS = re.compile(r"(?<=\d)(?=(?:\d\d)+\d$)")
"""Matches the places of separators in Indian digit grouping: before the last three digits, then before every two."""
_CAPITAL = re.compile(r"[A-Z]")
_NO_BREAK = "\u00a0"
_THIN_NO_BREAK = "\u202f"


def format_money(amount: Decimal, currency: str) -> str:
    """Return an amount: "₹12,34,567.00" for rupees, "USD 1,234,567.00" or "JPY 1,234,567" for other currencies."""
    text = f"{abs(amount):.{MINOR_UNITS.get(currency, 2)}f}"
    whole, point, fraction = text.partition(".")
    sign = "−" if amount < 0 else ""
    if currency == "INR":
        return f"{sign}₹{_LAKHS.sub(',', whole)}{point}{fraction}"
    return f"{sign}{currency}{_NO_BREAK}{int(whole):,}{point}{fraction}"


def format_day(day: date) -> str:
    """Return a day, such as "5 Mar 2026"."""
    return f"{day.day} {day:%b %Y}"


def format_day_range(first: date, last: date) -> str:
    """Return the first and the last day, such as "5 Mar 2026 – 7 Mar 2026"; a single day if both are the same."""
    return format_day(first) if first == last else f"{format_day(first)} – {format_day(last)}"


def format_time(at: datetime, time_zone: str) -> str:
    """Return a time in the time zone, such as "5 Mar 2026, 14:30"."""
    return f"{at.astimezone(zone(time_zone)):%-d %b %Y, %H:%M}"


def format_second(at: datetime, time_zone: str) -> str:
    """Return a time to the second in the time zone, such as "5 Mar 2026, 14:30:05"."""
    return f"{at.astimezone(zone(time_zone)):%-d %b %Y, %H:%M:%S}"


def format_field(name: str) -> str:
    """Return the name of a field in words: "invoice date" for `invoiceDate`."""
    return _CAPITAL.sub(lambda capital: f" {capital[0].lower()}", name)


def format_count(number: int, noun: str) -> str:
    """Return a number with a noun, such as "1 invoice" or "2 invoices"."""
    return f"{number:,} {plural(number, noun)}"


def format_decimal(number: Decimal) -> str:
    """Return a number without trailing zeros, such as "3" or "0.5"."""
    return f"{number.normalize():f}"


def format_thousands(number: int) -> str:
    """Return a number with thin spaces between groups of three digits."""
    return f"{number:,}".replace(",", _THIN_NO_BREAK)
