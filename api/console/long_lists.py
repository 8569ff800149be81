"""Long lists in parts: each part has as many rows as its page has bytes for, and at least one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from domain.reading import MAX_WHOLE_NUMBER, InvalidValue, parse_whole_number

FIRST_ROW = "first"
"""The parameter of an address that names a row, whose part the page shows."""
SHOW, EVERYTHING = "show", "all"
"""The parameter of the address, and its value, for a page with everything."""
T = TypeVar("T")


class Part(NamedTuple):
    """Rows that are shown together: the numbers of the first and of the last, counted from 1."""

    first: int
    last: int


class Rows(NamedTuple):
    """The rows of a list that the page shows."""

    rows: Sequence[Any]
    part: Part
    parts: Sequence[Part]
    """All parts of the list, in order. A list that is shown as a whole has one."""

    @property
    def total(self) -> int:
        return self.parts[-1].last


def part_with(rows: Sequence[T], number: int, most: int, size: Callable[[T], int]) -> Rows:
    """Return the part that contains the row with this number; the last part if there are fewer rows.

    A part has at most `most` bytes; `size` returns about how many bytes of HTML a row takes.
    """
    parts, first, used = [], 1, 0
    for place, row in enumerate(rows, 1):
        taken = size(row)
        if used and used + taken > most:
            parts.append(Part(first, place - 1))
            first, used = place, 0
        used += taken
    parts.append(Part(first, len(rows)))
    part = next((each for each in parts if number <= each.last), parts[-1])
    return Rows(rows[part.first - 1 : part.last], part, parts)


def whole(rows: Sequence[Any]) -> Rows:
    """Return all rows in one part."""
    part = Part(1, len(rows))
    return Rows(rows, part, [part])


def bytes_of(*texts: str) -> int:
    """Return how many bytes texts take in a page, about."""
    return sum(len(text.encode()) for text in texts)


def number_in(params: Mapping[str, Any], name: str = FIRST_ROW) -> int:
    """Return the number in the address; 1 if it has none, or something else."""
    try:
        return parse_whole_number(str(params.get(name, "1")), 1, MAX_WHOLE_NUMBER)
    except InvalidValue:
        return 1
