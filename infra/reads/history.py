"""The history of one object, as a page of the console shows it."""

from __future__ import annotations

import logging

from domain.errors import NotFound
from domain.registry import kind_of
from infra.log.mapper import MAPPER
from infra.log.reader import select_history
from infra.log.records import RecordedEvent
from infra.postgres.database import set_organization
from infra.postgres.pool import Pool, borrow_for_long_read
from infra.reads.display_names import get_display_names, get_key_names
from projections.views.activity import History
from projections.views.history import Change, changes_of

logger = logging.getLogger("smartdhandha.activity")


def read_history(pool: Pool, org_id: str, id: str, before: int | None, limit: int) -> History:
    """Return at most `limit` events of an object, newest first. With `before`, only events below this version.

    Raises NotFound and Unavailable.
    """
    with borrow_for_long_read(pool, org_id) as conn, conn.transaction():
        conn.execute(set_organization(org_id))
        events = select_history(conn, org_id, id).fetchall()
        names, keys = get_display_names(conn, org_id, {id}), get_key_names(conn, org_id)
    if not events:
        raise NotFound("object", id)
    readable, unreadable_at = _readable_changes(events)
    steps = [step for step in readable if before is None or step.record.originator_version < before]
    page = steps[-limit:][::-1]
    return History(
        display_name=names.get(id),
        kind=kind_of(events[0].name),
        steps=page,
        next_before=page[-1].record.originator_version if len(steps) > limit else None,
        keys=keys,
        unreadable_at=unreadable_at,
    )


def _readable_changes(events: list[RecordedEvent]) -> tuple[list[Change], int | None]:
    """Return the changes before the first unreadable event, and the position of this event; all changes and None
    if every event can be read.
    """
    changes: list[Change] = []
    try:
        changes.extend(changes_of(events, MAPPER.event))
    except Exception:  # whatever the damage is, the page shows the position of the damaged event
        logger.exception("the history of %s cannot be read", events[0].originator_id)
        return changes, events[len(changes)].position
    return changes, None
