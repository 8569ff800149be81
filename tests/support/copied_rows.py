"""Many rows from one, for tests of how much a statement reads in a large table."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

_COLUMNS = """
SELECT string_agg(attname, ', ') FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attname <> ALL (%s)
"""


def copy_row(conn: Connection[Any], table: str, id: str, copies: range, **values: str) -> None:
    """Insert a copy of a row for each number `n`. `values` are SQL expressions with `n`, by the names of their columns.

    The id of a copy is the id of the row with the number behind it.
    """
    values = {"id": "id || '_' || n", **values}
    ((columns,),) = conn.execute(_COLUMNS, (table, list(values))).fetchall()
    conn.execute(
        f"INSERT INTO {table} ({', '.join(values)}, {columns}) SELECT {', '.join(values.values())}, {columns} "
        f"FROM {table}, generate_series({copies.start}, {copies.stop - 1}) n WHERE id = %s",
        (id,),
    )
