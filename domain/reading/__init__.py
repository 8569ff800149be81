"""The parsers of values that are written as text: dates, instants, decimals, whole numbers and words.

Every parser accepts ASCII digits only. For a wrong value it raises InvalidValue. The message is the end of a sentence
that begins with the name of the field or parameter, such as "must be a calendar date, YYYY-MM-DD".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial

from domain.errors.violation import Hint, Violation
from domain.suggestions.dates import nearest_date, nearest_instant
from domain.suggestions.decimals import nearest_decimal
from domain.suggestions.names import hint
from domain.suggestions.other_names import WORDS

DATE_HINT = "a calendar date, YYYY-MM-DD"
INSTANT_HINT = "an RFC 3339 timestamp, such as 2026-01-31T09:30:00Z"
DECIMAL_HINT = 'a decimal number, such as 3500, 3500.50 or "3500.50"'

MAX_WHOLE_NUMBER = 10**18 - 1
"""The largest whole number that is accepted. Every number with this many digits fits into 64 bits."""
MAX_DECIMAL_CHARACTERS = 64
MAX_DECIMAL_EXPONENT = 64

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt]([01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"([Zz]|[+-][0-9]{2}:[0-5][0-9])"
)
_DECIMAL = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,4})?")
_WHOLE_NUMBER = re.compile(r"[0-9]{1,18}")


class InvalidValue(ValueError):
    """The value is wrong. The message says what the value must be, such as "must be true or false"."""

    def __init__(self, message: str, hint: Hint | None = None) -> None:
        super().__init__(message)
        self.hint = hint

    def violation(self, name: str, code: str) -> Violation:
        """Return the violation of the field or parameter with this name."""
        return Violation(name, code, str(self), self.hint)


def parse_date(value: object) -> date:
    """Return the date that is written as YYYY-MM-DD. Raises InvalidValue, also for a day that does not exist."""
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise InvalidValue(f"must be {DATE_HINT}", partial(nearest_date, value))


def parse_instant(value: object) -> datetime:
    """Return the RFC 3339 timestamp in UTC, to the microsecond. Further digits of the second are ignored.

    Raises InvalidValue for anything else, also for a time without an offset.
    """
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        try:
            return datetime.fromisoformat(value.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise InvalidValue(f"must be {INSTANT_HINT}", partial(nearest_instant, value))


def parse_decimal(value: object) -> Decimal:
    """Return the exact number that an int or a text holds. Raises InvalidValue for anything else.

    A float is refused, because it may have lost digits. NaN and infinities are refused. An exponent above
    MAX_DECIMAL_EXPONENT is refused, because computing with such a number would take too long.
    """
    if type(value) is int:
        return Decimal(value)
    if isinstance(value, str) and len(value) <= MAX_DECIMAL_CHARACTERS and _DECIMAL.fullmatch(value):
        number = Decimal(str(value))
        if "e" not in value and "E" not in value:
            return number  # it has at most 40 decimal places
        if abs(int(number.as_tuple().exponent)) <= MAX_DECIMAL_EXPONENT:
            return number
        if number == 0:
            return Decimal(0)
    raise InvalidValue(f"must be {DECIMAL_HINT}", partial(nearest_decimal, value))


def parse_word(value: object, words: Sequence[str]) -> str:
    """Return the value if it is one of these words. Raises InvalidValue for any other value."""
    if type(value) is str and value in words:
        return value
    raise InvalidValue(f"must be one of: {', '.join(words)}", hint(value, words, WORDS))


def parse_whole_number(value: object, least: int = 0, most: int = MAX_WHOLE_NUMBER) -> int:
    """Return the whole number from `least` to `most` (inclusive) that a text holds.

    Raises InvalidValue for anything else, also for a sign, and for separators between the digits.
    """
    if isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value) and least <= int(value) <= most:
        return int(value)
    bounds = f", {least} or more" if most == MAX_WHOLE_NUMBER else f" from {least} to {most}"
    raise InvalidValue(f"must be a whole number{bounds}")
