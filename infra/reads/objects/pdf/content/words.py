"""Amounts in words: with lakh and crore in the currencies of South Asia that count so, with million in all others."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from domain.money import MINOR_UNITS

_SMALL = (
    *("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"),
    *("Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen"),
)
_TENS = ("", "", "Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety")
_INDIAN = ((10**7, "Crore"), (10**5, "Lakh"), (10**3, "Thousand"))
_NEEL, _CRORE_CRORE = 10**13, 10**14
"""From ten million crore on, amounts begin with neel: "One Crore One Crore" would be understood as two crore."""
_INTERNATIONAL = ((10**12, "Trillion"), (10**9, "Billion"), (10**6, "Million"), (10**3, "Thousand"))
COUNTS_IN_LAKHS = frozenset(("INR", "NPR", "PKR", "BDT", "LKR"))
"""The currencies whose amounts are said with lakh and crore."""


class _Names(NamedTuple):
    """What a currency and its minor unit are called."""

    currency: str
    minor: str = ""


_NAMES = {
    "INR": _Names("Rupees", "Paise"),
    "USD": _Names("US Dollars", "Cents"),
    "EUR": _Names("Euros", "Cents"),
    "GBP": _Names("Pounds Sterling", "Pence"),
    "AED": _Names("UAE Dirhams", "Fils"),
    "SAR": _Names("Saudi Riyals", "Halalas"),
    "SGD": _Names("Singapore Dollars", "Cents"),
    "AUD": _Names("Australian Dollars", "Cents"),
    "CAD": _Names("Canadian Dollars", "Cents"),
    "JPY": _Names("Japanese Yen"),
    "KWD": _Names("Kuwaiti Dinars", "Fils"),
    "NPR": _Names("Nepalese Rupees", "Paisa"),
    "LKR": _Names("Sri Lankan Rupees", "Cents"),
    "BDT": _Names("Bangladeshi Taka", "Poisha"),
    "PKR": _Names("Pakistani Rupees", "Paisa"),
}
"""The currencies that Indian invoices mostly have. The amounts of others have their code, and a fraction."""


def amount_in_words(amount: Decimal, currency: str) -> str:
    """Return an amount in words: "Rupees One Lakh Two Thousand and Fifty Paise Only"."""
    places = MINOR_UNITS.get(currency, 2)
    sign = "Minus " if amount < 0 else ""
    units = int(abs(amount).scaleb(places).to_integral_value())
    whole, minor = divmod(units, 10**places)
    names = _NAMES.get(currency, _Names(currency))
    return f"{names.currency} {sign}{number_in_words(whole, currency)}{_minor_in_words(minor, places, names)} Only"


def number_in_words(number: int, currency: str) -> str:
    """Return a whole number in words, as the users of this currency count."""
    if currency not in COUNTS_IN_LAKHS:
        return " ".join(_words(number, _INTERNATIONAL))
    neel, rest = divmod(number, _NEEL) if number >= _CRORE_CRORE else (0, number)
    return " ".join(
        [*_words(neel, _INDIAN), "Neel", *_words(rest, _INDIAN, is_alone=False)] if neel else _words(rest, _INDIAN)
    )


def _minor_in_words(minor: int, places: int, names: _Names) -> str:
    if not minor:
        return ""
    if not names.minor:
        return f" and {minor:0{places}d}/{10**places}"
    return f" and {' '.join(_words(minor, _INTERNATIONAL))} {names.minor}"


def _words(number: int, scale: Sequence[tuple[int, str]], *, is_alone: bool = True) -> list[str]:
    words: list[str] = []
    for size, name in scale:
        count, number = divmod(number, size)
        if count:
            words += [*_words(count, scale), name]
    return words + _below_thousand(number, is_alone=is_alone and not words)


def _below_thousand(number: int, *, is_alone: bool) -> list[str]:
    hundreds, rest = divmod(number, 100)
    words = [_SMALL[hundreds], "Hundred"] if hundreds else []
    if rest >= len(_SMALL):
        tens, ones = divmod(rest, 10)
        words.append(f"{_TENS[tens]}-{_SMALL[ones]}" if ones else _TENS[tens])
    elif rest or (is_alone and not hundreds):
        words.append(_SMALL[rest])
    return words
