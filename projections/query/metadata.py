"""Filters by metadata: the column with the hashes of an object's pairs, and the query parameter `metadata[key]`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from domain.metadata import KEY_PATTERN, MAX_KEY_CHARACTERS, MAX_VALUE_CHARACTERS
from domain.reading import InvalidValue
from domain.text import text_key
from projections.query.filters import Condition, QueryParameter

MAX_METADATA_FILTERS = 3
"""The maximum number of pairs by which one request can filter."""
_NAME = re.compile(r"metadata\[(.*)\]", re.DOTALL)
_KEY = re.compile(KEY_PATTERN)
_HASH_CHARACTERS = 24
_PLANNED_PAGES = 4

PARAMETER = QueryParameter(
    {
        "type": "object",
        "maxProperties": MAX_METADATA_FILTERS,
        "propertyNames": {"pattern": f"^{KEY_PATTERN}$"},
        "additionalProperties": {"type": "string", "maxLength": MAX_VALUE_CHARACTERS},
    }
)


def pair_keys(metadata: Mapping[str, str] | None) -> list[str] | None:
    """Return the hashes of the pairs, by which lists are filtered. Without pairs return None, which is not indexed."""
    return [_pair_key(key, value) for key, value in (metadata or {}).items()] or None


def filtered_key(name: str) -> str | None:
    """Return the key in the name of a parameter `metadata[key]`; None for the name of any other parameter.

    Raises InvalidValue for a key that no metadata can have.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    if not _KEY.fullmatch(match[1]):
        raise InvalidValue(
            f"must have a key in its brackets: 1 to {MAX_KEY_CHARACTERS} letters A-Z and a-z, digits, '_', '.' and '-'"
        )
    return match[1]


def condition(column: str, key: str, value: str) -> Condition:
    """Return the condition for the rows with this pair. Values are compared by their text keys.

    PostgreSQL knows the frequency of the most frequent pairs only. It assumes that one row in 200 has any other pair.
    Raises InvalidValue for a value that is too long.
    """
    if len(value) > MAX_VALUE_CHARACTERS:
        raise InvalidValue(f"must be a string of at most {MAX_VALUE_CHARACTERS} characters")
    return Condition(f"{column} @> %s::text[]", [_pair_key(key, value)], planned_pages=_PLANNED_PAGES)


def check_count(params: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the names of the parameters `metadata[key]` beyond MAX_METADATA_FILTERS, each with a message."""
    names = [name for name in params if _NAME.fullmatch(name)]
    message = f"is one filter too many; filter by at most {MAX_METADATA_FILTERS} keys of metadata"
    return [(name, message) for name in names[MAX_METADATA_FILTERS:]]


def _pair_key(key: str, value: str) -> str:
    return hashlib.sha256(f"{key}={text_key(value)}".encode()).hexdigest()[:_HASH_CHARACTERS]
