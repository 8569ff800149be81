"""The operations on the rows of a RowProjection.

A whole table is rebuilt beside the served table. The rows of one organization are rebuilt in the served table itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from psycopg import Connection

from infra.log.heads import get_positions
from infra.log.reading.kinds import count_kind
from infra.postgres.database import Row
from infra.projector.differences import Difference
from infra.projector.results import OnProgress, RebuildResult, State
from infra.projector.rows import rebuild_in_place
from infra.projector.tables.rebuild import rebuild_table
from infra.projector.verify import row_differences
from projections.projection import RowProjection


class RowTables:
    """The operations on the table of one RowProjection."""

    def __init__(self, projection: RowProjection[Any], conninfo: str) -> None:
        self._projection, self._conninfo = projection, conninfo

    def state(self, conn: Connection[Row], org_id: str | None = None) -> State:
        count = f"""
            SELECT count(*), count(*) FILTER (WHERE projection_version < %(version)s) FROM {self._projection.table}
            WHERE %(org)s::text IS NULL OR org_id = %(org)s
        """
        ((rows, older),) = conn.execute(count, {"org": org_id, "version": self._projection.version}).fetchall()
        return State(rows, older, lag=0)  # rows are written in the transaction of their events

    def steps(self, conn: Connection[Row], org_id: str | None = None) -> int:
        """Return the number of steps of a rebuild: one for each event.

        A rebuild of the whole table counts the events of all kinds. To count those of one kind would read all events.
        """
        if org_id is None and not self._projection.in_place:
            return sum(get_positions(conn).values())
        return count_kind(conn, self._projection.kind, org_id)

    def rebuild(self, conn: Connection[Row], org_id: str | None, on_progress: OnProgress) -> RebuildResult:
        """Rebuild the whole table, or the rows of one organization. Raises AnotherRebuild and TableLocked."""
        if org_id is None and not self._projection.in_place:
            return rebuild_table(self._conninfo, self._projection, on_progress)
        orgs = list(get_positions(conn)) if org_id is None else [org_id]
        return rebuild_in_place(conn, self._projection, orgs, on_progress)

    def differences(self, conn: Connection[Row], org_id: str) -> Iterator[Difference]:
        return row_differences(conn, self._projection, org_id)
