"""What Home shows, in two round trips: the sums, and the events that the worker has not added yet."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import msgspec
from psycopg import Connection

from domain.calendar import day_in
from infra.log.heads import LogState, select_state
from infra.log.reader import select_not_summed
from infra.log.records import RecordedEvent
from infra.postgres.database import SET_ORGANIZATION, Row
from infra.postgres.pool import Pool, borrowed
from infra.projector.items import fold_onto
from projections.balances import BALANCES, Key
from projections.stored_event import UnreadableEvent
from projections.sums import Sum, add_sums
from projections.views.home import MOST_DRAFTS, Home, Waiting, aged, waiting_leaves

TAIL = 5000
"""Events that are added while a page is read; the worker is rarely that far behind, and then the page says so."""
_NEXT = 5

_SELECT_CHECKPOINT = f"SELECT position FROM {BALANCES.checkpoint_table} WHERE org_id = %s"
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
            checkpoint = conn.execute(_SELECT_CHECKPOINT, (org_id,), binary=True)
            sums = conn.execute(BALANCES.select_sums, (org_id,), binary=True)
            tail = select_not_summed(conn, BALANCES.checkpoint_table, org_id, TAIL + 1)
            leaves = conn.execute(_LEAVES, (org_id, _NEXT), binary=True)
            drafts = conn.execute(_DRAFTS, {"org": org_id, "most": MOST_DRAFTS}, binary=True)
        log = cast("LogState", state.fetchone())
        (reached,) = checkpoint.fetchone() or (0,)
        today = day_in(log.time_zone, log.now)
        stored = BALANCES.sums_from(sums.fetchall())
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
    """The sums with the newest events; None when these are too many, or one of them cannot be read."""
    if len(tail) > TAIL:
        return None
    found = [record for record in tail if BALANCES.concerns(record)]
    if not found:
        return sums
    ids = list({record.originator_id for record in found})
    before = BALANCES.items_from(conn.execute(BALANCES.select_items, (org_id, ids), binary=True).fetchall())
    try:
        after = fold_onto(BALANCES, org_id, before, found)
    except UnreadableEvent:
        return None
    return add_sums(sums, BALANCES.deltas([before.get(id) for id in after], after.values()))


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
