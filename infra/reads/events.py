"""Pages of an organization's log, as the API's lists of events show them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from api.ports.admission import Caller
from api.ports.request.deadline import deadline
from domain.reading import MAX_WHOLE_NUMBER
from infra.log.admission import PLAN_BY_VALUE, PostgresAdmissionControl
from infra.log.heads import NEXT_POSITION, SELECT_HEAD
from infra.log.mapper import MAPPER
from infra.log.reading.histories import stream_histories
from infra.log.reading.pages import select_fitting
from infra.log.records import Head, RecordedEvent
from infra.postgres.database import set_organization
from infra.postgres.outcome import Outcome
from infra.postgres.pool import Pool, borrow_for_long_read, borrow_wire
from infra.postgres.statements import Call, call_of, statement
from infra.reads.event_objects import fold_objects, latest_versions
from infra.reads.queries import Queries
from projections.views.events import (
    MAX_POSITIONS_SEARCHED,
    EventsPage,
    EventsQuery,
    PositionBeyondLog,
    add_object,
    render_event,
)

BEGIN_SNAPSHOT, COMMIT = (statement(sql).call() for sql in ("BEGIN ISOLATION LEVEL REPEATABLE READ", "COMMIT"))


class PostgresEventReads:
    """Implements the port EventReads with a pool of connections."""

    def __init__(self, pool: Pool, admission_control: PostgresAdmissionControl, queries: Queries | None = None) -> None:
        """`queries` executes the queries of callers; by default on the primary."""
        self._pool, self._queries = pool, queries or Queries(pool, admission_control)

    def list_events(self, org_id: str, query: EventsQuery, caller: Caller | None = None) -> EventsPage:
        """Return a page of events. The page and the log's head are read in one snapshot of the database.

        This takes one round trip, or two if the query also asks for the objects. Raises PositionBeyondLog.
        """
        position, records = self._read(org_id, query, caller)
        if _is_beyond(query, position):
            raise PositionBeyondLog(query.start or 0, position)
        shown = list(takewhile(lambda record: record.state is not None, records[: query.limit]))
        items = [render_event(org_id, record, MAPPER.state(record)) for record in shown]
        if query.with_objects and items:
            items = self._with_objects(org_id, shown, items)
        if len(items) < len(records):
            return EventsPage(items, shown[len(items) - 1].position, True)
        return _last_page(query, position, items)

    def _read(self, org_id: str, query: EventsQuery, caller: Caller | None) -> tuple[int, list[RecordedEvent]]:
        """Return the head's position and the events of the page. If there is a next page, add its first event."""
        calls = (
            BEGIN_SNAPSHOT,
            PLAN_BY_VALUE.call(org_id),
            call_of(SELECT_HEAD, (org_id,)),
            select_events(org_id, query),
            COMMIT,
        )
        if caller is not None:
            return self._queries.run(caller, calls, _position_and_events, lambda found: _is_certain(query, found))
        with borrow_wire(self._pool) as wire:
            return _position_and_events(wire.send(deadline(), calls)[0])

    def _with_objects(self, org_id: str, shown: Sequence[RecordedEvent], items: Sequence[bytes]) -> list[bytes]:
        """Return the events with their objects: as many as fit on a page."""
        with borrow_for_long_read(self._pool, org_id) as conn, conn.transaction():
            conn.execute(set_organization(org_id))
            histories = stream_histories(conn, org_id, latest_versions(shown))
            objects = fold_objects(shown, [len(item) for item in items], histories)
        return [add_object(item, resource) for item, resource in zip(items, objects, strict=False)]


def _position_and_events(outcome: Outcome) -> tuple[int, list[RecordedEvent]]:
    return Head(*outcome.rows(2)[0]).position, [RecordedEvent(*row) for row in outcome.rows(3)]


def _is_certain(query: EventsQuery, found: tuple[int, list[RecordedEvent]]) -> bool:
    """Return whether a standby may give this result: its log may be too short, and it may not know the object yet."""
    position, records = found
    return not _is_beyond(query, position) and (bool(records) or query.originator_id is None)


def _is_beyond(query: EventsQuery, position: int) -> bool:
    """Return whether the page starts beyond the end of the log."""
    return not query.descending and (query.start or 0) > position


def select_events(org_id: str, query: EventsQuery) -> Call:
    """Return the query for a page of events.

    An index finds the events of one object. Other events are searched in a part of the log with
    MAX_POSITIONS_SEARCHED positions.
    """
    direction, beyond = ("DESC", "<") if query.descending else ("ASC", ">")
    conditions, values = ["org_id = %s", "name = ANY(%s)"], [org_id, list(query.names)]

    def add(condition: str, *more: Any) -> None:
        conditions.append(condition)
        values.extend(more)

    start = None if query.start is None else min(query.start, MAX_WHOLE_NUMBER)  # fits into 64 bits
    if start is not None:
        add(f"position {beyond} %s", start)
    if query.originator_id is not None:
        add("originator_id = %s", query.originator_id)
    elif not query.descending:
        add("position <= %s", (start or 0) + MAX_POSITIONS_SEARCHED)
    elif start is None:  # with one bound, whose value it cannot know, PostgreSQL would plan to read a third of the log
        add(f"position >= {NEXT_POSITION} - %s", org_id, MAX_POSITIONS_SEARCHED)
        add(f"position < {NEXT_POSITION}", org_id)
    else:  # a start beyond the end of the log means the end
        add(f"position >= least(%s, {NEXT_POSITION}) - %s", start, org_id, MAX_POSITIONS_SEARCHED)
    return select_fitting(conditions, values, f"position {direction}", query.limit + 1)


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
