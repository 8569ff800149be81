"""Writes amounts, numbers, days and times for people, in the language of the thread.

Amounts in rupees have Indian digit grouping (12,34,567), and all digits are 0 to 9, in every language.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from api.pages.translation import gettext as _
from api.pages.translation import marked
from domain.calendar import zone
from domain.money import MINOR_UNITS

_LAKHS = re.compile(r"(?<=\d)(?=(?:\d\d)+\d$)")
"""Matches the places of separators in Indian digit grouping: before the last three digits, then before every two."""
_MONTHS = (
    marked("Jan"),
    marked("Feb"),
    marked("Mar"),
    marked("Apr"),
    marked("May"),
    marked("Jun"),
    marked("Jul"),
    marked("Aug"),
    marked("Sep"),
    marked("Oct"),
    marked("Nov"),
    marked("Dec"),
)
_CAPITAL = re.compile(r"[A-Z]")
_NO_BREAK = "\u00a0"
_THIN_NO_BREAK = "\u202f"


def format_money(amount: Decimal, currency: str) -> str:
    """Return an amount: "₹12,34,567.00" for rupees, "USD 1,234,567.00" or "JPY 1,234,567" for other currencies."""
    return _money(amount, currency, MINOR_UNITS.get(currency, 2))


def format_exact_money(amount: Decimal, currency: str) -> str:
    """Return an amount with all of its decimal places: a unit price can have more than its currency has."""
    places = len(format_decimal(amount).partition(".")[2])
    return _money(amount, currency, max(places, MINOR_UNITS.get(currency, 2)))


def _money(amount: Decimal, currency: str, places: int) -> str:
    whole, point, fraction = f"{abs(amount):.{places}f}".partition(".")
    sign = "−" if amount < 0 else ""
    if currency == "INR":
        return f"{sign}₹{_LAKHS.sub(',', whole)}{point}{fraction}"
    return f"{sign}{currency}{_NO_BREAK}{int(whole):,}{point}{fraction}"


def format_day(day: date) -> str:
    """Return a day, such as "5 Mar 2026"."""
    return f"{format_short_day(day)} {day.year}"


def format_short_day(day: date) -> str:
    """Return a day without its year, such as "5 Mar"."""
    return f"{day.day} {_(_MONTHS[day.month - 1])}"


def format_month(day: date) -> str:
    """Return the month of a day, such as "Mar 2026"."""
    return f"{_(_MONTHS[day.month - 1])} {day.year}"


def format_day_range(first: date, last: date) -> str:
    """Return the first and the last day, such as "5 Mar 2026 – 7 Mar 2026"; a single day if both are the same."""
    return format_day(first) if first == last else f"{format_day(first)} – {format_day(last)}"


def format_time(at: datetime, time_zone: str) -> str:
    """Return a time in the time zone, such as "5 Mar 2026, 14:30"."""
    local = at.astimezone(zone(time_zone))
    return f"{format_day(local)}, {local:%H:%M}"


def format_second(at: datetime, time_zone: str) -> str:
    """Return a time to the second in the time zone, such as "5 Mar 2026, 14:30:05"."""
    local = at.astimezone(zone(time_zone))
    return f"{format_day(local)}, {local:%H:%M:%S}"


def format_field(name: str) -> str:
    """Return the name of a field in words: "invoice date" for `invoiceDate`."""
    return _(field_words(name))


def field_words(name: str) -> str:
    """Return the English words in the name of a field."""
    return _CAPITAL.sub(lambda capital: f" {capital[0].lower()}", name)


def format_decimal(number: Decimal) -> str:
    """Return a number without trailing zeros, such as "3" or "0.5"."""
    return f"{number.normalize():f}"


def format_thousands(number: int) -> str:
    """Return a number with thin spaces between groups of three digits."""
    return f"{number:,}".replace(",", _THIN_NO_BREAK)
