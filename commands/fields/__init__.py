"""The types of the fields of a body. Each type parses a JSON value, and describes itself as JSON Schema.

msgspec is not used for this: it stops at the first wrong field, and accepts `NaN`, `1_0` and digits of other alphabets
as decimals.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache, partial
from typing import Any, Protocol

import msgspec

from domain.accounts.misplaced_key import IN_BODY, refuse_secret
from domain.errors.violation import Violation
from domain.money import MINOR_UNITS, has_places, plain
from domain.reading import InvalidValue, parse_date, parse_decimal, parse_word
from domain.suggestions.currencies import nearest_currency
from domain.text import has_visible_character

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
"""The earliest and the latest date that a body can hold. A year such as 0025 is a typing error."""

_MAX_SEPARATED = 20
"""How long a text may be for a suggestion of its digits without separators, in characters."""

Report = Callable[[Violation], None]
"""A function that is called with the violation of each wrong field."""


class JsonNumber(str):
    """A JSON number with a fraction or an exponent, kept as the client's text, because a float would lose digits."""

    __slots__ = ()


class FieldType(Protocol):
    """The type of a field of a body. It parses the field's value, and describes itself as JSON Schema."""

    def parse(self, value: Any, path: str, report: Report) -> Any:
        """Return the parsed value, as the command holds it.

        Raises InvalidValue when the value itself is wrong. Calls `report` for each wrong field inside the value.
        `path` is the place of the value in the body, such as `items[0].quantity`.
        """

    def schema(self) -> dict[str, Any]:
        """Return a JSON Schema (2020-12) of the accepted values, for the OpenAPI document."""


class NullSets(msgspec.Struct, frozen=True):
    """An annotation of a field that always has a value: when a change sends `null`, the field gets `value`."""

    value: Any


class Text(msgspec.Struct, frozen=True):
    """Accepts a string of `min` to `max` characters (code points) without U+0000.

    If `min` is above 0, the string must contain at least one visible character.
    """

    max: int
    min: int = 1
    pattern: str | None = None
    """A regular expression for the whole string, in which classes such as `\\w` mean ASCII."""
    hint: str = ""
    """The message for a string that does not match the pattern."""
    is_stored: bool = True
    """Whether the text is stored as it was sent. Such a text must not contain an API key."""

    def parse(self, value: Any, path: str, report: Report) -> str:
        if type(value) is not str:
            raise InvalidValue(f"must be a string of {self._lengths()} characters{_in_quotes(value)}")
        if not self.min <= len(value) <= self.max:
            raise InvalidValue(f"must be a string of {self._lengths()} characters; it has {len(value)}")
        if "\0" in value:
            raise InvalidValue("must not contain the character U+0000")
        if self.is_stored:
            refuse_secret(value, IN_BODY)
        if self.pattern is not None and not _compiled(self.pattern).fullmatch(value):
            raise InvalidValue(self.hint)
        if self.min and not has_visible_character(value):
            raise InvalidValue("must contain at least one visible character")
        return value

    def schema(self) -> dict[str, Any]:
        shape: dict[str, Any] = {"type": "string", "minLength": self.min, "maxLength": self.max}
        if self.pattern:
            shape["pattern"] = f"^{self.pattern}$"
        return shape

    def _lengths(self) -> str:
        return f"{self.min} to {self.max}" if self.min else f"at most {self.max}"


class Digits(msgspec.Struct, frozen=True):
    """Accepts a string of ASCII digits that has one of these lengths."""

    lengths: tuple[int, ...]

    def parse(self, value: Any, path: str, report: Report) -> str:
        if type(value) is not str or len(value) not in self.lengths or not (value.isascii() and value.isdigit()):
            *others, last = map(str, self.lengths)
            expected = f"must be a string of {', '.join(others)} or {last} digits{_in_quotes(value)}"
            raise InvalidValue(expected, partial(self._nearest, value))
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^({'|'.join(f'[0-9]{{{length}}}' for length in self.lengths)})$"}

    def _nearest(self, value: Any) -> str | None:
        """Return the digits of a text with separators, such as `9983 11`; None if there are too few or too many."""
        digits = re.sub(r"[ .-]", "", value) if type(value) is str and len(value) <= _MAX_SEPARATED else ""
        return digits if digits.isascii() and digits.isdigit() and len(digits) in self.lengths else None


class Choice(msgspec.Struct, frozen=True):
    """Accepts one of these words."""

    words: tuple[str, ...]

    def parse(self, value: Any, path: str, report: Report) -> str:
        return parse_word(value, self.words)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.words)}


class Currency(msgspec.Struct, frozen=True):
    """Accepts the ISO 4217 code of a currency."""

    def parse(self, value: Any, path: str, report: Report) -> str:
        if type(value) is not str or value not in MINOR_UNITS:
            raise InvalidValue(
                "must be an ISO 4217 currency code in capitals, such as INR", partial(nearest_currency, value)
            )
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": sorted(MINOR_UNITS)}


class Day(msgspec.Struct, frozen=True):
    """Accepts a calendar date, YYYY-MM-DD, from FIRST_DAY to LAST_DAY."""

    def parse(self, value: Any, path: str, report: Report) -> date:
        day = parse_date(value)
        if not FIRST_DAY <= day <= LAST_DAY:
            raise InvalidValue(f"must be a date from {FIRST_DAY.isoformat()} to {LAST_DAY.isoformat()}")
        return day

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date", "pattern": "^20[0-9]{2}-[0-9]{2}-[0-9]{2}$"}


class Number(msgspec.Struct, frozen=True):
    """Accepts a decimal of 0 or more with at most `places` decimal places, as a JSON number or as a string."""

    places: int
    below: Decimal | None = None
    at_most: Decimal | None = None
    positive: bool = False
    """Whether 0 is refused."""

    def parse(self, value: Any, path: str, report: Report) -> Decimal:
        number = parse_decimal(value)
        if number < 0 or (self.positive and number == 0):
            raise InvalidValue(f"must be greater than {'0' if self.positive else 'or equal to 0'}")
        if self.below is not None and number >= self.below:
            raise InvalidValue(f"must be less than 10^{self.below.adjusted()}")
        if self.at_most is not None and number > self.at_most:
            raise InvalidValue(f"must be less than or equal to {self.at_most}")
        short = plain(number).copy_abs()  # -0 becomes 0
        if not has_places(short, self.places):
            raise InvalidValue(f"must have at most {self.places} decimal places")
        return short

    def schema(self) -> dict[str, Any]:
        number: dict[str, Any] = {"type": "number"}
        number["exclusiveMinimum" if self.positive else "minimum"] = 0
        if self.below is not None:
            number["exclusiveMaximum"] = int(self.below)
        if self.at_most is not None:
            number["maximum"] = int(self.at_most)
        text = {"type": "string", "pattern": rf"^[0-9]{{1,40}}(\.[0-9]{{1,{self.places}}})?$"}
        return {"anyOf": [text, number]}


def _in_quotes(value: Any) -> str:
    """Return the advice for a number where a string is expected; an empty text for any other value."""
    return ", in quotes" if type(value) in (int, JsonNumber) else ""


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)
