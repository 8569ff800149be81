"""The operations on the sums of an EventSumProjection: add new events, or sum whole logs again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from psycopg import Connection

from infra.log.heads import get_position, get_positions
from infra.log.reading.pages import list_page
from infra.postgres.database import COMMIT_LATER, Row
from infra.projector.checkpoints import Checkpoints
from infra.projector.differences import Difference
from infra.projector.items import copy_items, fields, fold_onto, sum_log
from infra.projector.results import AddResult, OnProgress, RebuildResult, State
from infra.projector.skips import read_skips
from infra.projector.verify_sums import event_sum_differences
from projections.folding.stored_event import UnreadableEvent
from projections.sums import EventSumProjection, Sum, add_sums

logger = logging.getLogger("smartdhandha.sums")

PAGE_EVENTS = 2000
"""The largest number of events that one transaction adds."""


class EventSums:
    """The operations on the sums of one EventSumProjection."""

    def __init__(self, projection: EventSumProjection[Any, Any]) -> None:
        self._projection, self._checkpoints = projection, Checkpoints(projection)

    def state(self, conn: Connection[Row], org_id: str | None = None) -> State:
        return self._checkpoints.state(conn, org_id)

    def steps(self, conn: Connection[Row], org_id: str | None = None) -> int:
        """Return the number of organizations. A rebuild counts each organization as one step."""
        return len(self._organizations(conn, org_id))

    def add_new(self, conn: Connection[Row]) -> AddResult:
        """Add the new events of every log to the sums.

        Events are added page by page. If an event cannot be read, its page and all later pages of its organization are
        not added. The events of other organizations are still added.
        """
        events, failures = 0, []
        for org_id in self._checkpoints.organizations_behind(conn):
            try:
                while count := self.add_page(conn, org_id):
                    events += count
            except UnreadableEvent as unreadable:
                logger.error("the sums of %s cannot be brought up to date: %s", self._projection.name, unreadable)
                failures.append(unreadable)
        return AddResult(events, failures)

    def add_page(self, conn: Connection[Row], org_id: str, limit: int = PAGE_EVENTS) -> int:
        """Add the next events of an organization's log in one transaction. Return the number of these events.

        Raises UnreadableEvent; then nothing is added.
        """
        projection = self._projection
        with conn.transaction():
            conn.execute(COMMIT_LATER)
            position, version = self._checkpoints.lock(conn, org_id)
            if version > projection.version:  # a newer version of the code made these sums, so do not add to them
                return 0
            if version < projection.version:
                return self._sum_again(conn, org_id)
            page = list_page(conn, org_id, position, limit)
            if not page:
                return 0
            skipped = read_skips(conn, org_id)
            events = [event for event in page if projection.concerns(event) and event.position not in skipped]
            ids = list({event.originator_id for event in events})
            before = projection.items_from(conn.execute(projection.select_items, (org_id, ids)).fetchall())
            after = fold_onto(projection, org_id, before, events)
            self._store(conn, org_id, after, projection.deltas([before.get(id) for id in after], after.values()))
            self._checkpoints.advance(conn, org_id, page[-1].position)
        return len(page)

    def rebuild(
        self,
        conn: Connection[Row],
        org_id: str | None = None,
        on_progress: OnProgress = lambda organizations: None,
    ) -> RebuildResult:
        """Recompute the sums of one organization, or of all. If a log cannot be read, its sums are not changed."""
        events, failures = 0, []
        for org in self._organizations(conn, org_id):
            try:
                events += self.rebuild_organization(conn, org)
            except UnreadableEvent as unreadable:
                failures.append(str(unreadable))
            on_progress(1)
        return RebuildResult(events, self.state(conn, org_id).rows, failures)

    def rebuild_organization(self, conn: Connection[Row], org_id: str) -> int:
        """Sum one organization's log again, while commands may append to the log; return the number of events.

        This is one transaction: readers see the old sums until it ends. Raises UnreadableEvent; then nothing is
        changed.
        """
        with conn.transaction():
            self._checkpoints.lock(conn, org_id)
            return self._sum_again(conn, org_id)

    def differences(self, conn: Connection[Row], org_id: str) -> Iterator[Difference]:
        return event_sum_differences(conn, self._projection, org_id)

    def _organizations(self, conn: Connection[Row], org_id: str | None) -> list[str]:
        return list(get_positions(conn)) if org_id is None else [org_id]

    def _sum_again(self, conn: Connection[Row], org_id: str) -> int:
        projection, upto, events = self._projection, get_position(conn, org_id), 0
        conn.execute(f"DELETE FROM {projection.items_table} WHERE org_id = %s", (org_id,))
        conn.execute(f"DELETE FROM {projection.table} WHERE org_id = %s", (org_id,))
        sums: dict[Any, Sum] = {}
        for page in sum_log(conn, projection, org_id, upto):
            sums = add_sums(sums, projection.deltas((), (summed.item for summed in page)))
            copy_items(conn, projection, projection.items_table, org_id, page)
            events += sum(summed.events for summed in page)
        self._store(conn, org_id, {}, sums)
        self._checkpoints.advance(conn, org_id, upto)
        return events

    def _store(self, conn: Connection[Row], org_id: str, items: Mapping[str, Any], deltas: Mapping[Any, Sum]) -> None:
        projection = self._projection
        _insert(conn, projection.upsert_items, [(org_id, id, *fields(item)) for id, item in items.items()])
        _insert(conn, projection.add_deltas, [(org_id, *key, *delta) for key, delta in sorted(deltas.items())])
        conn.execute(projection.delete_empty_sums, (org_id,))


def _insert(conn: Connection[Row], statement: Callable[[int], str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert many rows with each statement: to plan a statement takes longer than to insert a row."""
    for first in range(0, len(rows), PAGE_EVENTS):
        chunk = rows[first : first + PAGE_EVENTS]
        conn.execute(statement(len(chunk)), [*chain.from_iterable(chunk)])
