"""The history of one object, as a page of the console shows it."""

from __future__ import annotations

import logging

from domain.errors import NotFound
from domain.registry import kind_of
from infra.log.mapper import MAPPER
from infra.log.reading.histories import select_history
from infra.log.reading.objects import select_life
from infra.log.reading.past import select_until
from infra.log.records import RecordedEvent
from infra.postgres.database import SET_ORGANIZATION, open_pipeline
from infra.postgres.pool import Pool, borrow_for_long_read
from infra.reads.display_names import names_by_id, select_display_names, select_key_names
from projections.views.activity import History
from projections.views.history import Change, changes_of

logger = logging.getLogger("smartdhandha.activity")


def read_history(pool: Pool, org_id: str, id: str, before: int | None, limit: int) -> History:
    """Return at most `limit` events of an object, newest first. With `before`, only events below this version.

    This takes one round trip, which reads no event from `before` on. Raises NotFound and Unavailable.
    """
    with borrow_for_long_read(pool, org_id) as conn, open_pipeline(conn):
        conn.execute(SET_ORGANIZATION, (org_id,))
        life = select_life(conn, org_id, id)
        found = select_history(conn, org_id, id) if before is None else select_until(conn, org_id, id, before - 1, None)
        names, keys = select_display_names(conn, org_id, {id}), select_key_names(conn, org_id)
    lived = life.fetchone()
    if lived is None:
        raise NotFound("object", id)
    steps, unreadable_at = _readable_changes(found.fetchall(), limit)
    first = steps[0].record.originator_version if steps else 1
    return History(
        display_name=names_by_id(names).get(id),
        kind=kind_of(lived.name),
        steps=steps[::-1],
        next_before=first if first > 1 else None,
        keys=names_by_id(keys),
        unreadable_at=unreadable_at,
    )


def _readable_changes(events: list[RecordedEvent], limit: int) -> tuple[list[Change], int | None]:
    """Return the last changes before the first unreadable event, and the position of this event; the last changes and
    None if every event can be read.
    """
    read = iter(events)
    try:
        return list(changes_of(read, MAPPER.event, _first_of_page(events, limit))), None
    except Exception:  # whatever the damage is, the page shows the position of the damaged event
        logger.exception("the history of %s cannot be read", events[0].originator_id)
    readable = events[: len(events) - len(list(read)) - 1]  # `read` goes on after the damaged event
    return list(changes_of(readable, MAPPER.event, _first_of_page(readable, limit))), events[len(readable)].position


def _first_of_page(events: list[RecordedEvent], limit: int) -> int:
    """Return the version of the first of the last `limit` events."""
    return events[-limit:][0].originator_version if events else 1
