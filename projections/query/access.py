"""Other ways to the rows of a list than in its order, for filters that would need too many indexes.

PostgreSQL would read the list in its order, and leave out what is not wanted, until the page is full.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from projections.query.filters import EVERYTHING, Condition


class Selection(NamedTuple):
    """What a page of a list selects."""

    columns: Sequence[str]
    organization: Condition
    required: Sequence[Condition]
    """What all rows have to meet, whatever the request asks for."""
    conditions: Sequence[Condition]
    """What the request asks for, and what follows from it."""
    place: Sequence[Condition]
    """The place after which the page begins; empty for the first page."""
    order: str
    limit: int
    planned_pages: int
    """The number of pages for which PostgreSQL has to plan."""

    def all_conditions(self) -> list[Condition]:
        """Return all conditions that a row of the page meets."""
        return [self.organization, *self.required, *self.conditions, *self.place]


class Source(NamedTuple):
    """What a page is selected from: SQL to stand after FROM, and the values of its placeholders."""

    sql: str
    args: tuple[Any, ...]


class Access(Protocol):
    """A way to the rows of some pages."""

    def serves(self, asked: Mapping[str, Condition]) -> bool:
        """Return whether this is the way for a request with these filters."""

    def source(self, selection: Selection, asked: Mapping[str, Condition]) -> Source:
        """Return the rows of the page, and perhaps rows that come after it. `asked` has the conditions of filters."""


class Recurring(NamedTuple):
    """A filter for a value that nearly always few rows have, but any number of rows can have.

    The first `rows` of them, in the order of the list, are looked through, and more are not found.
    """

    filter: str
    view: str
    """A view in which an index has the rows of the value in the order of the list."""
    rows: int
    bounds: Sequence[str]
    """Filters whose conditions bound the order: those rows are the first ones within the bounds."""

    def serves(self, asked: Mapping[str, Condition]) -> bool:
        return self.filter in asked

    def source(self, selection: Selection, asked: Mapping[str, Condition]) -> Source:
        bounds = [asked[name] for name in (self.filter, *self.bounds) if name in asked]
        first = [selection.organization, *bounds, *selection.place]
        others = [*selection.required, *(each for each in selection.conditions if each not in bounds)]
        rows = f"SELECT * FROM {self.view} WHERE {_all_of(first)} ORDER BY {selection.order} LIMIT {self.rows}"
        return Source(f"(SELECT * FROM ({rows}) AS first WHERE {_all_of(others)}) AS found", _values(first, others))


class Combined(NamedTuple):
    """Filters for words. Few combinations of these words occur together, and another view lists those that do.

    For each combination that is wanted, an index has the rows in the order of the list. A request without any of these
    filters wants all combinations: no other index has the rows in the order of the list.
    """

    filters: Sequence[str]
    combinations: str
    """The view of the combinations. It has the columns of the filters, and `ending`, which numbers the combinations."""
    view: str
    """The view of the rows, with the numbers of their combinations."""
    number: str
    """The column with the number among the rows that meet what is required."""
    number_in_all: str
    """The column with the number among all rows of the organization."""
    of_all: Condition
    """Selects the combinations that are numbered among all rows."""

    def serves(self, asked: Mapping[str, Condition]) -> bool:
        return True

    def source(self, selection: Selection, asked: Mapping[str, Condition]) -> Source:
        required = selection.required
        words = [each for name, each in asked.items() if name in self.filters]
        wanted = [selection.organization, *(required or (self.of_all,)), *words]
        others = [each for each in selection.conditions if each not in words]
        rows = [selection.organization, *others, *selection.place, unweighed([*required, *words])]
        page = (
            f"SELECT {', '.join(selection.columns)} FROM {self.view} WHERE {_all_of(rows)} "
            f"AND {self.number if required else self.number_in_all} = combined.ending "
            f"ORDER BY {selection.order} LIMIT {selection.limit}"
        )
        combined = f"(SELECT ending FROM {self.combinations} WHERE {_all_of(wanted)}) AS combined"
        sql = f"(SELECT each.* FROM {combined} CROSS JOIN LATERAL ({page}) AS each) AS found"
        return Source(sql, _values(wanted, rows))


def unweighed(conditions: Sequence[Condition]) -> Condition:
    """Return the condition that all of these are met, so that PostgreSQL does not expect fewer rows because of it.

    It would multiply their shares, although each row that an index finds by other conditions meets them, too.
    """
    if not conditions:
        return EVERYTHING
    return Condition(f"CASE WHEN {_all_of(conditions)} THEN TRUE END", _values(conditions))


def _all_of(conditions: Sequence[Condition]) -> str:
    return " AND ".join(condition.sql for condition in conditions) or "TRUE"


def _values(*conditions: Sequence[Condition]) -> tuple[Any, ...]:
    return tuple(value for each in conditions for condition in each for value in condition.values())
