"""What is true of the rows of a list. From it follow conditions that the request does not name.

PostgreSQL assumes that columns do not depend on each other. It would read all rows of an organization to find out that
no document is due before its date.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from projections.query.filters import NOTHING, Condition, one_of

FOR_DEPENDENT = 20
"""The pages to plan for if the rows of two filters depend on each other, but PostgreSQL assumes that they do not."""


class Order(NamedTuple):
    """The order of a page: the column of the sort, and whether the largest values come first."""

    column: str
    is_descending: bool
    is_later_page: bool
    """Whether the page begins after a cursor."""


class Fact(Protocol):
    """Something that is true of the rows."""

    def apply(self, conditions: list[Condition], asked: Mapping[str, Condition], order: Order) -> list[Condition]:
        """Return conditions that select the same rows, and let PostgreSQL find them sooner.

        `asked` has the condition of each filter in the request.
        """


def plan_for(pages: int, conditions: list[Condition]) -> list[Condition]:
    """Return the conditions, for which PostgreSQL plans at least so many pages."""
    first, *others = conditions
    return [first._replace(planned_pages=max(pages, first.planned_pages)), *others]


class Dates(NamedTuple):
    """The filters of a range of dates, and their column."""

    first: str
    last: str
    column: str


class NotBefore(NamedTuple):
    """No row has a date in `later` that is before its date in `earlier`."""

    earlier: Dates
    later: Dates

    def apply(self, conditions: list[Condition], asked: Mapping[str, Condition], order: Order) -> list[Condition]:
        start, end = asked.get(self.earlier.first), asked.get(self.later.last)
        if start is not None and end is not None and start.value > end.value:
            return [NOTHING]
        if start is not None and order.column == self.later.column:
            return [*conditions, Condition(f"{order.column} >= %s", start.value)]
        if end is not None and order.column == self.earlier.column:
            return [*conditions, Condition(f"{order.column} <= %s", end.value)]
        return conditions


class Lasts(NamedTuple):
    """Each row lasts from the day in the column `start` for at most `days` days. The filter `ends_from` asks for the
    rows that end on a day or later."""

    ends_from: str
    start: str
    days: int

    def apply(self, conditions: list[Condition], asked: Mapping[str, Condition], order: Order) -> list[Condition]:
        if (end := asked.get(self.ends_from)) is None:
            return conditions
        earliest = date.fromordinal(max(1, end.value.toordinal() - self.days))
        return [*conditions, Condition(f"{self.start} >= %s", earliest)]


class OnlyWith(NamedTuple):
    """A flag is true only in rows whose column has one of these words. The flag and the column have a filter each."""

    flag: str
    filter: str
    column: str
    words: Sequence[str]

    def apply(self, conditions: list[Condition], asked: Mapping[str, Condition], order: Order) -> list[Condition]:
        flag, wanted = asked.get(self.flag), asked.get(self.filter)
        if flag is None or wanted is None or flag.is_common:
            return conditions
        words = wanted.value if isinstance(wanted.value, list) else [wanted.value]
        possible = [word for word in words if word in self.words]
        if len(possible) == len(words):
            return conditions
        return [one_of(self.column, possible) if each is wanted else each for each in conditions]


class Depend(NamedTuple):
    """Nearly all rows of one filter have the text of the other, or none: a partner's name is in all of its rows.

    PostgreSQL expects a few of them. It would read all rows in the order of the list, if there is none.
    """

    filters: Sequence[str]

    def apply(self, conditions: list[Condition], asked: Mapping[str, Condition], order: Order) -> list[Condition]:
        return plan_for(FOR_DEPENDENT, conditions) if all(name in asked for name in self.filters) else conditions


class Few(NamedTuple):
    """Few rows have the value of the filter. An index may have them in the order of a column."""

    filter: str
    column: str | None = None

    def apply(self, conditions: list[Condition], asked: Mapping[str, Condition], order: Order) -> list[Condition]:
        if self.filter not in asked or order.column == self.column:
            return conditions
        return plan_for(FOR_DEPENDENT, conditions)
