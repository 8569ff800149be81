"""The operations on the sums of a StatementSumProjection: SQL statements sum the rows of another table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from psycopg import Connection

from infra.postgres.database import COMMIT_LATER, Row
from infra.projector.differences import Difference
from infra.projector.results import AddResult, OnProgress, RebuildResult, State
from projections.sums import StatementSumProjection


class StatementSums:
    """The operations on the sums of one StatementSumProjection.

    A source is a group of rows of the summed table, such as the requests of one key. Each source is summed in a
    transaction of its own.
    """

    def __init__(self, projection: StatementSumProjection) -> None:
        self._projection = projection

    def state(self, conn: Connection[Row], org_id: str | None = None) -> State:
        count = f"SELECT count(*) FROM {self._projection.table} WHERE %(org)s::text IS NULL OR org_id = %(org)s"
        args = {"org": org_id}
        return State(_number(conn, count, args), older=0, lag=_number(conn, self._projection.select_lag, args))

    def steps(self, conn: Connection[Row], org_id: str | None = None) -> int:
        """Return the number of sources. A rebuild counts each source as one step."""
        return len(self._sources(conn, org_id))

    def add_new(self, conn: Connection[Row]) -> AddResult:
        """Add the new rows of every source to the sums."""
        count = 0
        for source in self._select(conn, self._projection.select_sources_behind, {}):
            with conn.transaction():
                conn.execute(COMMIT_LATER)
                conn.execute(self._projection.lock_source, source)
                count += _number(conn, self._projection.add_new, source)
        return AddResult(count, {})

    def rebuild(
        self,
        conn: Connection[Row],
        org_id: str | None = None,
        on_progress: OnProgress = lambda sources: None,
    ) -> RebuildResult:
        """Recompute the sums of one organization, or of all, while requests may add rows to the sources."""
        count = 0
        for source in self._sources(conn, org_id):
            with conn.transaction():
                conn.execute(self._projection.lock_source, source)
                for statement in self._projection.start_over:
                    conn.execute(statement, source)
                count += _number(conn, self._projection.add_new, source)
            on_progress(1)
        return RebuildResult(count, self.state(conn, org_id).rows, [])

    def differences(self, conn: Connection[Row], org_id: str) -> Iterator[Difference]:
        """Yield the wrong sums of the organization. Rows that are not added yet do not count as a difference."""
        projection = self._projection
        found = conn.execute(projection.select_differences, {"org": org_id}).fetchall()
        for id, column, expected, stored in found:
            yield Difference(projection.table, org_id, id, column, expected, stored)

    def _sources(self, conn: Connection[Row], org_id: str | None) -> list[dict[str, Any]]:
        return self._select(conn, self._projection.select_sources, {"org": org_id})

    def _select(self, conn: Connection[Row], statement: str, args: dict[str, Any]) -> list[dict[str, Any]]:
        return [{"org": org_id, "source": id} for org_id, id in conn.execute(statement, args).fetchall()]


def _number(conn: Connection[Row], statement: str, args: dict[str, Any]) -> int:
    row = conn.execute(statement, args).fetchone()
    assert row is not None
    number: int
    (number,) = row
    return number
