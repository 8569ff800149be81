"""Amounts, numbers and days as a printed document has them: in English, whatever the language of the reader is."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from domain.money import MINOR_UNITS

_LAKHS = re.compile(r"(?<=\d)(?=(?:\d\d)+\d$)")
"""Matches the places of separators in Indian digit grouping: before the last three digits, then before every two."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NO_BREAK = "\u00a0"
MINUS = "−"


def decimal(value: Any) -> Decimal:
    """Return a number of the resource, which writes amounts as texts. An absent one is 0."""
    return Decimal(0) if value is None else Decimal(str(value))


def figure(amount: Any, currency: str) -> str:
    """Return an amount without its currency: "12,34,567.00" for rupees, "1,234,567" for yen."""
    return _grouped(decimal(amount), currency, MINOR_UNITS.get(currency, 2))


def price(amount: Any, currency: str) -> str:
    """Return a unit price, which can have more decimal places than its currency."""
    number = decimal(amount)
    places = len(plain(number).partition(".")[2])
    return _grouped(number, currency, max(places, MINOR_UNITS.get(currency, 2)))


def money(amount: Any, currency: str) -> str:
    """Return an amount with its currency: "₹12,34,567.00" or "JPY 1,234,567"."""
    text = figure(amount, currency)
    sign, digits = (MINUS, text[1:]) if text.startswith(MINUS) else ("", text)
    return f"{sign}₹{digits}" if currency == "INR" else f"{sign}{currency}{_NO_BREAK}{digits}"


def plain(number: Any) -> str:
    """Return a number without zeros at its end: "20" or "0.5"."""
    return f"{decimal(number).normalize():f}"


def percent(rate: Any) -> str:
    """Return a rate, such as "18%"."""
    return f"{plain(rate)}%"


def day(text: str | None) -> str:
    """Return a day, such as "5 Mar 2026", of one as JSON has it. An absent one is empty."""
    if text is None:
        return ""
    on = date.fromisoformat(text)
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def _grouped(number: Decimal, currency: str, places: int) -> str:
    whole, point, fraction = f"{abs(number):.{places}f}".partition(".")
    grouped = _LAKHS.sub(",", whole) if currency == "INR" else f"{int(whole):,}"
    return f"{MINUS if number < 0 else ''}{grouped}{point}{fraction}"
