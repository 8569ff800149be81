"""Ranges of a list: two parameters that name the first and the last value, and the sort that such a list has."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple


class Range(NamedTuple):
    """Two filters that form a range. `sort` is the sort of the list when a request has one of them, but no sort."""

    first: str
    last: str
    sort: str

    def is_in(self, params: Collection[str]) -> bool:
        """Return whether these parameters name an end of the range."""
        return self.first in params or self.last in params

    def check(self, values: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Return the parameters that are wrong, with a message each; `values` are those that could be parsed."""
        return check_range(values, self.first, self.last)


def check_range(values: Mapping[str, Any], first: str, last: str) -> list[tuple[str, str]]:
    """Return both parameters with a message each when the last value lies before the first one."""
    start, end = values.get(first), values.get(last)
    if start is None or end is None or start <= end:
        return []
    return [(first, f"must not be after {last}"), (last, f"must not be before {first}")]
