"""The ISO 4217 code that a client probably means by a code in lower case, or by a sign such as ₹."""

from __future__ import annotations

from domain.money import MINOR_UNITS

_SIGNS = {"₹": "INR", "RS": "INR", "RS.": "INR", "RUPEES": "INR", "€": "EUR", "£": "GBP"}
"""Signs and names that mean exactly one currency. `$` and `¥` are missing, because several currencies have them."""


def nearest_currency(sent: object) -> str | None:
    """Return the currency code that a text means, such as `INR` for `inr` and `₹`; None if it means no currency."""
    text = sent.strip().upper() if isinstance(sent, str) and len(sent) <= 10 else ""
    code = _SIGNS.get(text, text)
    return code if code in MINOR_UNITS else None
