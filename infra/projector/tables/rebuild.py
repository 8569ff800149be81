"""Rebuilds a whole read table from the log, while the service keeps running.

Several processes fill a shadow of the table. After this load, the shadow gets its indexes. Then the events that were
appended meanwhile are added, organization by organization. At the end, the shadow replaces the served table: the swap.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from contextlib import ExitStack, suppress
from typing import Any

import psycopg
from psycopg import Connection

from infra.log.heads import get_positions
from infra.log.mapper import MAPPER
from infra.log.reading.histories import list_histories
from infra.log.reading.kinds import list_changed
from infra.log.reading.parts import plan_parts
from infra.log.unkeyed import REFOLD
from infra.postgres.database import DatabaseUnreachable, Row, connect_as_table_owner
from infra.projector.results import OnProgress, RebuildResult
from infra.projector.rows import PAGE_AGGREGATES, copy_rows
from infra.projector.skips import read_skips
from infra.projector.tables.load import load_parts
from infra.projector.tables.lock import AnotherRebuild, end_with_client, only_rebuild
from infra.projector.tables.shadow import ShadowTable, drop_shadows
from projections.folding.stored_event import UnreadableEvent
from projections.projection import RowProjection

_MAX_EVENTS_BEHIND = 200
"""The swap begins when the shadow lacks at most this many events."""
_SWAP_TRIES = 300
_CLEANUP_TIMEOUT_SECONDS = 30.0
"""How long the clean-up waits for the lock that an interrupted connection still holds. The connection releases the lock
when its last statement ends, which can take long on a slow disk."""


class TableLocked(Exception):
    """The swap could not lock the served table."""


def rebuild_table(
    conninfo: str,
    projection: RowProjection[Any],
    on_progress: OnProgress = lambda events: None,
    processes: int | None = None,
) -> RebuildResult:
    """Rebuild a whole read table under live traffic. Raises AnotherRebuild and TableLocked.

    After an error or Ctrl-C, the served table is unchanged and the shadow is removed. After SIGKILL, the served table
    is unchanged, too; the next rebuild removes the shadow.
    """
    try:
        with connect_as_table_owner(conninfo) as conn, only_rebuild(conn):
            return TableRebuild(conninfo, conn, projection, on_progress, processes).run()
    except AnotherRebuild:
        raise
    except BaseException:
        _remove_shadow(conninfo)
        raise


class TableRebuild:
    """One rebuild of one table.

    It remembers the last position of each log that is in the shadow, and the logs that could not be folded.
    """

    def __init__(
        self,
        conninfo: str,
        conn: Connection[Row],
        projection: RowProjection[Any],
        on_progress: OnProgress = lambda events: None,
        processes: int | None = None,
    ) -> None:
        self._conninfo, self._conn, self._projection = conninfo, conn, projection
        self._on_progress, self._processes = on_progress, processes or min(2, os.cpu_count() or 1)
        self._shadow = ShadowTable(conn, projection)
        self._positions: dict[str, int] = {}
        self.failures: dict[str, str] = {}
        """The reason why a log could not be folded, by organization."""

    def run(self) -> RebuildResult:
        """Load, catch up and swap; return the result."""
        events, rows = self.load()
        behind = self.catch_up()
        # Repeat as long as the number of missing events falls. If commands are too fast, the swap's lock stops them.
        while behind > _MAX_EVENTS_BEHIND:
            before, behind = behind, self.catch_up()
            if behind >= before:
                break
        self.swap()
        drop_shadows(self._conn)
        self._shadow.analyze_served()
        return RebuildResult(events, rows, list(self.failures.values()))

    def load(self) -> tuple[int, int]:
        """Fold all logs into a new shadow; return the number of events and of rows."""
        self._shadow.create()
        folded: Counter[str] = Counter()
        rows: Counter[str] = Counter()
        kind = self._projection.kind
        parts = plan_parts(self._conn, kind)
        for part in load_parts(self._conninfo, kind, parts, self._shadow.oid(), self._processes):
            self._positions[part.org_id] = part.position
            if part.failure is not None:
                self.failures[part.org_id] = part.failure
            folded[part.org_id] += part.events
            rows[part.org_id] += part.rows
            self._on_progress(part.planned)
        self._complete_shadow()
        rebuilt = rows.keys() - self.failures.keys()
        return sum(folded[org_id] for org_id in rebuilt), sum(rows[org_id] for org_id in rebuilt)

    def _complete_shadow(self) -> None:
        """Create the indexes. Delete what other parts of a log have loaded if one part of it could not be folded."""
        with ExitStack() as stack:
            others = [stack.enter_context(connect_as_table_owner(self._conninfo)) for _ in range(self._processes - 1)]
            for conn in others:
                end_with_client(conn)
            self._shadow.complete(others)
        if self.failures:
            self._shadow.delete_organizations(list(self.failures))

    def catch_up(self) -> int:
        """Fold the aggregates that have new events into the shadow; return how many events the shadow lacked."""
        behind = 0
        for org_id, head in get_positions(self._conn).items():
            since = self._positions.get(org_id, 0)
            if head == since or org_id in self.failures:
                continue
            behind += head - since
            try:
                self._fold_changed(org_id, since, head)
            except UnreadableEvent as unreadable:
                self.failures[org_id] = str(unreadable)
            self._positions[org_id] = head
            self._on_progress(head - since)
        return behind

    def swap(self) -> None:
        """Lock the served table, catch up with the committed log, and replace the table by the shadow.

        Only the table is locked, not the heads of the logs. A command that wants to write its row therefore waits,
        and then writes it to the new table. Raises TableLocked.
        """
        for _ in range(_SWAP_TRIES):
            positions, failures = dict(self._positions), dict(self.failures)
            try:
                with self._conn.transaction():
                    self._shadow.lock_served()
                    self.catch_up()
                    self._conn.execute(REFOLD)
                    self._shadow.replace_served(unchanged=list(self.failures))
                return
            except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
                # The transaction was rolled back, and with it the rows that it folded into the shadow.
                self._positions, self.failures = positions, failures
                self.catch_up()
                time.sleep(0.05)
        table = self._projection.table
        raise TableLocked(f"The table {table} stayed in use; nothing was changed. Run the rebuild again later.")

    def _fold_changed(self, org_id: str, since: int, head: int) -> None:
        """Fold the changed rows in one transaction, because two of these documents may have exchanged their numbers."""
        projection, conn = self._projection, self._conn
        ids = list_changed(conn, org_id, [projection.kind], since, head)
        if not ids:
            return
        skipped = read_skips(conn, org_id, projection.name)
        with conn.transaction():
            conn.execute(REFOLD)
            self._shadow.delete(org_id, ids)
            for start in range(0, len(ids), PAGE_AGGREGATES):
                log = list_histories(conn, org_id, ids[start : start + PAGE_AGGREGATES], head)
                rows = list(projection.fold_log(org_id, log, MAPPER.event, skipped, MAPPER.state))
                copy_rows(conn, projection, self._shadow.name, org_id, rows)


def _remove_shadow(conninfo: str) -> None:
    """Drop the shadow on a new connection, because the rebuild's connection may still execute a statement."""
    with (
        suppress(psycopg.Error, DatabaseUnreachable, AnotherRebuild),
        connect_as_table_owner(conninfo) as conn,
        only_rebuild(conn, _CLEANUP_TIMEOUT_SECONDS),
    ):
        drop_shadows(conn)
