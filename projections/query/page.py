"""One page of a list: the SQL statement, and the rows of its result that fit on the page."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate
from typing import Any, NamedTuple, Protocol, cast

from projections.projection import join_details
from projections.query.cursors import encode_cursor

MAX_PAGE_BYTES = (4 * 1024 - 32) * 1024
"""The maximum number of bytes of all objects on a page: 4 MiB, minus 32 KiB for the JSON around the objects."""
_PAGE = "SELECT {columns} FROM {source} ORDER BY {order} LIMIT {limit}"
_FITTING = """
SELECT {fitting} FROM (
    SELECT *, sum(size) OVER page <= {max_bytes} OR row_number() OVER page = 1 AS fits FROM (
        SELECT {columns}, {size} AS size FROM {source} ORDER BY {order} LIMIT {limit}
    ) found WINDOW page AS (ORDER BY {order} ROWS UNBOUNDED PRECEDING)
) page ORDER BY {order}
"""


class Page(NamedTuple):
    """A page of a list."""

    objects: list[bytes]
    """The objects on the page, as JSON."""
    next_cursor: str | None
    """The cursor of the next page; None on the last page."""


class Rows(Protocol):
    """The result of a ListQuery. A page needs the JSON of all rows, but the other columns of only one row.

    Therefore a value is decoded only when a method returns it. The class Outcome in `infra/postgres/` implements this.
    """

    def column(self, index: int) -> list[bytes | None]:
        """Return the values of a column with JSON, one for each row."""

    def row(self, index: int) -> tuple[Any, ...]:
        """Return all values of one row."""


class PastMoment(NamedTuple):
    """The instant of a list, and the kind of its objects."""

    kind: str
    as_of: datetime


class ListQuery(NamedTuple):
    """The statement for one page. Its result has up to `limit` + 1 rows, to show whether there is a next page.

    The columns of a row are its summary as JSON, its sort value, and its id. If `with_details` is true, the details as
    JSON follow. The JSON is None in a row that does not fit on the page.
    """

    sql: str
    args: tuple[Any, ...]
    limit: int
    with_details: bool
    plans_by_value: bool
    """Whether PostgreSQL must plan the statement for its values, because the best index depends on them."""
    fingerprint: str
    moment: PastMoment | None = None
    """The instant for which the list is asked; None for the present."""

    def page_of(self, rows: Rows) -> Page:
        """Return the page: at most `limit` objects, with at most MAX_PAGE_BYTES of JSON. The first one always fits."""
        found = rows.column(0)
        objects = [summary for summary in found[: self.limit] if summary is not None]
        if self.with_details:
            objects = [
                join_details(*parts) for parts in zip(objects, cast("list[bytes]", rows.column(3)), strict=False)
            ]
        if sum([len(each) for each in objects]) > MAX_PAGE_BYTES:
            fitting = bisect_right(list(accumulate(map(len, objects))), MAX_PAGE_BYTES)
            objects = objects[: max(1, fitting)]
        if len(objects) == len(found):
            return Page(objects, None)
        _, sort_value, id, *_ = rows.row(len(objects) - 1)
        return Page(objects, self.cursor_after(sort_value, id))

    def cursor_after(self, sort_value: Any, id: str) -> str:
        """Return the cursor of the page that begins after the row with this sort value and this id."""
        return encode_cursor(self.fingerprint, sort_value, id)


def page_columns(column: str, with_details: bool) -> tuple[str, ...]:
    """Return the columns of the rows of a page that is sorted by `column`."""
    return ("summary", column, "id", *(["details"] if with_details else []))


def page_sql(source: str, columns: Sequence[str], order: str, limit: int, planned_pages: int = 1) -> str:
    """Return the statement for the first `limit` rows of a source. It ends in a page with these columns.

    With details, PostgreSQL leaves out the JSON that does not fit on the page, because a hundred objects with details
    can be large. Summaries are small, so it is faster to read all of them.

    The limit is a literal in the statement, not a parameter. When PostgreSQL makes one plan for all values, it does not
    know the value of a parameter, and would plan to read a tenth of all rows.

    PostgreSQL plans for `planned_pages` pages, although only one is read. For one, it would read the list in its order
    if it expected to meet the rows soon. For more, it finds the rows by their conditions if there are few.
    """
    before, names = "", ", ".join(columns)
    if planned_pages > 1:
        planned = _PAGE.format(columns=names, source=source, order=order, limit=limit * planned_pages)
        before, source = f"WITH found AS MATERIALIZED ({planned}) ", "found"
    if "details" in columns:
        return before + fitting_sql(columns, ("summary", "details"), source, order, str(limit))
    return before + _PAGE.format(columns=names, source=source, order=order, limit=limit)


def source_of(view: str, columns: Sequence[str], branches: Sequence[str], order: str, limit: int) -> str:
    """Return the rows of a view that meet one of the conditions `branches`, as text to stand after FROM.

    No row meets two of them. PostgreSQL merges several branches, each of which is in order, and has at least the first
    `limit` of its rows.
    """
    return merged([f"{view} WHERE {branch}" for branch in branches], columns, order, limit)


def merged(sources: Sequence[str], columns: Sequence[str], order: str, limit: int) -> str:
    """Return the rows of several sources as text to stand after FROM. No row is in two of them."""
    if len(sources) == 1:
        return sources[0]
    names = ", ".join(columns)
    pages = [_PAGE.format(columns=names, source=source, order=order, limit=limit) for source in sources]
    return f"({' UNION ALL '.join(f'({page})' for page in pages)}) AS branches"


def fitting_sql(columns: Sequence[str], json: Sequence[str], source: str, order: str, limit: str) -> str:
    """Return the statement for the first `limit` rows. The columns in `json` are null in a row that does not fit.

    A row fits if its JSON and the JSON of all rows before it have at most MAX_PAGE_BYTES. The first row always fits.
    """
    return _FITTING.format(
        fitting=", ".join(f"CASE WHEN fits THEN {name} END AS {name}" if name in json else name for name in columns),
        columns=", ".join(columns),
        size=" + ".join(f"coalesce(octet_length({name}::text), 0)" for name in json),
        max_bytes=MAX_PAGE_BYTES,
        source=source,
        order=order,
        limit=limit,
    )
