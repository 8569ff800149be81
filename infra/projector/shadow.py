"""The shadow of a read table: a new table in another schema, which is filled and then replaces the served table.

The migrations' own DDL creates it, so a rebuilt table is the same as a migrated one.
"""

from __future__ import annotations

from typing import Any

from psycopg import Connection, sql

from infra.postgres.database import Row
from infra.postgres.ddl import ddl
from projections.projection import RowProjection

_LOCK_TIMEOUT_MILLISECONDS = 200
"""It is short: while the swap waits for the lock, new requests wait behind it."""


class ShadowTable:
    """The shadow of one projection's table, on one connection."""

    def __init__(self, conn: Connection[Row], projection: RowProjection[Any]) -> None:
        self._conn, self._projection = conn, projection
        self.name = f"shadow.{projection.table}"
        self._names = {
            "shadow": sql.Identifier("shadow", projection.table),
            "served": sql.Identifier("public", projection.table),
            "view": sql.Identifier("public", projection.view),
            "columns": sql.SQL(", ").join(map(sql.Identifier, projection.stored_columns)),
        }

    def create(self) -> None:
        """Create the empty table. From now on, a table name without a schema means the shadow."""
        drop_shadows(self._conn)
        self._conn.execute("CREATE SCHEMA shadow")
        self._conn.execute("SET search_path TO shadow, public")
        self._conn.execute(sql.SQL(ddl(self._projection.name, "table")))

    def create_indexes(self) -> None:
        """Create indexes, constraints, policies and grants. This is faster after the load than before it."""
        self._conn.execute(sql.SQL(ddl(self._projection.name, "after the load")))

    def oid(self) -> int:
        """Return the OID of the table; 0 when there is none."""
        row = self._conn.execute("SELECT to_regclass(%s)::oid", (self.name,)).fetchone()
        return (row and row[0]) or 0

    def lock_for_load(self) -> None:
        """Prevent others from dropping the table, until the transaction ends."""
        self._execute("LOCK TABLE {shadow} IN ROW EXCLUSIVE MODE")

    def delete(self, org_id: str, ids: list[str]) -> None:
        """Delete these rows."""
        self._execute("DELETE FROM {shadow} WHERE org_id = %s AND id = ANY(%s)", (org_id, ids))

    def lock_served(self) -> None:
        """Lock the view, then the served table. Readers lock them in the same order. Raises LockNotAvailable."""
        self._conn.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(_LOCK_TIMEOUT_MILLISECONDS))
        self._execute("LOCK TABLE {view}, {served} IN ACCESS EXCLUSIVE MODE")

    def replace_served(self, unchanged: list[str]) -> None:
        """Replace the served table by the shadow.

        First copy the served rows of the organizations in `unchanged` into the shadow.
        """
        self._execute("DELETE FROM {shadow} WHERE org_id = ANY(%s)", (unchanged,))
        copy = "INSERT INTO {shadow} ({columns}) SELECT {columns} FROM {served} WHERE org_id = ANY(%s)"
        self._execute(copy, (unchanged,))
        self._conn.execute(sql.SQL(ddl(self._projection.name, "view")))
        self._execute("DROP TABLE {served}")
        self._execute("ALTER TABLE {shadow} SET SCHEMA public")

    def analyze_served(self) -> None:
        """Collect the statistics that the query planner needs."""
        self._execute("ANALYZE {served}")

    def _execute(self, statement: str, args: tuple[Any, ...] | None = None) -> None:
        self._conn.execute(sql.SQL(statement).format(**self._names), args)


def drop_shadows(conn: Connection[Row]) -> None:
    """Drop the shadow table, if there is one."""
    conn.execute("SET search_path TO public")
    conn.execute("DROP SCHEMA IF EXISTS shadow CASCADE")
