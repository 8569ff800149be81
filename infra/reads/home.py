"""What Home shows, in two round trips: the sums, and the events that the worker has not added yet."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import msgspec
from psycopg import Connection

from domain.calendar import day_in
from infra.log.heads import LogState, select_state
from infra.log.reader import select_not_in_balances
from infra.log.records import RecordedEvent
from infra.postgres.database import SET_ORGANIZATION, Row
from infra.postgres.pool import Pool, borrowed
from infra.projector.balances import fold_onto
from projections.balances import FIND_ITEMS, SUMS, Key, Sum, added, concerns, deltas, items_of, sums_of
from projections.rebuild import UnreadableEvent
from projections.views.home import MOST_DRAFTS, Home, Waiting, aged, waiting_leaves

TAIL = 5000
"""Events that are added while a page is read; the worker is rarely that far behind, and then the page says so."""
_NEXT = 5

_PROGRESS = "SELECT position FROM balance_progress WHERE org_id = %s"
_LEAVES = """
SELECT id, summary FROM leave_list WHERE org_id = %s AND status = 'pending' ORDER BY start_date, id LIMIT %s
"""
_DRAFTS = """
SELECT (SELECT count(*) FROM (SELECT FROM invoice_list WHERE org_id = %(org)s AND status = 'draft' LIMIT %(most)s) i),
       (SELECT count(*) FROM (SELECT FROM bill_list WHERE org_id = %(org)s AND status = 'draft' LIMIT %(most)s) b)
"""


def read_home(pool: Pool, org_id: str) -> Home:
    """What is outstanding and what waits, of one instant. Raises Unavailable."""
    with borrowed(pool) as conn:
        with conn.pipeline():
            conn.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
            conn.execute(SET_ORGANIZATION, (org_id,))
            state = select_state(conn, org_id)
            progress = conn.execute(_PROGRESS, (org_id,), binary=True)
            sums = conn.execute(SUMS, (org_id,), binary=True)
            tail = select_not_in_balances(conn, org_id, TAIL + 1)
            leaves = conn.execute(_LEAVES, (org_id, _NEXT), binary=True)
            drafts = conn.execute(_DRAFTS, {"org": org_id, "most": MOST_DRAFTS}, binary=True)
        log = cast("LogState", state.fetchone())
        (reached,) = progress.fetchone() or (0,)
        today = day_in(log.time_zone, log.now)
        stored = sums_of(sums.fetchall())
        exact = _with_tail(conn, org_id, stored, tail.fetchall())
        conn.execute("COMMIT")
    whole = stored if exact is None else exact
    draft_invoices, draft_bills = cast("tuple[int, int]", drafts.fetchone())
    return Home(
        today=today,
        receivables=aged(whole, "invoice", today),
        payables=aged(whole, "bill", today),
        leaves=waiting_leaves(whole),
        next_leaves=[_waiting(id, summary) for id, summary in leaves.fetchall()],
        draft_invoices=draft_invoices,
        draft_bills=draft_bills,
        events=log.position,
        behind=log.position - reached if exact is None else 0,
    )


def _with_tail(
    conn: Connection[Row], org_id: str, sums: dict[Key, Sum], tail: list[RecordedEvent]
) -> dict[Key, Sum] | None:
    """The sums with the newest events; None when these are too many, or one of them cannot be taken."""
    if len(tail) > TAIL:
        return None
    found = [record for record in tail if concerns(record)]
    if not found:
        return sums
    ids = list({record.originator_id for record in found})
    before = items_of(conn.execute(FIND_ITEMS, (org_id, ids), binary=True).fetchall())
    try:
        after = fold_onto(org_id, before, found)
    except UnreadableEvent:
        return None
    return added(sums, deltas([before.get(id) for id in after], after.values()))


class _Leave(msgspec.Struct, rename="camel"):
    employee_id: str
    employee_name: str | None
    type: str
    start_date: date
    end_date: date
    days: str


def _waiting(id: str, summary: Any) -> Waiting:
    leave = msgspec.json.decode(summary, type=_Leave)
    name = leave.employee_name or leave.employee_id
    return Waiting(id, name, leave.type, leave.start_date, leave.end_date, leave.days)
