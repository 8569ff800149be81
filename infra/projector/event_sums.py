"""The operations on the sums of an EventSumProjection: add new events, or sum whole logs again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from psycopg import Connection

from infra.log.heads import get_position
from infra.log.records import RecordedEvent
from infra.postgres.database import Row
from infra.projector.differences import Difference
from infra.projector.following import PAGE_EVENTS, PageFollower
from infra.projector.items import copy_items, fields, fold_onto, sum_log
from infra.projector.skips import read_skips
from infra.projector.verify_sums import event_sum_differences
from projections.sums import EventSumProjection, Sum, add_sums


class EventSums(PageFollower):
    """The operations on the sums of one EventSumProjection."""

    def __init__(self, projection: EventSumProjection[Any, Any]) -> None:
        super().__init__(projection)
        self._projection = projection

    def differences(self, conn: Connection[Row], org_id: str) -> Iterator[Difference]:
        return event_sum_differences(conn, self._projection, org_id)

    def _add(self, conn: Connection[Row], org_id: str, page: Sequence[RecordedEvent]) -> None:
        projection, skipped = self._projection, read_skips(conn, org_id)
        events = [event for event in page if projection.concerns(event) and event.position not in skipped]
        ids = list({event.originator_id for event in events})
        before = projection.items_from(conn.execute(projection.select_items, (org_id, ids)).fetchall())
        after = fold_onto(projection, org_id, before, events)
        self._store(conn, org_id, after, projection.deltas([before.get(id) for id in after], after.values()))

    def _add_again(self, conn: Connection[Row], org_id: str) -> int:
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
