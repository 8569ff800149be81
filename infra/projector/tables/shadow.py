"""The shadow of a read table: a new table in another schema, which is filled and then replaces the served table.

The DDL of the migrations creates the shadow, so it has the same definition as the served table.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import Connection, sql

from infra.postgres.database import Row, is_distributed
from infra.postgres.schema.ddl import ddl
from infra.postgres.schema.distributed.rights import grant_shown_columns
from infra.postgres.schema.distributed.tables import place_copy
from infra.postgres.schema.files import statements_of
from infra.projector.tables.indexes import create_indexes, sort_statements
from projections.projection import RowProjection

_LOCK_TIMEOUT_MILLISECONDS = 200
"""How long the swap waits for its lock. The time is short, because new requests have to wait behind the swap."""


_IN_SHADOW = "SET search_path TO shadow, public"
"""On this connection, the table's name without a schema now means the shadow."""


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
        """Create the empty shadow."""
        drop_shadows(self._conn)
        self._conn.execute("CREATE SCHEMA shadow")
        self._conn.execute(_IN_SHADOW)
        for statement in statements_of(
            ddl(self._projection.name, "table")
        ):  # a distributed database takes one at a time
            self._conn.execute(statement)
        place_copy(self._conn, self._projection.table, self.name)

    def complete(self, others: Sequence[Connection[Row]] = ()) -> None:
        """Create constraints, policies, grants and indexes. Doing so after the load is faster than before.

        `others` are further connections; indexes are created on all connections at the same time.
        """
        statements = sort_statements(statements_of(ddl(self._projection.name, "after the load")))
        for statement in statements.first:
            self._conn.execute(statement)
        for conn in others:
            conn.execute(_IN_SHADOW)
        create_indexes([self._conn, *others], statements.indexes, statements.marks)
        for statement in statements.last:
            self._conn.execute(statement)

    def oid(self) -> int:
        """Return the OID of the shadow; 0 when there is no shadow."""
        row = self._conn.execute("SELECT to_regclass(%s)::oid", (self.name,)).fetchone()
        (oid,) = row or (None,)
        return oid or 0

    def lock_for_load(self) -> None:
        """Lock the shadow until the transaction ends, so that no other process drops it."""
        self._execute("LOCK TABLE {shadow} IN ROW EXCLUSIVE MODE")

    def delete_organizations(self, orgs: list[str]) -> None:
        """Delete all rows of these organizations from the shadow."""
        self._execute("DELETE FROM {shadow} WHERE org_id = ANY(%s)", (orgs,))

    def delete(self, org_id: str, ids: list[str]) -> None:
        """Delete these rows of an organization from the shadow."""
        self._execute("DELETE FROM {shadow} WHERE org_id = %s AND id = ANY(%s)", (org_id, ids))

    def lock_served(self) -> None:
        """Lock the view, then the served table: the order in which readers lock them. Raises LockNotAvailable."""
        self._conn.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(_LOCK_TIMEOUT_MILLISECONDS))
        self._execute("LOCK TABLE {view}, {served} IN ACCESS EXCLUSIVE MODE")

    def replace_served(self, unchanged: list[str]) -> None:
        """Replace the served table by the shadow.

        The organizations in `unchanged` keep their served rows: these rows are copied into the shadow first.
        """
        self.delete_organizations(unchanged)
        copy = "INSERT INTO {shadow} ({columns}) SELECT {columns} FROM {served} WHERE org_id = ANY(%s)"
        self._execute(copy, (unchanged,))
        for statement in statements_of(ddl(self._projection.name, "view")):
            self._conn.execute(statement)
        self._execute("DROP TABLE {served}")
        self._execute("ALTER TABLE {shadow} SET SCHEMA public")
        if is_distributed(self._conn):
            grant_shown_columns(self._conn, self._projection.table)

    def analyze_served(self) -> None:
        """Collect the statistics of the served table that PostgreSQL's query planner needs."""
        self._execute("ANALYZE {served}")

    def _execute(self, statement: str, args: tuple[Any, ...] | None = None) -> None:
        self._conn.execute(sql.SQL(statement).format(**self._names), args)


def drop_shadows(conn: Connection[Row]) -> None:
    """Drop the shadow table, if there is one."""
    conn.execute("SET search_path TO public")
    conn.execute("DROP SCHEMA IF EXISTS shadow CASCADE")
