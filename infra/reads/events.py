"""Pages of an organization's log, as the API's lists of events show them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Any, NamedTuple, cast

from domain.reading import MAX_WHOLE_NUMBER
from infra.log.heads import NEXT_POSITION, select_head
from infra.log.mapper import MAPPER
from infra.log.reader import select_fitting, stream_histories
from infra.log.records import Head, RecordedEvent
from infra.postgres.database import SET_ORGANIZATION, open_pipeline, set_organization
from infra.postgres.pool import Pool, borrow_connection, borrow_for_long_read
from infra.reads.event_objects import fold_objects, latest_versions
from projections.views.events import (
    MAX_POSITIONS_SEARCHED,
    EventsPage,
    EventsQuery,
    PositionBeyondLog,
    add_object,
    render_event,
)


class PostgresEventReads:
    """The port EventReads, on a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def list_events(self, org_id: str, query: EventsQuery) -> EventsPage:
        """Return a page of events. The page and the log's head are read in one snapshot of the database.

        This takes one round trip, and a second one if the query also asks for the objects. Raises PositionBeyondLog.
        """
        selection = _selection(org_id, query)
        with borrow_connection(self._pool) as conn, open_pipeline(conn):
            conn.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
            conn.execute(SET_ORGANIZATION, (org_id,))
            head = select_head(conn, org_id)
            found = select_fitting(conn, *selection, limit=query.limit + 1)
            conn.execute("COMMIT")
        position, records = cast("Head", head.fetchone()).position, found.fetchall()
        if not query.descending and (query.start or 0) > position:
            raise PositionBeyondLog(query.start or 0, position)
        shown = list(takewhile(lambda record: record.state is not None, records[: query.limit]))
        items = [render_event(record, MAPPER.state(record)) for record in shown]
        if query.with_objects and items:
            items = self._with_objects(org_id, shown, items)
        if len(items) < len(records):
            return EventsPage(items, shown[len(items) - 1].position, True)
        return _last_page(query, position, items)

    def _with_objects(self, org_id: str, shown: Sequence[RecordedEvent], items: Sequence[bytes]) -> list[bytes]:
        """Return the events with their objects: as many as fit on a page."""
        with borrow_for_long_read(self._pool, org_id) as conn, conn.transaction():
            conn.execute(set_organization(org_id))
            histories = stream_histories(conn, org_id, latest_versions(shown))
            objects = fold_objects(shown, [len(item) for item in items], histories)
        return [add_object(item, resource) for item, resource in zip(items, objects, strict=False)]


class _Selection(NamedTuple):
    conditions: list[str]
    values: dict[str, Any]
    order_by: str


def _selection(org_id: str, query: EventsQuery) -> _Selection:
    """Return the conditions for a page of events.

    An index finds the events of one object. Other events are searched in a part of the log, which has
    MAX_POSITIONS_SEARCHED positions.

    Parameters in arithmetic need casts. psycopg sends a number as the smallest integer type that can hold it, and the
    result of the arithmetic may be too large for this type.
    """
    direction, beyond = ("DESC", "<") if query.descending else ("ASC", ">")
    conditions = ["name = ANY(%(names)s)"]
    if query.start is not None:
        conditions.append(f"position {beyond} %(start)s")
    if query.originator_id is not None:
        conditions.append("originator_id = %(id)s")
    elif not query.descending:
        conditions.append("position <= %(start)s::bigint + %(max_searched)s::bigint")
    else:
        # A start beyond the end of the log means the end. Without a start, least() ignores the null.
        conditions.append(f"position >= least(%(start)s::bigint, {NEXT_POSITION}) - %(max_searched)s::bigint")
    values = {
        "org": org_id,
        "names": list(query.names),
        "start": None if query.start is None else min(query.start, MAX_WHOLE_NUMBER),  # fits into 64 bits
        "id": query.originator_id,
        "max_searched": MAX_POSITIONS_SEARCHED,
    }
    return _Selection(conditions, values, f"position {direction}")


def _last_page(query: EventsQuery, head: int, items: list[bytes]) -> EventsPage:
    """Return a page with fewer events than its limit.

    A request reads at most MAX_POSITIONS_SEARCHED positions, so the log may have more events for the next page.
    """
    if query.descending:
        lowest = _lowest_read(query, head)
        return EventsPage(items, lowest, lowest > 1)
    reached = _highest_read(query, head)
    return EventsPage(items, reached, reached < head)


def _lowest_read(query: EventsQuery, head: int) -> int:
    """Return the lowest position that a page in descending order has read."""
    if query.originator_id is not None:
        return 1
    start = head + 1 if query.start is None else min(query.start, head + 1)
    return max(1, start - MAX_POSITIONS_SEARCHED)


def _highest_read(query: EventsQuery, head: int) -> int:
    """Return the highest position that a page in ascending order has read."""
    if query.originator_id is not None:
        return head
    return min(head, (query.start or 0) + MAX_POSITIONS_SEARCHED)
