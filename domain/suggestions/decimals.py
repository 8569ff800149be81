"""The decimal that a text in another form means: with a currency sign, separators, or digits of another alphabet."""

from __future__ import annotations

import re
import unicodedata

MAX_CHARACTERS = 40
_DECORATION = re.compile(
    r"^(?:rs\.?|inr|usd|eur|gbp|[₹$€£¥])\s*|\s*(?:/-|%|inr|usd|eur|gbp|rupees|[₹$€£¥])$", re.IGNORECASE
)
_PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?")
_GROUPED = re.compile(r"[0-9]{1,3}(?:[, '_][0-9]{2,3})*[, '_][0-9]{3}(\.[0-9]+)?")
"""Matches 1,234.50 and, as India groups digits, 12,34,567.00."""
_CONTINENTAL = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]{1,2}")
_DECIMAL_COMMA = re.compile(r"[0-9]+,[0-9]{1,2}")


def nearest_decimal(sent: object) -> str | None:
    """Return the decimal that a text means, such as `3500.00` for `₹3,500.00`. None if the text means no decimal."""
    if not isinstance(sent, str) or len(sent) > MAX_CHARACTERS:
        return None
    text = _in_ascii(sent).strip()
    for _ in range(2):  # A sign and a word can stand together: "INR 3500/-".
        text = _DECORATION.sub("", text).strip()
    text = text.removeprefix("+")
    if _CONTINENTAL.fullmatch(text):
        text = text.replace(".", "").replace(",", ".")
    elif _GROUPED.fullmatch(text):
        text = re.sub(r"[, '_]", "", text)
    elif _DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    if text.startswith("."):
        text = f"0{text}"
    text = text.removesuffix(".")
    return text if _PLAIN.fullmatch(text) else None


def _in_ascii(text: str) -> str:
    """Return the text with ASCII digits in place of digits of other alphabets, and with ASCII blanks."""
    compatible = unicodedata.normalize("NFKC", text)
    return "".join(
        str(unicodedata.decimal(each)) if not each.isascii() and each.isdecimal() else each for each in compatible
    )
