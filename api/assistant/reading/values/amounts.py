"""The numbers that a question names: amounts, currencies, rates of tax, and line items."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from domain.money import MINOR_UNITS

_NUMBER = r"\d[\d,]{0,17}(?:\.\d{1,6})?"
_SCALES = {
    "k": 10**3, "thousand": 10**3, "hazar": 10**3, "hazaar": 10**3, "hajar": 10**3, "हज़ार": 10**3, "हजार": 10**3,
    "lakh": 10**5, "lakhs": 10**5, "lac": 10**5, "लाख": 10**5, "crore": 10**7, "crores": 10**7, "करोड़": 10**7,
}  # fmt: skip
_SCALE = rf"(?:\s*(?P<scale>{'|'.join(sorted(_SCALES, key=len, reverse=True))})\b)?"
_SIGN = r"(?:₹|rs\.?|inr|usd|eur|gbp|aed|\$|€|£)\s*"
_UNIT = (
    r"\s*(?:rupees?|rupaye?|rupiya|rupay|rupya|rs\b|inr\b|bucks|/-|रुपये|रुपए|रूपये|रुपया|dollars?|usd\b|euros?|eur\b"
    r"|pounds?|dirhams?|aed\b)"
)
_AMOUNT = re.compile(rf"{_SIGN}(?P<a>{_NUMBER}){_SCALE}|(?P<b>{_NUMBER}){_SCALE.replace('scale', 'scale2')}{_UNIT}")
_SCALED = re.compile(rf"\b(?P<a>{_NUMBER})\s*(?P<scale>lakhs?|lac|crores?|hazaa?r|thousand|लाख|हज़ार|हजार)\b")
_BARE = re.compile(
    rf"(?<![\w./-])(?P<a>{_NUMBER})(?![\w/%-]|\s*(?:%|p[ae]r[sc]+ent|days?|din|दिन|items?|times?|st\b|th\b))"
)
_PAISE = re.compile(r"(?<![\d.,])(\d{1,2})\s*(?:pais[ea]\b|पैसे|पैसा)")
_PERCENT = re.compile(
    rf"({_NUMBER})\s*(?:%|percent\b|per cent\b|pratishat|प्रतिशत)"
    rf"|\b(?:gst|tax)(?: rate)?(?: of| at|:)? ?(\d{{1,2}}(?:\.\d{{1,3}})?)(?![\w.,-])"
)
_ITEM = re.compile(
    rf"(?<![\w-])(?P<quantity>{_NUMBER})\s+(?P<what>(?!instead)[^\W\d][^\d,;@₹$]{{1,40}}?)\s+"
    rf"(?:at|@|each at|for|costing|worth|x|×|ka|ke|ki|का|के|की|par|पर|wali|wale)?\s*(?:₹|rs\.?|inr|\$)?\s*"
    rf"(?P<price>{_NUMBER})(?!\s*%|\d)"
)
_PRODUCT = re.compile(rf"(?P<quantity>{_NUMBER})\s*[x×*]\s*(?:₹|rs\.?)?\s*(?P<price>{_NUMBER})")
_QUANTITY = re.compile(rf"\b(?P<quantity>{_NUMBER})\s+(?P<what>[a-z]{{3,30}})\b")
_INSTEAD = re.compile(rf"({_NUMBER})\D{{0,20}}?(?:instead of|rather than|ki jagah|की जगह)\D{{0,10}}?({_NUMBER})")
_CURRENCIES = (
    ("USD", r"\$|\bdollars?\b|डॉलर"), ("EUR", r"€|\beuros?\b|यूरो"), ("GBP", r"£|\bpounds?\b|\bsterling\b"),
    ("JPY", r"¥|\byens?\b|येन"), ("AED", r"\bdirhams?\b"), ("KWD", r"\bkuwaiti dinars?\b"),
)  # fmt: skip
_LOWER_CODES = "usd eur gbp aed jpy sgd aud cad chf cny kwd bhd omr"


class Item(NamedTuple):
    """A line item that a question names."""

    quantity: str
    description: str
    unit_price: str


def find_currency(text: str) -> str | None:
    """Return the code of the currency that a text names by its code, its name or its sign; None for rupees."""
    lowered = text.lower()
    for code, pattern in _CURRENCIES:
        if re.search(pattern, lowered):
            return code
    named = re.search(rf"\b({'|'.join(_LOWER_CODES.split())})\b", lowered)
    if named:
        return named[1].upper()
    after = re.search(r"\b(?:in|currency|as)\s+([A-Z]{3})\b", text)
    return after[1] if after and after[1] in MINOR_UNITS and after[1] != "INR" else None


def find_amount(text: str, *, bare: bool) -> str | None:
    """Return the first amount of money in a text without dates and ids. With `bare`, a number alone is one, too."""
    if paise := _PAISE.search(text.lower()):
        return f"{Decimal(paise[1]) / 100:.2f}"
    for pattern in (_AMOUNT, _SCALED, *([_BARE] if bare else [])):
        if match := pattern.search(text.lower()):
            groups = match.groupdict()
            return _number(groups.get("a") or groups["b"], groups.get("scale") or groups.get("scale2"))
    return None


def find_instead(text: str) -> tuple[str, str] | None:
    """Return the new and the old number of a text such as "3 instead of 5"; None without them."""
    match = _INSTEAD.search(text.lower())
    return (_number(match[1]), _number(match[2])) if match else None


def find_percent(text: str) -> str | None:
    """Return the number of the first percentage in a text, such as 18 for "18 %"; None if it has none."""
    match = _PERCENT.search(text.lower())
    return _number(match[1] or match[2]) if match else None


def find_item(text: str) -> Item | None:
    """Return the line item of a text such as "5 chairs at 1200"; None without one."""
    if match := _ITEM.search(text.lower()):
        what = re.sub(r"^(?:of|nos|pcs|pieces)\s+|\s+(?:of|each|ke|ki|ka)$", "", match["what"].strip())
        return Item(_number(match["quantity"]), what, _number(match["price"]))
    if match := _PRODUCT.search(text.lower()):
        return Item(_number(match["quantity"]), "", _number(match["price"]))
    return None


def find_quantity(text: str, what: str) -> str | None:
    """Return the quantity of an item that an earlier question described, as in "with 35 chairs"."""
    for match in _QUANTITY.finditer(text.lower()):
        if match["what"] in what.split():
            return _number(match["quantity"])
    return None


def _number(text: str, scale: str | None = None) -> str:
    number = Decimal(text.replace(",", "").rstrip(".")) * (_SCALES[scale] if scale else 1)
    return f"{number.normalize():f}" if number == number.to_integral_value() else f"{number:f}"
