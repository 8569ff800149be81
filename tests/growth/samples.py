"""Finds a row in the middle of a list, for the cursor of a later page, in a sample of the organization's rows."""

from __future__ import annotations

from typing import Any

from psycopg import Connection, sql

from infra.postgres.database import Row
from tests.growth.shapes import TABLES, Shape

_ROWS = 20_000
_WIDE = ("summary", "details")
_SAMPLE = """
CREATE TEMP TABLE {sample} AS SELECT {columns} FROM {table} WHERE org_id = {org} ORDER BY hashtext(id) LIMIT {rows}
"""
_COLUMNS = "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"


class Samples:
    """Temporary tables with a sample of each list, without the JSON of its rows."""

    def __init__(self, conn: Connection[Row], org_id: str) -> None:
        self._conn, self._org_id = conn, org_id
        self._middles: dict[tuple[str, object, str], tuple[Any, ...] | None] = {}
        for table in {*TABLES.values()}:
            columns = [sql.Identifier(name) for (name,) in conn.execute(_COLUMNS, (table,)) if name not in _WIDE]
            names = {"sample": sql.Identifier(_sample(table)), "table": sql.Identifier(table)}
            conn.execute(sql.SQL(_SAMPLE).format(columns=sql.SQL(", ").join(columns), org=org_id, rows=_ROWS, **names))

    def middle(self, shape: Shape) -> tuple[Any, ...] | None:
        """Return the sort value and the id of a row in the middle; None if the sample has no row of the list."""
        column, _ = shape.listing.sorts[shape.order]
        key = shape.name, shape.filters, column
        if key not in self._middles:
            self._middles[key] = self._find(shape, column)
        return self._middles[key]

    def _find(self, shape: Shape, column: str) -> tuple[Any, ...] | None:
        conditions = [*shape.required, *shape.listing.conditions(self._org_id, dict(shape.filters))]
        where = " AND ".join(condition.sql for condition in conditions) or "true"
        args = [value for condition in conditions for value in condition.values()]
        wanted = f"SELECT {column}, id FROM {_sample(TABLES[shape.name])} WHERE {where}"
        select = f"""
            WITH wanted AS MATERIALIZED ({wanted})
            SELECT * FROM wanted ORDER BY {column}, id OFFSET (SELECT count(*) / 2 FROM wanted) LIMIT 1
        """
        return self._conn.execute(select.encode(), args).fetchone()


def _sample(table: str) -> str:
    return f"{table}_sample"
