"""One page of a list: its statement, and the rows of the result that fit on it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, NamedTuple, cast

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


class ListRow(NamedTuple):
    """A row of a page: the sort value and the id, which give its place in the order, and the object as JSON."""

    sort_value: Any
    id: str
    summary: bytes | None
    """None for a row that PostgreSQL left out, because the rows before it fill the page."""
    details: bytes | None = None

    def to_json(self) -> bytes:
        """Return the object as JSON. Call this only for a row that fits on the page."""
        summary = cast("bytes", self.summary)
        return summary if self.details is None else join_details(summary, self.details)

    @property
    def size(self) -> int:
        """The number of bytes of its JSON; more than a page holds for a row that PostgreSQL left out."""
        return MAX_PAGE_BYTES + 1 if self.summary is None else len(self.summary) + len(self.details or b"")


class ListQuery(NamedTuple):
    """The statement for one page. Its result has up to `limit` + 1 ListRows, to show whether there is a next page."""

    sql: str
    args: tuple[Any, ...]
    limit: int
    plans_by_value: bool
    """Whether PostgreSQL must plan the statement for its values, because the best index depends on them."""
    fingerprint: str

    def page_of(self, rows: Sequence[ListRow]) -> list[ListRow]:
        """Return the rows that are on the page: at most `limit` rows, with at most MAX_PAGE_BYTES of JSON.

        The first row always fits.
        """
        found = list(rows[: self.limit])
        sizes = list(accumulate(row.size for row in found))
        if not sizes or sizes[-1] <= MAX_PAGE_BYTES:
            return found
        return found[: max(1, bisect_right(sizes, MAX_PAGE_BYTES))]

    def cursor_after(self, row: ListRow) -> str:
        """Return the cursor of the page that begins after this row."""
        return encode_cursor(self.fingerprint, row.sort_value, row.id)


def page_sql(view: str, column: str, where: str, order: str, limit: int, with_details: bool) -> str:
    """Return the statement for the first `limit` rows that meet `where`.

    PostgreSQL leaves out what does not fit on the page only where `details` are wanted: a hundred of them can be large.
    Summaries are small, so it is faster to read all of them. The limit is part of the statement. As a parameter, its
    value would be unknown to a plan for all values, and PostgreSQL would assume that most rows are wanted.
    """
    source = f"{view} WHERE {where}"
    if with_details:
        parts = ("summary", "details")
        return fitting_sql((column, "id", *parts), parts, source, order, str(limit))
    return _PAGE.format(columns=f"{column}, id, summary", source=source, order=order, limit=limit)


def fitting_sql(columns: Sequence[str], json: Sequence[str], source: str, order: str, limit: str) -> str:
    """Return the statement for the first `limit` rows. The columns in `json` are null in a row that does not fit.

    A row fits if its JSON and the JSON of all rows before it have at most MAX_PAGE_BYTES. The first row always fits.
    """
    return _FITTING.format(
        fitting=", ".join(f"CASE WHEN fits THEN {name} END AS {name}" if name in json else name for name in columns),
        columns=", ".join(columns),
        size=" + ".join(f"octet_length({name}::text)" for name in json),
        max_bytes=MAX_PAGE_BYTES,
        source=source,
        order=order,
        limit=limit,
    )
