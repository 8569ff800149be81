"""Types of fields that few bodies have: true or false, lists of words, durations, whole numbers,
instants and ranges of network addresses.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from commands.fields import JsonNumber, Report
from domain.errors.codes import VALIDATION_FAILED
from domain.errors.violation import Violation
from domain.reading import MAX_WHOLE_NUMBER, InvalidValue, parse_decimal, parse_instant
from domain.reading.network import parse_network
from domain.reading.when import DURATION_HINT, parse_duration
from domain.suggestions.names import hint


class Boolean(msgspec.Struct, frozen=True):
    """Accepts true and false, but no text and no number."""

    def parse(self, value: Any, path: str, report: Report) -> bool:
        if type(value) is not bool:
            raise InvalidValue("must be true or false, without quotes")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


class WordList(msgspec.Struct, frozen=True):
    """Accepts a list of at least one of these words. A word that occurs twice counts once."""

    words: tuple[str, ...]
    what: str
    """What one of the words is, with its article: "a type of event"."""
    advice: str = "; leave it out for all"
    """What the message about an empty list says at its end."""

    def parse(self, value: Any, path: str, report: Report) -> tuple[str, ...]:
        if type(value) is not list or not value:
            raise InvalidValue(f"must be a list with at least one entry{self.advice}")
        for violation in word_violations(value, self.words, self.what, path):
            report(violation)
        return tuple(dict.fromkeys(word for word in value if type(word) is str))

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "minItems": 1, "items": {"type": "string", "enum": list(self.words)}}


class Duration(msgspec.Struct, frozen=True):
    """Accepts a text with a number and a unit, such as "24h" or "7d", or "0"."""

    most: timedelta

    def parse(self, value: Any, path: str, report: Report) -> timedelta:
        if type(value) is not str:
            raise InvalidValue(f"must be {DURATION_HINT}, in quotes")
        duration = parse_duration(value)
        if duration > self.most:
            raise InvalidValue(f"must be between 0 and {self.most.days} days")
        return duration

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^(0|[0-9]{1,6}[smhd])$"}


class WholeNumber(msgspec.Struct, frozen=True):
    """Accepts a whole number from `min` to `max`, as a JSON number."""

    min: int = 0
    max: int = MAX_WHOLE_NUMBER

    def parse(self, value: Any, path: str, report: Report) -> int:
        if isinstance(value, JsonNumber) and (number := parse_decimal(value)) == number.to_integral_value():
            value = int(number)  # 1.0 is a whole number in JSON Schema
        if type(value) is not int or not self.min <= value <= self.max:
            raise InvalidValue(f"must be a whole number{self._bounds()}, without quotes")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.min, "maximum": self.max}

    def _bounds(self) -> str:
        return f", {self.min} or more" if self.max == MAX_WHOLE_NUMBER else f" from {self.min} to {self.max}"


class NetworkList(msgspec.Struct, frozen=True):
    """Accepts a list of up to `most` ranges of network addresses. An empty list is none."""

    most: int

    def parse(self, value: Any, path: str, report: Report) -> tuple[str, ...]:
        if type(value) is not list or len(value) > self.most:
            raise InvalidValue(f"must be a list of at most {self.most} ranges of network addresses")
        for place, text in enumerate(value):
            try:
                parse_network(text if type(text) is str else "")
            except InvalidValue as error:
                report(error.violation(f"{path}[{place}]", VALIDATION_FAILED))
        return tuple(text for text in value if type(text) is str)

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "maxItems": self.most, "items": {"type": "string"}}


class Instant(msgspec.Struct, frozen=True):
    """Accepts an RFC 3339 timestamp with its offset."""

    def parse(self, value: Any, path: str, report: Report) -> datetime:
        return parse_instant(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date-time", "minLength": 1}


def word_violations(value: Sequence[Any], words: Sequence[str], what: str, path: str) -> list[Violation]:
    """Return a violation for each entry of a list that is none of these words."""
    return [
        Violation(f"{path}[{place}]", VALIDATION_FAILED, f"must be {what}", hint(word, words, {}))
        for place, word in enumerate(value)
        if type(word) is not str or word not in words
    ]
