"""Pages of an organization's log, as the console's page Activity shows them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from psycopg import Connection

from domain.calendar import zone
from infra.log.heads import LogState, select_state
from infra.log.reading.pages import select_where
from infra.log.reading.past import select_first_since
from infra.log.records import RecordedEvent
from infra.postgres.database import Row, open_pipeline, set_organization
from infra.postgres.pool import Pool, borrow_for_long_read
from infra.reads.display_names import get_display_names_at, names_by_id, select_key_names
from projections.registry import ROWS
from projections.views.activity import MAX_POSITIONS_SEARCHED, ActivityPage, ActivityQuery, Entry
from projections.views.history import actor_of

SELECT_NUMBERED = " UNION ALL ".join(
    f"(SELECT id FROM {projection.view} WHERE org_id = %(org)s AND {projection.display.number} = %(number)s LIMIT 50)"
    for projection in ROWS.values()
    if projection.display.number is not None
)


class _Range(NamedTuple):
    """Positions from `lowest` up to, but not including, `end`."""

    lowest: int
    end: int


def read_activity(pool: Pool, org_id: str, query: ActivityQuery) -> ActivityPage:
    """Return a page of the log, newest entries first. Raises Unavailable."""
    with borrow_for_long_read(pool, org_id) as conn, conn.transaction():
        conn.execute(set_organization(org_id))
        state = select_state(conn, org_id).fetchone()
        assert state is not None
        wanted = _wanted_range(conn, org_id, state, query)
        searched = _searched_range(query, wanted)
        events = _list_events(conn, org_id, query, searched)
        page = events[: query.limit]
        names, keys = get_display_names_at(conn, org_id, page), names_by_id(select_key_names(conn, org_id))
    if len(events) > query.limit:
        next_before: int | None = page[-1].position
    else:
        next_before = searched.lowest if searched.lowest > wanted.lowest else None
    return ActivityPage([_entry(event) for event in page], names, keys, next_before)


def _wanted_range(conn: Connection[Row], org_id: str, state: LogState, query: ActivityQuery) -> _Range:
    """Return the positions of the query's days. If the query has `before`, the range ends before this position."""
    begin, after = query.first, query.last + timedelta(1) if query.last not in (None, date.max) else None
    with open_pipeline(conn):
        bounds = [
            None if day is None else select_first_since(conn, org_id, _midnight(day, state.time_zone))
            for day in (begin, after)
        ]
    lowest, end = (None if bound is None else bound.fetchone() for bound in bounds)
    end = state.position + 1 if end is None else end
    return _Range(lowest or 1, end if query.before is None else min(end, query.before))


def _searched_range(query: ActivityQuery, wanted: _Range) -> _Range:
    """Return the positions that one page reads.

    If no index finds the entries, the page reads at most MAX_POSITIONS_SEARCHED positions.
    """
    if query.object is None and (query.name is not None or query.actor is not None):
        return _Range(max(wanted.lowest, wanted.end - MAX_POSITIONS_SEARCHED), wanted.end)
    return wanted


def _midnight(day: date, time_zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone(time_zone))


def _list_events(conn: Connection[Row], org_id: str, query: ActivityQuery, searched: _Range) -> list[RecordedEvent]:
    """Return the events of a page, newest first, and one event more if there is a next page."""
    conditions = ["position < %(end)s", "position >= %(lowest)s"]
    values: dict[str, Any] = {"org": org_id, **searched._asdict()}
    if query.name is not None:
        conditions.append("name = %(name)s")
        values["name"] = query.name
    if query.actor is not None:
        conditions.append("starts_with(metadata, %(actor)s)")
        values["actor"] = _actor_prefix(*query.actor)
    if query.object is not None:
        conditions.append("originator_id = ANY(%(ids)s)")
        numbered = conn.execute(SELECT_NUMBERED, {"org": org_id, "number": query.object})
        values["ids"] = [query.object, *(id for (id,) in numbered)]
    return select_where(conn, conditions, values, "position DESC", query.limit + 1).fetchall()


def _actor_prefix(type: str, id: str) -> str:
    """Return the text with which the metadata of this actor's events begins: JSON whose first member is the actor."""
    return f'{{"actor":{msgspec.json.encode({"type": type, "id": id}).decode()}'


def _entry(event: RecordedEvent) -> Entry:
    return Entry(
        position=event.position,
        id=event.originator_id,
        version=event.originator_version,
        name=event.name,
        at=event.recorded_at,
        actor=actor_of(event),
        state=event.state,
    )
