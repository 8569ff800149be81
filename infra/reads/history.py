"""The history of one object, as a page of the console shows it."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from domain.errors import NotFound
from domain.registry import kind_of
from infra.log.mapper import MAPPER
from infra.log.reading.histories import select_earlier, select_last
from infra.log.reading.objects import select_life
from infra.log.records import FoldedRecord, RecordedEvent
from infra.postgres.database import SET_ORGANIZATION, open_pipeline_of
from infra.postgres.pool import Pool, borrow_for_long_read
from infra.reads.display_names import names_by_id, select_display_names, select_key_names
from projections.registry import ROWS
from projections.views.activity import History
from projections.views.history import Change, changes_of

logger = logging.getLogger("smartdhandha.activity")
_ALL = 2**31 - 1
"""More events than an object can have: versions are 32-bit integers."""


def read_history(pool: Pool, org_id: str, id: str, before: int | None, limit: int) -> History:
    """Return at most `limit` events of an object, newest first. With `before`, only events below this version.

    This takes one round trip, which reads no event from `before` on. The fields of the events before the page are
    merged and decoded once. Raises NotFound and Unavailable.
    """
    with borrow_for_long_read(pool, org_id) as conn, open_pipeline_of(conn, org_id):
        life = select_life(conn, org_id, id)
        last = select_last(conn, org_id, id, before, limit)
        earlier = select_earlier(conn, org_id, id, before, limit)
        names, keys = select_display_names(conn, org_id, {id}), select_key_names(conn, org_id)
    lived = life.fetchone()
    if lived is None:
        raise NotFound("object", id)
    unreadable_at = None
    try:
        steps = _changes(org_id, earlier.fetchall(), last.fetchall()[::-1])
    except Exception:  # whatever the damage is, the page shows the position of the damaged event
        logger.exception("the history of %s cannot be read", id)
        steps, unreadable_at = _readable_changes(pool, org_id, id, before, limit)
    first = steps[0].record.originator_version if steps else 1
    return History(
        display_name=names_by_id(names).get(id),
        kind=kind_of(lived.name),
        steps=steps[::-1],
        next_before=first if first > 1 else None,
        keys=names_by_id(keys),
        unreadable_at=unreadable_at,
    )


def _changes(org_id: str, earlier: Sequence[FoldedRecord], events: Sequence[RecordedEvent]) -> list[Change]:
    """Return the changes of these events. `earlier` are all events of the object before them."""
    row = None
    if earlier:
        projection = ROWS[kind_of(earlier[0].name)]
        ((_, row, _),) = projection.fold_log(org_id, earlier, MAPPER.event, read_state=MAPPER.state)
    return list(changes_of(events, MAPPER.event, row))


def _readable_changes(
    pool: Pool, org_id: str, id: str, before: int | None, limit: int
) -> tuple[list[Change], int | None]:
    """Return the last changes before the first unreadable event, and the position of this event."""
    with borrow_for_long_read(pool, org_id) as conn, conn.transaction():
        conn.execute(SET_ORGANIZATION, (org_id,))
        events = select_last(conn, org_id, id, before, _ALL).fetchall()[::-1]
    read = iter(events)
    changes: list[Change] = []
    try:
        changes.extend(changes_of(read, MAPPER.event))
    except Exception:  # noqa: BLE001 -- the caller has logged it
        return changes[-limit:], events[len(changes)].position
    return changes[-limit:], None
