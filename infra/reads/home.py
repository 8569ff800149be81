"""Reads the data of the page Home, in two or three round trips.

The page shows the stored sums, with the events that the background worker has not added to them yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple, cast

import msgspec
from psycopg import Connection
from psycopg.rows import args_row

from domain.accounts.organization import PROFILE
from domain.accounts.people import People
from domain.bill import Bill
from domain.document import DRAFT, camel
from domain.invoice import Invoice
from domain.leaves.changes import PENDING
from infra.log.heads import LogState, select_state
from infra.log.reading.histories import select_last
from infra.log.reading.objects import SELECT_FIRST_BUT
from infra.log.reading.pages import select_events_not_summed
from infra.log.records import RecordedEvent
from infra.postgres.database import SET_ORGANIZATION, Row
from infra.postgres.pool import Pool, borrow_for_long_read
from infra.projector.items import fold_onto
from projections.balances import BALANCES, Key
from projections.bill import BILLS
from projections.folding.stored_event import UnreadableEvent
from projections.invoice import INVOICES
from projections.leave import LEAVES
from projections.notes.credit_note import CREDIT_NOTES
from projections.notes.vendor_credit import VENDOR_CREDITS
from projections.sums import Sum, add_sums
from projections.views.history import actor_of
from projections.views.home import (
    MAX_COUNTED,
    PROFILE_CHANGES_SHOWN,
    Home,
    PendingLeave,
    ProfileChange,
    balances_by_age,
    sum_pending_leaves,
)

MAX_NEW_EVENTS = 5000
"""The largest number of new events that the page adds to the stored sums. If there are more, which is rare, the page
shows the stored sums and says how many events are missing."""
NEXT_LEAVES = 5
PROFILE_CHANGES = 5
"""The page looks at so many of the organization's last changes."""
_PROFILE = frozenset(map(camel, PROFILE))

SELECT_CHECKPOINT = f"SELECT position FROM {BALANCES.checkpoint_table} WHERE org_id = %s"
SELECT_LEAVES = f"""
SELECT id, summary FROM {LEAVES.view} WHERE org_id = %s AND status = '{PENDING}' ORDER BY start_date, id LIMIT %s
"""
_COUNT = """
(SELECT count(*) FROM (SELECT FROM {view} WHERE org_id = %(org)s AND {which} LIMIT %(most)s) AS counted_{view})
"""
_SELECT_COUNTS = ", ".join(
    _COUNT.format(view=view, which=which)
    for view, which in (
        (INVOICES.view, f"status = '{DRAFT}'"),
        (BILLS.view, f"status = '{DRAFT}'"),
        (CREDIT_NOTES.view, "owes_refund"),
        (VENDOR_CREDITS.view, "owes_refund"),
    )
)
SELECT_COUNTS = f"SELECT {_SELECT_COUNTS}"


class _LeaveRow(NamedTuple):
    id: str
    summary: bytes


class _Counts(NamedTuple):
    draft_invoices: int
    draft_bills: int
    refunds_to_clients: int
    refunds_of_vendors: int


def read_home(pool: Pool, org_id: str) -> Home:
    """Return the outstanding amounts, the pending leaves, and what is counted, at one instant. Raises Unavailable."""
    with borrow_for_long_read(pool, org_id) as conn:
        with conn.pipeline():
            conn.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
            conn.execute(SET_ORGANIZATION, (org_id,))
            state = select_state(conn, org_id)
            checkpoint = conn.execute(SELECT_CHECKPOINT, (org_id,), binary=True)
            sums = conn.execute(BALANCES.select_sums, (org_id,), binary=True)
            new_events = select_events_not_summed(conn, BALANCES.checkpoint_table, org_id, MAX_NEW_EVENTS + 1)
            leaves = conn.cursor(binary=True, row_factory=args_row(_LeaveRow))
            leaves.execute(SELECT_LEAVES, (org_id, NEXT_LEAVES))
            is_new = conn.execute(SELECT_FIRST_BUT, (org_id, f"{People.kind}.%"))
            changes = select_last(conn, org_id, org_id, None, PROFILE_CHANGES)
            found = conn.cursor(binary=True, row_factory=args_row(_Counts))
            found.execute(SELECT_COUNTS, {"org": org_id, "most": MAX_COUNTED})
        stored = BALANCES.sums_from(sums.fetchall())
        current = _add_new_events(conn, org_id, stored, new_events.fetchall())
        conn.execute("COMMIT")
    log, counts = cast("LogState", state.fetchone()), cast("_Counts", found.fetchone())
    (reached,) = checkpoint.fetchone() or (0,)
    today, shown = log.zones.day_at(log.now), stored if current is None else current
    return Home(
        today=today,
        receivables=balances_by_age(shown, Invoice.kind, today),
        payables=balances_by_age(shown, Bill.kind, today),
        leaves=sum_pending_leaves(shown),
        next_leaves=[_waiting(row) for row in leaves.fetchall()],
        draft_invoices=counts.draft_invoices,
        draft_bills=counts.draft_bills,
        refunds_to_clients=counts.refunds_to_clients,
        refunds_of_vendors=counts.refunds_of_vendors,
        profile_changes=_profile_changes(changes.fetchall(), log.now - PROFILE_CHANGES_SHOWN),
        is_new=is_new.fetchone() is None,
        behind=log.position - reached if current is None else 0,
    )


def _add_new_events(
    conn: Connection[Row], org_id: str, sums: dict[Key, Sum], events: list[RecordedEvent]
) -> dict[Key, Sum] | None:
    """Return the sums with these events added; None if there are too many events or one event cannot be read."""
    if len(events) > MAX_NEW_EVENTS:
        return None
    found = [event for event in events if BALANCES.concerns(event)]
    if not found:
        return sums
    ids = list({event.originator_id for event in found})
    before = BALANCES.items_from(conn.execute(BALANCES.select_items, (org_id, ids), binary=True).fetchall())
    try:
        after = fold_onto(BALANCES, org_id, before, found)
    except UnreadableEvent:
        return None
    return add_sums(sums, BALANCES.deltas([before.get(id) for id in after], after.values()))


def _profile_changes(events: Sequence[RecordedEvent], since: datetime) -> list[ProfileChange]:
    """Return those of the organization's changes that concern its profile and are not older than `since`."""
    changes = [ProfileChange(each.recorded_at, actor_of(each), _profile_fields(each)) for each in events]
    return [change for change in changes if change.fields and change.at >= since]


def _profile_fields(event: RecordedEvent) -> tuple[str, ...]:
    """Return the fields of the profile that an event has changed; none if it cannot be read."""
    try:
        changed = msgspec.json.decode(event.state, type=dict[str, msgspec.Raw])
    except msgspec.MsgspecError:
        return ()
    return tuple(name for name in changed if name in _PROFILE)


class _Leave(msgspec.Struct, rename="camel"):
    employee_id: str
    employee_name: str | None
    type: str
    start_date: date
    end_date: date
    days: str


def _waiting(row: _LeaveRow) -> PendingLeave:
    leave = msgspec.json.decode(row.summary, type=_Leave)
    name = leave.employee_name or leave.employee_id
    return PendingLeave(row.id, name, leave.type, leave.start_date, leave.end_date, leave.days)
