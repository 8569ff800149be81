"""A page of a list as it was at an instant, in two round trips that see one state of the database.

The first trip reads how far the background worker has come, and the events of the objects whose rows of that instant it
has not stored yet. They are folded here. The second trip selects the page from them, the stored and the present rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

import msgspec
from psycopg import Connection

from api.ports.reads import PastRowsMissing
from api.ports.request.deadline import deadline
from infra.log.admission import PLAN_BY_VALUE, SET_ORGANIZATION
from infra.log.heads import SELECT_PROGRESS
from infra.log.mapper import MAPPER
from infra.log.reading.past import SELECT_REPLACED_LATELY
from infra.log.records import FoldedRecord
from infra.postgres.database import Row
from infra.postgres.outcome import Outcome
from infra.postgres.statements import call_of, statement
from infra.postgres.wire import COMMIT, Wire, wire_of
from projections.query.page import ListQuery, PastMoment
from projections.query.past.lists import FOLDED
from projections.registry import PAST_ROWS, ROWS
from projections.views.events import InTheFuture

T = TypeVar("T")
MAX_BEHIND = 10_000
"""How many events the background worker may not have read yet. If there are more, such a list is refused."""
_JSON = ("summary", "details")
_BEGIN = statement("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").call()
_SELECT_PROGRESS = SELECT_PROGRESS.format(checkpoints=PAST_ROWS.checkpoint_table)
_SELECT_EVENTS = SELECT_REPLACED_LATELY.format(checkpoints=PAST_ROWS.checkpoint_table)
_encode = msgspec.json.Encoder().encode


class Progress(NamedTuple):
    """The time of the log, its last position, and the last position that the worker has read."""

    now: datetime
    head: int
    read: int


def read_past_list(
    conn: Connection[Row], org_id: str, query: ListQuery, moment: PastMoment, read: Callable[[Outcome], T]
) -> T:
    """Return `read(outcome)` of the query on the organization's list at the moment. It is a long read.

    An error leaves the transaction open. Raises InTheFuture for a moment in the future, and PastRowsMissing.
    """
    wire = wire_of(conn)
    folded = _fold_newest(wire, org_id, moment)
    args = [folded if value is FOLDED else value for value in query.args]
    calls = (PLAN_BY_VALUE.call(org_id), call_of(query.sql, args), COMMIT)
    found, _ = wire.send(deadline(), calls)[0].split(2)
    return read(found)


def _fold_newest(wire: Wire, org_id: str, moment: PastMoment) -> str:
    """Begin the transaction. Return the rows of the moment that the worker has not stored yet, as JSON."""
    kind, as_of = moment
    events = (org_id, org_id, MAX_BEHIND, as_of, f"{kind}.%", org_id, as_of, org_id)
    calls = (
        _BEGIN,
        SET_ORGANIZATION.call(org_id),
        call_of(_SELECT_PROGRESS, (org_id,)),
        call_of(_SELECT_EVENTS, events),
    )
    outcome = wire.send(deadline(), calls)[0]
    progress = Progress(*outcome.rows(2)[0])
    if as_of > progress.now:
        raise InTheFuture
    if progress.head - progress.read > MAX_BEHIND:
        raise PastRowsMissing
    return _rows_of(kind, org_id, (FoldedRecord(*row) for row in outcome.rows(3)))


def _rows_of(kind: str, org_id: str, log: Iterable[FoldedRecord]) -> str:
    projection = ROWS[kind]
    rows = projection.fold_log(org_id, log, MAPPER.event)
    values = ((org_id, row.id, projection.version, *projection.values(row.row)) for row in rows)
    return _encode([dict(map(_field, projection.stored_columns, each)) for each in values]).decode()


def _field(name: str, value: Any) -> tuple[str, Any]:
    return name, msgspec.Raw(value.encode()) if name in _JSON else value
