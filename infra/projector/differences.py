"""Finds the differences between a stored table and its log in SQL, row by row and column by column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from psycopg import Connection

from infra.log.reading.parts import Part
from infra.postgres.database import Row, is_distributed


class Difference(NamedTuple):
    """A stored value that differs from the log. If a row is missing or should not exist, the column is `*`."""

    table: str
    org_id: str
    id: str
    column: str
    expected: str | None
    stored: str | None


_SELECT_STORED = """
SELECT * FROM {} WHERE org_id = %(org)s AND id >= %(first)s AND (%(before)s::text IS NULL OR id < %(before)s)
"""


def create_expected(conn: Connection[Row], table: str) -> None:
    """Create the empty temporary table `expected` for rows that are folded from the log. Each commit empties it.

    In a distributed database, another one, `stored`, is for the rows that they are compared with: the nodes cannot
    compare whole rows.
    """
    for name in ("expected", "stored") if is_distributed(conn) else ("expected",):
        conn.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
        conn.execute(f"CREATE TEMPORARY TABLE {name} (LIKE public.{table} INCLUDING DEFAULTS) ON COMMIT DELETE ROWS")
        conn.execute(f"CREATE INDEX ON {name} (id)")


@contextmanager
def one_state(conn: Connection[Row]) -> Iterator[None]:
    """See one state of the database during the block. Its snapshot is taken by the first query."""
    with conn.transaction():
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        conn.execute("SET LOCAL max_parallel_workers_per_gather = 0")  # workers would read the whole table of events
        yield


def find_differences(
    conn: Connection[Row], table: str, columns: Iterable[str], part: Part, only: str = "true", number: str | None = None
) -> list[Difference]:
    """Return the differences between the table `expected` and the stored rows of a part.

    `only` is an SQL condition on the stored row `s`: columns are compared only in rows that meet the condition. With
    it, a caller can leave out rows of an older version, which will be folded again anyway.

    `number` is the column that numbers the rows of an object, if an object can have several.
    """
    values = {"org": part.org_id, "first": part.first_id, "before": part.before_id}
    source = f"public.{table}"
    if is_distributed(conn):
        conn.execute(f"INSERT INTO stored {_SELECT_STORED.format(source)}", values)
        source = "stored"
    rows = conn.execute(_differences_sql(source, columns, only, number), values).fetchall()
    return [Difference(table, part.org_id, *row) for row in rows]


def _differences_sql(source: str, columns: Iterable[str], only: str, number: str | None) -> str:
    """Return the statement that selects the differences: id, column, expected value, stored value.

    Whole rows are compared first, byte for byte (`*<>`). Only the columns of rows that differ are compared as texts.
    """
    names = ("id", *columns)
    same, id = "e.id = s.id", "coalesce(e.id, s.id)"
    if number is not None:
        same += f" AND e.{number} = s.{number}"
        id += f" || ' {number} ' || coalesce(e.{number}, s.{number})"
    pairs = "".join(f", ('{name}', e.{name}::text, s.{name}::text)" for name in names[1:])
    expected_row, stored_row = (f"ROW({', '.join(f'{row}.{name}' for name in names)})::record" for row in "es")
    return f"""
        SELECT {id}, d.name, d.expected, d.stored
        FROM expected e
        FULL JOIN ({_SELECT_STORED.format(source)}) s ON {same}
        CROSS JOIN LATERAL (VALUES ('*', CASE WHEN e.id IS NULL THEN 'no row' ELSE 'a row' END,
                                    CASE WHEN s.id IS NULL THEN 'no row' ELSE 'a row' END){pairs})
            AS d (name, expected, stored)
        WHERE {expected_row} *<> {stored_row} AND d.expected IS DISTINCT FROM d.stored
        AND (d.name = '*' OR (e.id IS NOT NULL AND s.id IS NOT NULL AND {only}))
        ORDER BY 1, 2
    """
