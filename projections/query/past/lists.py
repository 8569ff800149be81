"""Lists as they were at an instant: the parameter `asOf`, and where the rows of that instant are.

An object's row at an instant is in exactly one of these parts (docs/decisions/0084):

- its present row, if the object has not changed since;
- the table `past_rows`, if the background worker has read its first change after the instant;
- the rows that the service folds from the newest events, if the worker has not read that change yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from projections.query.access import Selection, Source
from projections.query.branches import branches_of, is_implied
from projections.query.filters import INSTANT, Condition, Filter, QueryParameter
from projections.query.page import merged
from projections.query.past.cells import cells_at
from projections.query.search import Search

AS_OF = "asOf"
PARAMETER = QueryParameter(INSTANT.schema)


class Folded:
    """Stands for the value of a placeholder: JSON of the rows that are folded when the list is read."""

    def __repr__(self) -> str:
        return "the folded rows"


FOLDED = Folded()


class Part(NamedTuple):
    """A part of the rows. `sql` stands after FROM; `conditions` select the rows that are of the instant."""

    sql: str
    args: tuple[Any, ...]
    conditions: list[Condition]


class Past(msgspec.Struct, frozen=True):
    """The earlier rows of a list."""

    kind: str
    """The kind of the objects."""
    view: str
    """The view of `past_rows` that shows the rows of this kind, with the columns of the list and `until`."""

    def parts(self, present: str, as_of: datetime, *, by_cell: bool = False) -> list[Part]:
        """Return the parts. `present` is the view of the list.

        With `by_cell`, the earlier rows of each cell of time (cells.py) are a part, which an index has in order.
        """
        began, stands = Condition("updated_at <= %s", as_of), Condition("until > %s", as_of)
        numbers = cells_at(as_of)
        cells = [Condition("cell = %s", number) for number in numbers]
        if not by_cell:
            cells = [Condition("cell = ANY(%s::bigint[])", list(map(str, numbers)))]
        return [
            Part(present, (), [began]),
            *(Part(self.view, (), [cell, began, stands]) for cell in cells),
            Part(f"json_populate_recordset(NULL::{present}, %s::json) AS folded", (FOLDED,), []),
        ]

    def source(
        self, present: str, as_of: datetime, selection: Selection, *, are_ordered: bool, by_text: bool
    ) -> Source:
        """Return the rows that a page is selected from. `are_ordered` is that of `branches_of`.

        With `by_text`, there is a search or a pair of metadata: all earlier rows of the instant are looked through.
        """
        sources: list[str] = []
        args: list[Any] = []
        for part in self.parts(present, as_of, by_cell=not by_text):
            bounds = _bounds(part, as_of, selection)
            is_present = part.sql == present
            for branch in branches_of([*selection.all_conditions(), *bounds], are_ordered and is_present):
                sources.append(f"{part.sql} WHERE {_all_of(branch)}")
                args += [*part.args, *_values(branch)]
        planned = selection.limit * selection.planned_pages
        return Source(merged(sources, selection.columns, selection.order, planned), tuple(args))

    def filters(self, present: str, filters: Mapping[str, Filter], as_of: datetime) -> dict[str, Filter]:
        """Return the filters of the list, of which the search looks for whole numbers among the rows of the instant."""
        return {name: self._at(present, each, as_of) for name, each in filters.items()}

    def _at(self, present: str, filter: Filter, as_of: datetime) -> Filter:
        if not isinstance(filter, Search) or filter.number is None:
            return filter
        sql, args = _union(filter.number.column, self.parts(present, as_of))
        return msgspec.structs.replace(filter, number=filter.number._replace(sql=f"({sql})", args=args))


def _bounds(part: Part, as_of: datetime, selection: Selection) -> list[Condition]:
    """Return the conditions of a part, without those that follow from the place after which the page begins.

    An object was created before it was changed. So in the order of creation, the index begins at the instant.
    """
    column = selection.order.split(" ", 1)[0]
    bounds = list(part.conditions)
    if column == "created_at" and bounds:
        bounds.append(Condition("created_at <= %s", as_of))
    if not selection.place or " DESC" not in selection.order:
        return bounds
    value = selection.place[0].values()[0]
    return [each for each in bounds if not is_implied(each, f"{column} <= %s", value)]


def _union(column: str, parts: list[Part]) -> tuple[str, tuple[Any, ...]]:
    """Return the statement for a column of all rows of these parts, and the values of its placeholders."""
    texts = [f"SELECT {column} FROM {part.sql} WHERE {_all_of(part.conditions)}" for part in parts]
    args = tuple(value for part in parts for value in (*part.args, *_values(part.conditions)))
    return " UNION ALL ".join(texts), args


def _all_of(conditions: list[Condition]) -> str:
    return " AND ".join(condition.sql for condition in conditions) or "TRUE"


def _values(conditions: list[Condition]) -> list[Any]:
    return [value for condition in conditions for value in condition.values()]
