"""Searching a list: what a row stores of an object's texts, and the filter that looks for a text in it.

Texts are compared by their keys (`domain/text.py`) on both sides. Why: docs/decisions/0026-search-by-key.md.
"""

from __future__ import annotations

import re

import msgspec

from domain.reading import InvalidValue
from domain.text import text_key
from projections.query.filters import Condition, QueryParameter, checked_length

MAX_SEARCH_CHARACTERS = 200
SHORT = 2
"""A search text of at most this many characters is compared only with the beginnings of texts."""
_SEPARATOR = "\n"
"""Separates two keys. No key contains it, because the only white space in a key is single spaces. So no search matches
across two texts.
"""


def search_text(*texts: str | None) -> str:
    """Return the keys of these texts, joined into one text. A search looks into it with LIKE."""
    return _SEPARATOR.join(text_key(text) for text in texts if text)


def beginnings(*texts: str | None) -> list[str]:
    """Return what short searches are compared with: the first one and two characters of each text's key."""
    keys = [text_key(text) for text in texts if text]
    return sorted({key[:length] for key in keys for length in range(1, SHORT + 1)} - {""})


class Search(msgspec.Struct, frozen=True):
    """Selects the rows that contain a text. A short text selects the rows with a name that begins with it."""

    texts: str = "search"
    """The column with the result of `search_text`."""
    names: str = "beginnings"
    """The column with the result of `beginnings`."""

    def condition(self, text: str) -> Condition:
        key = text_key(checked_length(text, MAX_SEARCH_CHARACTERS))
        if not key:
            raise InvalidValue("must have a character other than blanks and invisible ones")
        if len(key) <= SHORT:
            return Condition(f"{self.names} @> ARRAY[%s]::text[]", key)
        literal = re.sub(r"([\\%_])", r"\\\1", key)
        return Condition(f"{self.texts} LIKE %s", f"%{literal}%")

    def parameter(self) -> QueryParameter:
        return QueryParameter({"type": "string", "minLength": 1, "maxLength": MAX_SEARCH_CHARACTERS})
