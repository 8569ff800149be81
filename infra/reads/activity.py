"""The log as the console reads it: a page of entries, and one object's history."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from psycopg import Connection

from domain.calendar import zone
from domain.errors import NotFound
from domain.registry import kind_of
from infra.log.heads import LogState, select_state
from infra.log.mapper import MAPPER
from infra.log.reader import get_time, select_history, select_where
from infra.log.records import RecordedEvent
from infra.postgres.database import Row, set_organization
from infra.postgres.pool import Pool, borrowed
from infra.reads.display_names import named_at, named_keys, named_now
from projections.registry import ROWS
from projections.views.activity import WINDOW, ActivityPage, ActivityQuery, Entry, History
from projections.views.history import Change, actor_of, changes_of

logger = logging.getLogger("smartdhandha.activity")

_SELECT_NUMBERED = " UNION ALL ".join(
    f"(SELECT id FROM {projection.view} WHERE org_id = %(org)s AND {projection.display.number} = %(number)s LIMIT 50)"
    for projection in ROWS.values()
    if projection.display.number is not None
)


def read_activity(pool: Pool, org_id: str, query: ActivityQuery) -> ActivityPage:
    """A page of the log, the newest entries first. Raises Unavailable."""
    with borrowed(pool) as conn, conn.transaction():
        conn.execute(set_organization(org_id))
        state = select_state(conn, org_id).fetchone()
        assert state is not None
        lowest, beyond = _bounds(conn, org_id, state, query)
        found, lowest_seen = _page(conn, org_id, query, lowest, beyond)
        page = found[: query.limit]
        display_names, keys = named_at(conn, org_id, page), named_keys(conn, org_id)
    if len(found) > query.limit:
        return ActivityPage([_entry(record) for record in page], display_names, keys, page[-1].position)
    next_before = lowest_seen if lowest_seen > lowest else None
    return ActivityPage([_entry(record) for record in page], display_names, keys, next_before)


def read_history(pool: Pool, org_id: str, id: str, before: int | None, limit: int) -> History:
    """An object's steps, the newest first. Raises NotFound, and Unavailable."""
    with borrowed(pool) as conn, conn.transaction():
        conn.execute(set_organization(org_id))
        found = select_history(conn, org_id, id).fetchall()
        display_names, keys = named_now(conn, org_id, {id}), named_keys(conn, org_id)
    if not found:
        raise NotFound("object", id)
    told, unreadable_at = _told(found)
    steps = [step for step in told if before is None or step.record.originator_version < before]
    page = steps[-limit:][::-1]
    next_before = page[-1].record.originator_version if len(steps) > limit else None
    return History(display_names.get(id), kind_of(found[0].name), page, next_before, keys, unreadable_at)


def _told(found: list[RecordedEvent]) -> tuple[list[Change], int | None]:
    """The steps up to the first event that cannot be read, and its position; whoever damages one hides no other."""
    steps: list[Change] = []
    try:
        steps.extend(changes_of(found, MAPPER.event))
    except Exception:  # whatever is wrong with a stored event, the page says where
        logger.exception("the history of %s cannot be read", found[0].originator_id)
        return steps, found[len(steps)].position
    return steps, None


def _bounds(conn: Connection[Row], org_id: str, state: LogState, query: ActivityQuery) -> tuple[int, int]:
    """The lowest position that is wanted, and the one beyond the highest."""
    lowest, beyond = 1, state.position + 1
    if query.first is not None:
        lowest = _first_since(conn, org_id, state.position, _midnight(query.first, state.time_zone))
    if query.last is not None and query.last < date.max:
        midnight = _midnight(query.last + timedelta(1), state.time_zone)
        beyond = _first_since(conn, org_id, state.position, midnight)
    return lowest, beyond if query.before is None else min(beyond, query.before)


def _first_since(conn: Connection[Row], org_id: str, head: int, since: datetime) -> int:
    """The first position recorded then or later, found by halves: within a log, times rise with positions."""
    low, high = 1, head + 1
    while low < high:
        middle = (low + high) // 2
        recorded_at = get_time(conn, org_id, middle)
        if recorded_at is not None and recorded_at < since:
            low = middle + 1
        else:
            high = middle
    return low


def _midnight(day: date, time_zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone(time_zone))


def _page(
    conn: Connection[Row], org_id: str, query: ActivityQuery, lowest: int, beyond: int
) -> tuple[list[RecordedEvent], int]:
    """The entries, one more than wanted where there is one, and the lowest position that was looked at."""
    where = ["position < %(beyond)s", "position >= %(lowest)s"]
    values: dict[str, Any] = {"org": org_id, "beyond": beyond}
    if query.name is not None:
        where.append("name = %(name)s")
        values["name"] = query.name
    if query.actor is not None:
        where.append("starts_with(metadata, %(actor)s)")  # the actor stands first in it
        who = msgspec.json.encode({"type": query.actor[0], "id": query.actor[1]}).decode()
        values["actor"] = f'{{"actor":{who}'
    if query.object is not None:
        where.append("originator_id = ANY(%(ids)s)")
        values["ids"] = [query.object, *_numbered(conn, org_id, query.object)]
    elif query.name is not None or query.actor is not None:
        lowest = max(lowest, beyond - WINDOW)
    values["lowest"] = lowest
    return select_where(conn, where, values, "position DESC", query.limit + 1).fetchall(), lowest


def _numbered(conn: Connection[Row], org_id: str, number: str) -> list[str]:
    return [id for (id,) in conn.execute(_SELECT_NUMBERED, {"org": org_id, "number": number})]


def _entry(record: RecordedEvent) -> Entry:
    return Entry(
        record.position,
        record.originator_id,
        record.originator_version,
        record.name,
        record.recorded_at,
        actor_of(record),
        record.state,
    )
