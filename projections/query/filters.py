"""The filters of lists. Each parses a query parameter, returns an SQL condition and describes itself as JSON Schema."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple, Protocol

import msgspec

from domain.reading import InvalidValue, parse_date, parse_decimal, parse_instant

Schema = dict[str, Any]


class Kind(NamedTuple):
    """The type of a value by which a list is sorted or filtered: its SQL type, and how it is parsed."""

    sql: str
    parse: Callable[[str], Any]
    """Raises InvalidValue."""
    schema: Schema


def parse_unescaped_instant(text: str) -> datetime:
    """Return the instant in a query parameter, where an unescaped `+` of the offset has become a space."""
    return parse_instant(text.replace(" ", "+") if text[10:11] != " " else text)


INSTANT = Kind("timestamptz", parse_unescaped_instant, {"type": "string", "format": "date-time"})
DATE = Kind("date", parse_date, {"type": "string", "format": "date"})
DECIMAL = Kind("numeric", parse_decimal, {"type": "string"})
TEXT = Kind("text", str, {"type": "string"})


class QueryParameter(NamedTuple):
    """The values that a query parameter takes."""

    schema: Schema
    """As JSON Schema (2020-12), for the OpenAPI document."""
    choices: tuple[str, ...] = ()
    """The words that it takes: one of them, or several separated by commas."""


class Condition(NamedTuple):
    sql: str
    value: Any


class Filter(Protocol):
    """A query parameter that narrows a list."""

    def condition(self, text: str) -> Condition:
        """Return the SQL condition. Raises InvalidValue, whose message says what the parameter must be."""

    def parameter(self) -> QueryParameter:
        """Return what the parameter takes."""


class Exact(msgspec.Struct, frozen=True):
    """Selects the rows whose column has exactly this text."""

    column: str
    max_length: int

    def condition(self, text: str) -> Condition:
        return Condition(f"{self.column} = %s", checked_length(text, self.max_length))

    def parameter(self) -> QueryParameter:
        return QueryParameter({"type": "string", "minLength": 1, "maxLength": self.max_length})


class OneOf(msgspec.Struct, frozen=True):
    """Selects the rows whose column has one of these words. Several words are separated by commas."""

    column: str
    words: tuple[str, ...]

    def condition(self, text: str) -> Condition:
        choices = sorted(set(text.split(",")))
        if not set(choices) <= set(self.words):
            raise InvalidValue(f"must be one or more of: {', '.join(self.words)}; separate them with commas")
        if len(choices) == 1:
            return Condition(f"{self.column} = %s", choices[0])
        return Condition(f"{self.column} = ANY(%s)", choices)

    def parameter(self) -> QueryParameter:
        one = f"({'|'.join(re.escape(word) for word in self.words)})"
        return QueryParameter({"type": "string", "pattern": f"^{one}(,{one})*$"}, self.words)


class From(msgspec.Struct, frozen=True):
    """Selects the rows whose column has this value or a later (larger) one."""

    column: str
    kind: Kind

    def condition(self, text: str) -> Condition:
        return Condition(f"{self.column} >= %s", self.kind.parse(text))

    def parameter(self) -> QueryParameter:
        return QueryParameter(self.kind.schema)


class To(msgspec.Struct, frozen=True):
    """Selects the rows whose column has this value or an earlier (smaller) one."""

    column: str
    kind: Kind

    def condition(self, text: str) -> Condition:
        return Condition(f"{self.column} <= %s", self.kind.parse(text))

    def parameter(self) -> QueryParameter:
        return QueryParameter(self.kind.schema)


class Flag(msgspec.Struct, frozen=True):
    """Selects the rows whose column is true, or those whose column is false."""

    column: str

    def condition(self, text: str) -> Condition:
        if text not in ("true", "false"):
            raise InvalidValue("must be true or false")
        return Condition(self.column if text == "true" else f"NOT {self.column}", None)

    def parameter(self) -> QueryParameter:
        return QueryParameter({"type": "boolean"})


def checked_length(text: str, max_length: int) -> str:
    """Return the text. Raises InvalidValue when it is empty or too long."""
    if not 1 <= len(text) <= max_length:
        raise InvalidValue(f"must be a string of 1 to {max_length} characters")
    return text
