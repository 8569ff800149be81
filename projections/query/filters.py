"""The filters of lists. A filter makes an SQL condition from a query parameter, and describes the parameter."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple, Protocol

import msgspec

from domain.aggregate import Aggregate
from domain.reading import InvalidValue, parse_date, parse_decimal, parse_instant, parse_word
from domain.suggestions.names import hint, nearest
from domain.suggestions.other_names import WORDS

Schema = dict[str, Any]


class Kind(NamedTuple):
    """The type of a value by which a list is sorted or filtered: its SQL type, its parser and its JSON Schema."""

    sql: str
    parse: Callable[[str], Any]
    """Raises InvalidValue."""
    schema: Schema


def parse_unescaped_instant(text: str) -> datetime:
    """Return the instant in a query parameter. The offset may begin with a space, which `+` in a URL means."""
    return parse_instant(text.replace(" ", "+") if text[10:11] != " " else text)


INSTANT = Kind("timestamptz", parse_unescaped_instant, {"type": "string", "format": "date-time"})
DATE = Kind("date", parse_date, {"type": "string", "format": "date"})
DECIMAL = Kind("numeric", parse_decimal, {"type": "string"})
TEXT = Kind("text", str, {"type": "string"})


_STATUS = re.compile("[1-5](?:xx|[0-9]{2})", re.ASCII)


class QueryParameter(NamedTuple):
    """The values that a query parameter accepts."""

    schema: Schema
    """The JSON Schema (2020-12) of the values, for the OpenAPI document."""
    choices: tuple[str, ...] = ()
    """The words that the parameter accepts, alone or separated by commas. Empty for a parameter without such words."""


class Organization:
    """Stands for the value of a placeholder: the id of the organization whose list it is."""

    def __repr__(self) -> str:
        return "the organization"


ORGANIZATION = Organization()


class Condition(NamedTuple):
    """A condition of an SQL statement."""

    sql: str
    value: Any
    """The value of the placeholder `%s`; a tuple for several placeholders; None for a condition without one."""
    alternatives: tuple[Condition, ...] = ()
    """Conditions that together select the same rows, and of which a row meets at most one; empty if there are none.

    An index can often return the rows of each alternative in the order of the list, but not the rows of them all.
    """
    is_common: bool = False
    """Whether most rows meet the condition."""
    planned_pages: int = 1
    """For how many pages PostgreSQL has to plan, because it expects to meet the rows of the condition too soon."""

    def of(self, org_id: str) -> Condition:
        """Return the condition for the list of this organization."""
        if not isinstance(self.value, tuple) or ORGANIZATION not in self.value:
            return self
        value = tuple(org_id if each is ORGANIZATION else each for each in self.value)
        return self._replace(value=value, alternatives=tuple(each.of(org_id) for each in self.alternatives))

    def values(self) -> tuple[Any, ...]:
        """Return the values of all placeholders, in order."""
        if self.value is None:
            return ()
        return self.value if isinstance(self.value, tuple) else (self.value,)


NOTHING, EVERYTHING = Condition("FALSE", None), Condition("TRUE", None)
"""The conditions that no row meets, and that every row meets."""


def one_of(column: str, words: Sequence[str]) -> Condition:
    """Return the condition for the rows whose column has one of these words. Without words, it is NOTHING."""
    if not words:
        return NOTHING
    each = tuple(Condition(f"{column} = %s", word) for word in words)
    return each[0] if len(each) == 1 else Condition(f"{column} = ANY(%s)", list(words), each)


class Filter(Protocol):
    """A query parameter that narrows a list."""

    def condition(self, text: str) -> Condition:
        """Return the SQL condition for the value `text` of the parameter. Raises InvalidValue for a wrong value."""

    def parameter(self) -> QueryParameter:
        """Return a description of the values that the parameter accepts."""


class Exact(msgspec.Struct, frozen=True):
    """Selects the rows whose column has exactly the text of the parameter."""

    column: str
    max_length: int

    def condition(self, text: str) -> Condition:
        return Condition(f"{self.column} = %s", checked_length(text, self.max_length))

    def parameter(self) -> QueryParameter:
        return QueryParameter({"type": "string", "minLength": 1, "maxLength": self.max_length})


class Naming(msgspec.Struct, frozen=True):
    """Selects the rows whose column names an object of another kind: by its own id, or by its `externalId`.

    The text of the parameter is one of the two. Rows with the other one are selected, too.
    """

    column: str
    view: str
    """The view with the other objects."""
    named: type[Aggregate]

    def condition(self, text: str) -> Condition:
        checked_length(text, 64)
        known, other = ("id", "external_id") if self.named.is_id(text) else ("external_id", "id")
        spelling = f"(SELECT {other} FROM {self.view} WHERE org_id = %s AND {known} = %s)"
        return Condition(
            f"{self.column} IN (%s, {spelling})",
            (text, ORGANIZATION, text),
            alternatives=(
                Condition(f"{self.column} = %s", text),
                # Without another spelling, no row is looked at: PostgreSQL asks for it once, before it reads.
                Condition(f"{spelling} IS NOT NULL AND {self.column} = {spelling}", (ORGANIZATION, text) * 2),
            ),
        )

    def parameter(self) -> QueryParameter:
        return QueryParameter({"type": "string", "minLength": 1, "maxLength": 64})


class OneOf(msgspec.Struct, frozen=True):
    """Selects the rows whose column has one of the words in the parameter. Commas separate the words."""

    column: str
    words: tuple[str, ...]

    def condition(self, text: str) -> Condition:
        choices = sorted(set(text.split(",")))
        if not set(choices) <= set(self.words):
            raise several_of(self.words, text)
        if len(choices) == len(self.words) > 1:
            return Condition(f"{self.column} = ANY(%s)", choices, (EVERYTHING,))
        return one_of(self.column, choices)

    def parameter(self) -> QueryParameter:
        one = f"({'|'.join(re.escape(word) for word in self.words)})"
        return QueryParameter({"type": "string", "pattern": f"^{one}(,{one})*$"}, self.words)


class HasWord(msgspec.Struct, frozen=True):
    """Selects the rows whose column, a list of words, contains the word of the parameter."""

    column: str
    words: tuple[str, ...]

    def condition(self, text: str) -> Condition:
        return Condition(f"{self.column} @> ARRAY[%s]::text[]", parse_word(text, self.words))

    def parameter(self) -> QueryParameter:
        return QueryParameter({"type": "string", "enum": list(self.words)}, self.words)


class HasFlag(msgspec.Struct, frozen=True):
    """Selects the rows in which the flag is true that the word of the parameter stands for."""

    columns: Mapping[str, str]
    """The column of the flag for each word."""

    def condition(self, text: str) -> Condition:
        return Condition(self.columns[parse_word(text, tuple(self.columns))], None)

    def parameter(self) -> QueryParameter:
        return QueryParameter({"type": "string", "enum": list(self.columns)}, tuple(self.columns))


class Statuses(msgspec.Struct, frozen=True):
    """Selects the rows whose column has one of the HTTP statuses in the parameter, such as `422`, `429` or `4xx`.

    Commas separate them; `4xx` means all statuses from 400 to 499.
    """

    column: str

    def condition(self, text: str) -> Condition:
        found = sorted({_statuses(each) for each in text.split(",")})
        sql = " OR ".join([f"{self.column} BETWEEN %s AND %s"] * len(found))
        return Condition(f"({sql})", tuple(limit for limits in found for limit in limits))

    def parameter(self) -> QueryParameter:
        return QueryParameter({"type": "string", "pattern": f"^{_STATUS.pattern}(,{_STATUS.pattern})*$"})


def _statuses(text: str) -> tuple[int, int]:
    """Return the first and the last of the HTTP statuses that a text means. Raises InvalidValue."""
    if not _STATUS.fullmatch(text):
        raise InvalidValue("must be one or more HTTP statuses, such as 422 or 4xx; separate them with commas")
    return int(text.replace("x", "0")), int(text.replace("x", "9"))


class From(msgspec.Struct, frozen=True):
    """Selects the rows whose column has the value of the parameter, or a later (larger) value."""

    column: str
    kind: Kind

    def condition(self, text: str) -> Condition:
        return Condition(f"{self.column} >= %s", self.kind.parse(text))

    def parameter(self) -> QueryParameter:
        return QueryParameter(self.kind.schema)


class To(msgspec.Struct, frozen=True):
    """Selects the rows whose column has the value of the parameter, or an earlier (smaller) value."""

    column: str
    kind: Kind

    def condition(self, text: str) -> Condition:
        return Condition(f"{self.column} <= %s", self.kind.parse(text))

    def parameter(self) -> QueryParameter:
        return QueryParameter(self.kind.schema)


class Flag(msgspec.Struct, frozen=True):
    """Selects the rows whose column is true if the parameter is `true`, and false if it is `false`, as most are."""

    column: str

    def condition(self, text: str) -> Condition:
        if text not in ("true", "false"):
            raise InvalidValue("must be true or false", hint(text, ("true", "false"), WORDS))
        return Condition(self.column, None) if text == "true" else Condition(f"NOT {self.column}", None, is_common=True)

    def parameter(self) -> QueryParameter:
        return QueryParameter({"type": "boolean"})


def several_of(words: Sequence[str], text: str) -> InvalidValue:
    """Return the error for a parameter that must be one or more of these words, with commas between them."""
    message = f"must be one or more of: {', '.join(words)}; separate them with commas"
    return InvalidValue(message, partial(_nearest_words, words, text))


def _nearest_words(words: Sequence[str], text: str) -> str | None:
    """Return the words that the parts of the text probably mean; None if one of the parts means no word."""
    sent = [word.strip() for word in text.split(",", len(words)) if word.strip()]
    meant = [word if word in words else nearest(word, words, WORDS) for word in sent]
    return None if None in meant or not meant else ",".join(dict.fromkeys(filter(None, meant)))


def checked_length(text: str, max_length: int) -> str:
    """Return the text. Raises InvalidValue when it is empty or too long."""
    if not 1 <= len(text) <= max_length:
        raise InvalidValue(f"must be a string of 1 to {max_length} characters")
    return text
