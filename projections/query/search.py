"""The search in a list: the texts that a row stores for the search, and the filter that looks for a text in them.

A row stores the keys of its texts, and the filter looks for the key of the search text (`text_key` in
`domain/text.py`). The reasons are in docs/decisions/0026-search-by-key.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from domain.reading import InvalidValue
from domain.text import text_key
from projections.query.filters import Condition, QueryParameter, checked_length

MAX_SEARCH_CHARACTERS = 200
SHORT = 2
"""A search text of at most this many characters is compared only with the beginnings of texts."""
_NUMBER = re.compile(r"(?=.*[A-Za-z/-])(?=.*[0-9])[A-Za-z0-9/-]{6,}")
"""What looks like a number of an invoice or bill: digits, and letters or separators."""
_SEPARATOR = "\n"
"""The separator between two keys. No key contains a line break, so a search never matches parts of two texts."""


def search_columns(named: Iterable[str | None], others: Iterable[str | None] = ()) -> tuple[str, list[str]]:
    """Return the values of the two columns that a search compares.

    The first is for long searches, which use LIKE: the keys of all texts, joined into one text. The second is for
    searches of up to SHORT characters: the first character and the first two characters of each key of `named`.
    """
    keys = _keys(named)
    beginnings = {key[:length] for key in keys for length in range(1, SHORT + 1)} - {""}
    return _SEPARATOR.join([*keys, *_keys(others)]), sorted(beginnings)


def _keys(texts: Iterable[str | None]) -> list[str]:
    return [text_key(text) for text in texts if text]


class Numbers(NamedTuple):
    """Where the numbers of a list are: SQL to stand after FROM, with the values of its placeholders, and the column."""

    sql: str
    column: str
    args: tuple[Any, ...] = ()


class Search(msgspec.Struct, frozen=True):
    """Selects the rows that contain the text of the parameter.

    A text of at most SHORT characters selects only the rows in which a name or number begins with it. Its condition is
    written in two ways. PostgreSQL multiplies their selectivities, and so looks a rare beginning up in its index.
    """

    texts: str = "search"
    """The column with the first value of `search_columns`."""
    names: str = "beginnings"
    """The column with the second value of `search_columns`."""
    number: Numbers | None = None
    """Where the numbers are. If the text is the whole number of an object, only the objects with this number are
    selected: an index finds them at once, while many numbers share the parts of the text."""

    def condition(self, text: str) -> Condition:
        key = text_key(checked_length(text, MAX_SEARCH_CHARACTERS))
        if not key:
            raise InvalidValue("must contain at least one visible character")
        if len(key) <= SHORT:
            return Condition(f"{self.names} @> ARRAY[%s]::text[] AND {self.names} && ARRAY[%s]::text[]", (key, key))
        literal = re.sub(r"([\\%_])", r"\\\1", key)
        found = Condition(f"{self.texts} LIKE %s", f"%{literal}%")
        return found if self.number is None or not _NUMBER.fullmatch(text) else _number_first(self.number, text, found)

    def parameter(self) -> QueryParameter:
        return QueryParameter({"type": "string", "minLength": 1, "maxLength": MAX_SEARCH_CHARACTERS})


def _number_first(among: Numbers, text: str, found: Condition) -> Condition:
    """Return the condition `found`, with the rows of this number as the first of two alternatives."""
    numbers = list(dict.fromkeys((text, text.upper(), text.lower())))
    whole = Condition(f"{among.column} = ANY(%s)", numbers)
    same = f"SELECT 1 FROM {among.sql} same WHERE same.{among.column} = ANY(%s)"
    others = Condition(f"NOT EXISTS ({same}) AND {found.sql}", (*among.args, numbers, found.value))
    return found._replace(alternatives=(whole, others))
