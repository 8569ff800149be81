"""How a payment was made, and its reference."""

from __future__ import annotations

import re

_REFERENCE = re.compile(
    r"\b(?:ref(?:erence)?|utr|txn|transaction)(?:\s*(?:no|number|id|is|:|#))*[\s:#]*([A-Za-z]*\d[\w/-]*)", re.IGNORECASE
)
_OF_CHEQUE = re.compile(
    r"\b(UTR\w+)|\bch(?:e|a)?(?:c?k|que?)\b.{0,6}\b(?:no\.?|num(?:ber)?|#)\s*(\d{4,12})\b|\bnumber (\d{6})\b",
    re.IGNORECASE,
)
"""Matches the number of a bank's transaction or of a cheque."""
_METHODS = ("upi", "neft", "rtgs", "imps", "cash", "cheque", "card")
_OTHER_METHODS = (
    ("cheque", r"\bby chec?k\b|\bcheq(?:ue|e)?s?\b|चेक"),
    ("cash", r"\bnaka?d\b|नकद|कैश"),
    ("upi", r"यूपीआई|\bgpay\b|phonepe"),
    ("bank", r"\bbank|wire transfer|बैंक"),
)
"""Each way of payment, and other words for it."""


def find_reference(text: str) -> str | None:
    """Return the reference of a payment, such as the bank's transaction number."""
    match = _REFERENCE.search(text) or _OF_CHEQUE.search(text)
    return next(filter(None, match.groups())) if match else None


def find_method(text: str) -> str | None:
    """Return how a payment was made, if the text says it."""
    lowered = text.lower()
    named = next((method for method in _METHODS if re.search(rf"\b{method}\b", lowered)), None)
    return named or next((method for method, pattern in _OTHER_METHODS if re.search(pattern, lowered)), None)
