"""The checkpoints of projections that follow the logs. A checkpoint stores the last position of a log that is in the
projection, and the projection's version."""

from __future__ import annotations

from typing import NamedTuple, cast

from psycopg import Connection
from psycopg.rows import args_row

from infra.log.heads import count_events_behind, list_organizations_behind
from infra.postgres.database import Row
from infra.projector.results import State
from projections.projection import FollowingProjection


class Checkpoint(NamedTuple):
    """The last position of a log that is in a projection, and the version of the projection that has added it."""

    position: int
    version: int


class Checkpoints:
    """The checkpoint of each organization, for one FollowingProjection."""

    def __init__(self, projection: FollowingProjection) -> None:
        self._table = table = projection.checkpoint_table
        self._version = projection.version
        self._insert = f"""
            INSERT INTO {table} (org_id, position, projection_version) VALUES (%s, 0, %s) ON CONFLICT DO NOTHING
        """
        self._select = f"SELECT position, projection_version FROM {table} WHERE org_id = %s"
        self._update = f"UPDATE {table} SET position = %s, projection_version = %s WHERE org_id = %s"
        self._count_rows = f"""
            SELECT count(*), count(*) FILTER (WHERE p.projection_version < %(version)s)
            FROM {projection.table} s LEFT JOIN {table} p USING (org_id)
            WHERE %(org)s::text IS NULL OR s.org_id = %(org)s
        """

    def lock(self, conn: Connection[Row], org_id: str) -> Checkpoint:
        """Return the checkpoint of an organization, and lock it until the transaction ends.

        Each process that adds events to the projection holds this lock, so that no two processes add the same events.
        """
        conn.execute(self._insert, (org_id, self._version))
        return cast("Checkpoint", self._read(conn, org_id, " FOR UPDATE"))

    def read(self, conn: Connection[Row], org_id: str) -> Checkpoint:
        """Return the checkpoint of an organization; position 0 when no event is added yet."""
        return self._read(conn, org_id) or Checkpoint(0, self._version)

    def advance(self, conn: Connection[Row], org_id: str, position: int) -> None:
        """Record that this version of the projection has added the log up to a position."""
        conn.execute(self._update, (position, self._version, org_id))

    def organizations_behind(self, conn: Connection[Row]) -> list[str]:
        """Return the organizations with events that are not added yet, or with rows of an older version."""
        return list_organizations_behind(conn, self._table, self._version)

    def state(self, conn: Connection[Row], org_id: str | None) -> State:
        """Return how complete the projection is, for one organization or for all."""
        args = {"org": org_id, "version": self._version}
        ((rows, older),) = conn.execute(self._count_rows, args).fetchall()
        return State(rows, older, count_events_behind(conn, self._table, org_id))

    def _read(self, conn: Connection[Row], org_id: str, lock: str = "") -> Checkpoint | None:
        return conn.cursor(row_factory=args_row(Checkpoint)).execute(self._select + lock, (org_id,)).fetchone()
