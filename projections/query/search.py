"""Searching a list: the column in which an object's texts are stored, and the filter that looks for a text in it."""

from __future__ import annotations

import re

import msgspec

from projections.query.filters import Condition, QueryParameter, checked_length

MAX_SEARCH_CHARACTERS = 200
_SEPARATOR = "\x01"


def search_text(*texts: str | None) -> str:
    """Return the texts in one, casefolded here so that the result does not depend on the database's locale.

    The separator keeps a search from matching the end of one text and the beginning of the next.
    """
    return _SEPARATOR.join(text for text in texts if text).casefold()


class Search(msgspec.Struct, frozen=True):
    """The column contains this text; upper and lower case are equal."""

    column: str

    def condition(self, text: str) -> Condition:
        literal = re.sub(r"([\\%_])", r"\\\1", checked_length(text, MAX_SEARCH_CHARACTERS).casefold())
        return Condition(f"{self.column} LIKE %s", f"%{literal}%")

    def parameter(self) -> QueryParameter:
        return QueryParameter({"type": "string", "minLength": 1, "maxLength": MAX_SEARCH_CHARACTERS})
