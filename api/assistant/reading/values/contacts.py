"""What a question names of a person or a company: a GSTIN, an e-mail address, a telephone number."""

from __future__ import annotations

import re

_GSTIN = re.compile(r"\b\d{2}[A-Z]{5}\d{4}[A-Z][0-9A-Z]{3}\b", re.IGNORECASE)
_EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")
_PHONE = re.compile(r"(?<![\w-])\+?\d[\d -]{8,16}\d(?![\w-])")


def find_gstin(text: str) -> str | None:
    """Return the GSTIN in a text."""
    found = _GSTIN.search(text)
    return found[0].upper() if found else None


def find_email(text: str) -> str | None:
    """Return the e-mail address in a text."""
    found = _EMAIL.search(text)
    return found[0] if found else None


def find_phone(text: str) -> str | None:
    """Return the telephone number in a text."""
    found = _PHONE.search(text)
    return found[0] if found else None
