"""The state of an object at a moment of the past, folded from its events."""

from __future__ import annotations

from typing import Any, cast

from api.ports.reads import StoredObject
from domain.errors import NoVersionYet
from domain.registry import kind_of
from infra.log.heads import LogState, select_state
from infra.log.mapper import MAPPER
from infra.log.reading.objects import Life, select_life
from infra.log.reading.past import select_until
from infra.postgres.database import open_pipeline_of
from infra.postgres.pool import Pool, borrow_for_long_read
from projections.registry import ROWS
from projections.views.events import InTheFuture, Moment


def read_past(pool: Pool, org_id: str, kind: str, id: str, moment: Moment) -> StoredObject | None:
    """Return the state of an object at a moment, in one round trip; None if the organization has no such object.

    Raises InTheFuture for a moment in the future, NoVersionYet for a time before its first event, and Unavailable.
    """
    with borrow_for_long_read(pool, org_id) as conn, open_pipeline_of(conn, org_id):
        state = select_state(conn, org_id)
        life = select_life(conn, org_id, id)
        found = select_until(conn, org_id, id, moment.version, moment.as_of)
    lived = next((each for each in life if kind_of(each.name) == kind), None)
    _check_moment(moment, cast("LogState", state.fetchone()), lived)
    if lived is None:
        return None
    history = found.fetchall()
    if not history and moment.as_of is not None:
        raise NoVersionYet(kind, id, moment.as_of, lived.began_at)
    projection = ROWS[kind]
    row: Any = projection.fold_all(map(MAPPER.event, history))
    return None if row is None else StoredObject(projection.to_json(row), len(history))


def _check_moment(moment: Moment, log: LogState, life: Life | None) -> None:
    """Raise InTheFuture for a time after now, and for a version that an existing object does not have yet."""
    if moment.as_of is not None and moment.as_of > log.now:
        raise InTheFuture
    if moment.version is not None and life is not None and moment.version > life.version:
        raise InTheFuture
