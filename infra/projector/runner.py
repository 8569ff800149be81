"""The operations on projections, and the functions that return the operations for one projection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from psycopg import Connection

from infra.postgres.database import Row
from infra.projector.differences import Difference
from infra.projector.event_sums import EventSums
from infra.projector.following.log_tiles import LogTileTable
from infra.projector.following.past_rows import PastRowTable
from infra.projector.results import AddResult, OnProgress, RebuildResult, State
from infra.projector.row_tables import RowTables
from infra.projector.statement_sums import StatementSums
from projections.projection import LogTiles, Projection, RowProjection
from projections.query.past.rows import PastRows
from projections.sums import EventSumProjection, StatementSumProjection, SumProjection


class Runner(Protocol):
    """The operations on one projection."""

    def state(self, conn: Connection[Row], org_id: str | None = None) -> State:
        """Return how complete the table is, for one organization or for all."""

    def steps(self, conn: Connection[Row], org_id: str | None = None) -> int:
        """Return how many steps a rebuild takes, as `on_progress` counts them."""

    def rebuild(self, conn: Connection[Row], org_id: str | None, on_progress: OnProgress) -> RebuildResult:
        """Compute the table again for one organization or for all. The service keeps using the table meanwhile."""

    def differences(self, conn: Connection[Row], org_id: str) -> Iterator[Difference]:
        """Yield the differences between one organization's rows and its log. Raises UnreadableEvent."""


class SumRunner(Runner, Protocol):
    """The operations on one projection of sums."""

    def add_new(self, conn: Connection[Row]) -> AddResult:
        """Add to the sums the new events, or the new rows of the summed table."""


def runner_of(projection: Projection, conninfo: str) -> Runner:
    """Return the operations on this projection. Raises TypeError for an unknown class of projection.

    `conninfo` is for operations that need more than one connection.
    """
    if isinstance(projection, RowProjection):
        return RowTables(projection, conninfo)
    if isinstance(projection, PastRows):
        return PastRowTable(projection)
    if isinstance(projection, LogTiles):
        return LogTileTable(projection)
    if isinstance(projection, SumProjection):
        return sum_runner_of(projection)
    raise TypeError(f"{projection!r} is of no known kind")


def sum_runner_of(projection: SumProjection) -> SumRunner:
    """Return the object that rebuilds, updates and verifies this sum projection.

    Raises TypeError for an unknown class of projection.
    """
    if isinstance(projection, EventSumProjection):
        return EventSums(projection)
    if isinstance(projection, StatementSumProjection):
        return StatementSums(projection)
    raise TypeError(f"{projection!r} is neither an EventSumProjection nor a StatementSumProjection")
