"""The ISO 4217 code that a currency in lower case or a currency's sign means."""

from __future__ import annotations

from domain.money import MINOR_UNITS

_SIGNS = {"₹": "INR", "RS": "INR", "RS.": "INR", "RUPEES": "INR", "€": "EUR", "£": "GBP"}
"""Signs and names of one currency alone: a dollar can be of many countries, and a yen sign of two."""


def nearest_currency(sent: object) -> str | None:
    """Return the currency code that a text means, such as `INR` for `inr` and `₹`. None if it means none."""
    text = sent.strip().upper() if isinstance(sent, str) and len(sent) <= 10 else ""
    code = _SIGNS.get(text, text)
    return code if code in MINOR_UNITS else None
