"""Query parameters that narrow a list: how each is read, what it does in SQL, and what it takes as JSON Schema."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

import msgspec

Schema = dict[str, Any]


class Kind(NamedTuple):
    """How a sortable or comparable value is read from text, and its SQL type."""

    sql: str
    read: Callable[[str], Any]
    hint: str
    schema: Schema


def read_instant(text: str) -> datetime:
    """An RFC 3339 timestamp; raises ValueError. A `+` that a client did not escape arrives as a space."""
    if not _INSTANT.fullmatch(text := text.replace(" ", "+") if text[10:11] != " " else text):
        raise ValueError(text)
    return datetime.fromisoformat(text.upper()).astimezone(UTC)


def read_date(text: str) -> date:
    """A date written YYYY-MM-DD; raises ValueError."""
    if not _DATE.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def read_decimal(text: str) -> Decimal:
    """A plain decimal; raises ValueError."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return Decimal(text)


_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,6})?")

INSTANT = Kind(
    "timestamptz",
    read_instant,
    "an RFC 3339 timestamp, such as 2026-01-31T09:30:00Z",
    {"type": "string", "format": "date-time"},
)
DATE = Kind("date", read_date, "a calendar date, YYYY-MM-DD", {"type": "string", "format": "date"})
DECIMAL = Kind("numeric", read_decimal, "a decimal", {"type": "string"})
TEXT = Kind("text", str, "a text", {"type": "string"})


class Condition(NamedTuple):
    sql: str
    value: Any


class Filter(Protocol):
    """A query parameter that narrows a list."""

    def condition(self, text: str) -> Condition:
        """The SQL condition; raises ValueError with what the parameter takes."""

    def schema(self) -> Schema:
        """What the parameter takes as JSON Schema (2020-12), for the OpenAPI document."""


class Exact(msgspec.Struct, frozen=True):
    column: str
    longest: int

    def condition(self, text: str) -> Condition:
        if not 1 <= len(text) <= self.longest:
            raise ValueError(f"It must have 1 to {self.longest} characters.")
        return Condition(f"{self.column} = %s", text)

    def schema(self) -> Schema:
        return {"type": "string", "minLength": 1, "maxLength": self.longest}


class OneOf(msgspec.Struct, frozen=True):
    """One word or several, separated by commas."""

    column: str
    words: tuple[str, ...]

    def condition(self, text: str) -> Condition:
        wanted = sorted(set(text.split(",")))
        if not set(wanted) <= set(self.words):
            raise ValueError(f"It takes one or several of: {', '.join(self.words)}, separated by commas.")
        if len(wanted) == 1:
            return Condition(f"{self.column} = %s", wanted[0])
        return Condition(f"{self.column} = ANY(%s)", wanted)

    def schema(self) -> Schema:
        one = f"({'|'.join(re.escape(word) for word in self.words)})"
        return {"type": "string", "pattern": f"^{one}(,{one})*$"}


class From(msgspec.Struct, frozen=True):
    column: str
    kind: Kind

    def condition(self, text: str) -> Condition:
        return Condition(f"{self.column} >= %s", _read(self.kind, text))

    def schema(self) -> Schema:
        return self.kind.schema


class To(msgspec.Struct, frozen=True):
    column: str
    kind: Kind

    def condition(self, text: str) -> Condition:
        return Condition(f"{self.column} <= %s", _read(self.kind, text))

    def schema(self) -> Schema:
        return self.kind.schema


class Flag(msgspec.Struct, frozen=True):
    column: str

    def condition(self, text: str) -> Condition:
        if text not in ("true", "false"):
            raise ValueError("It takes true or false.")
        return Condition(self.column if text == "true" else f"NOT {self.column}", None)

    def schema(self) -> Schema:
        return {"type": "boolean"}


class Search(msgspec.Struct, frozen=True):
    """A text anywhere in the searched texts, without regard to case."""

    column: str

    def condition(self, text: str) -> Condition:
        if not 1 <= len(text) <= 200:
            raise ValueError("It must have 1 to 200 characters.")
        literal = re.sub(r"([\\%_])", r"\\\1", text.casefold())
        return Condition(f"{self.column} LIKE %s", f"%{literal}%")

    def schema(self) -> Schema:
        return {"type": "string", "minLength": 1, "maxLength": 200}


def _read(kind: Kind, text: str) -> Any:
    try:
        return kind.read(text)
    except (ValueError, OverflowError):
        raise ValueError(f"It must be {kind.hint}.") from None
