"""Pages of an organization's log, as the console's page Activity shows them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

import msgspec
from psycopg import Connection, Cursor
from psycopg.rows import args_row

from infra.log.proofs.personal import WrongPersonalValues, whole_state
from infra.log.reading.pages import select_where
from infra.log.reading.past import END_OF_DAYS, FIRST_OF_DAYS, SELECT_DAYS
from infra.log.records import RecordedEvent
from infra.postgres.database import SET_ORGANIZATION, Row, open_pipeline
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
    """Return a page of the log, newest entries first. Raises Unavailable.

    This takes one round trip for the events, and one for the names of their objects, or two if some were renamed.
    """
    with borrow_for_long_read(pool, org_id) as conn:
        with open_pipeline(conn):
            conn.execute(SET_ORGANIZATION, (org_id,))
            wanted_range = conn.cursor(row_factory=args_row(_Range)).execute(SELECT_DAYS, _values(org_id, query))
            found, key_names = _select_events(conn, org_id, query), select_key_names(conn, org_id)
        wanted = wanted_range.fetchone()
        assert wanted is not None
        events = found.fetchall()
        page = events[: query.limit]
        names, keys = get_display_names_at(conn, org_id, page), names_by_id(key_names)
    if len(events) > query.limit:
        next_before: int | None = page[-1].position
    else:
        lowest = _lowest_searched(query, wanted)
        next_before = lowest if lowest > wanted.lowest else None
    return ActivityPage([_entry(event) for event in page], names, keys, next_before)


def _values(org_id: str, query: ActivityQuery) -> dict[str, Any]:
    after = query.last + timedelta(1) if query.last not in (None, date.max) else None
    return {"org": org_id, "first": query.first, "after": after, "before": query.before}


def _is_searched(query: ActivityQuery) -> bool:
    """Return whether no index finds the entries. Then a page reads at most MAX_POSITIONS_SEARCHED positions."""
    return query.object is None and (query.name or query.actor or query.readable) is not None


def _lowest_searched(query: ActivityQuery, wanted: _Range) -> int:
    return max(wanted.lowest, wanted.end - MAX_POSITIONS_SEARCHED) if _is_searched(query) else wanted.lowest


def _select_events(conn: Connection[Row], org_id: str, query: ActivityQuery) -> Cursor[RecordedEvent]:
    """Query the events of a page, newest first, and one event more if there is a next page."""
    conditions = [f"position < ({END_OF_DAYS})", f"position >= ({FIRST_OF_DAYS})"]
    values = _values(org_id, query)
    if _is_searched(query):
        conditions.append(f"position >= ({END_OF_DAYS}) - {MAX_POSITIONS_SEARCHED}")
    if query.readable is not None:
        conditions.append("name = ANY(%(readable)s)")
        values["readable"] = sorted(query.readable)
    if query.name is not None:
        conditions.append("name = %(name)s")
        values["name"] = query.name
    if query.actor is not None:
        conditions.append("starts_with(metadata, %(actor)s)")
        values["actor"] = _actor_prefix(*query.actor)
    if query.object is not None:
        conditions.append(f"originator_id = ANY(ARRAY[%(number)s::text] || ARRAY({SELECT_NUMBERED}))")
        values["number"] = query.object
    return select_where(conn, conditions, values, "position DESC", query.limit + 1)


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
        state=_state_of(event),
    )


def _state_of(event: RecordedEvent) -> str:
    """Return the event's own fields as JSON; an empty text if its personal values are not its own."""
    try:
        return whole_state(event)
    except WrongPersonalValues:
        return ""
