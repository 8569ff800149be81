"""Ranges of a list. A range is a pair of query parameters with the first and the last value, such as two dates."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple


class Range(NamedTuple):
    """The names of two filters that form a range, and a sort.

    A request with one or both filters and without the parameter `sort` gets this sort.
    """

    first: str
    last: str
    sort: str

    def is_in(self, params: Collection[str]) -> bool:
        """Return whether at least one of the two filters is among these names of parameters."""
        return self.first in params or self.last in params

    def check(self, values: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Return the names of wrong parameters, each with a message. `values` holds the values that could be parsed."""
        return check_range(values, self.first, self.last)


def check_range(values: Mapping[str, Any], first: str, last: str) -> list[tuple[str, str]]:
    """If the last value is before the first value, return both names, each with a message; otherwise an empty list."""
    start, end = values.get(first), values.get(last)
    if start is None or end is None or start <= end:
        return []
    return [(first, f"must not be after {last}"), (last, f"must not be before {first}")]
