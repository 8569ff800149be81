"""Verifies an organization's hash chain in parts. The table `chain_checks` stores the last verified position."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from psycopg import Connection
from psycopg.rows import args_row

from infra.log.heads import get_chain, get_head
from infra.log.proofs.chain import first_break, genesis
from infra.log.reading.pages import BEFORE_ALL, list_page
from infra.log.records import Head, RecordedEvent
from infra.postgres.database import Row, set_organization
from infra.postgres.pool import Pool, borrow_for_long_read
from projections.views.activity import ChainCheck

PART_EVENTS = 20_000
"""How many events one request verifies. More events would occupy the thread of the request for too long."""

SELECT_CHECK = "SELECT position, checked_at, broken_at, reason FROM chain_checks WHERE org_id = %s"
INSERT_CHECK = """
INSERT INTO chain_checks (org_id, position, chain_hash, checked_at) VALUES (%s, 0, %s, clock_timestamp())
ON CONFLICT DO NOTHING
"""
LOCK_CHECK = "SELECT position, chain_hash FROM chain_checks WHERE org_id = %s FOR UPDATE"
"""Locks the row, so that concurrent verifications run one after the other. The second verification continues where the
first one has ended."""
UPDATE_CHECK = """
UPDATE chain_checks SET position = %s, chain_hash = %s, checked_at = statement_timestamp(), broken_at = %s, reason = %s
WHERE org_id = %s
"""


class _Check(NamedTuple):
    """A row of SELECT_CHECK: how far the chain was verified, and the first broken position."""

    position: int
    checked_at: datetime
    broken_at: int | None
    reason: str | None


def read_chain_check(pool: Pool, org_id: str) -> ChainCheck:
    """Return the result of earlier verifications: the last verified position, the time, and the first broken position.

    Raises Unavailable.
    """
    with borrow_for_long_read(pool, org_id) as conn, conn.transaction():
        conn.execute(set_organization(org_id))
        return _chain_check(conn, org_id)


def verify_part(pool: Pool, org_id: str, *, again: bool = False, part: int = PART_EVENTS) -> ChainCheck:
    """Verify the next `part` events after those that are already verified. With `again`, start at the first event.

    Without `again`, verified events are not read a second time, so a later change of such an event is not found. Raises
    Unavailable.
    """
    with borrow_for_long_read(pool, org_id) as conn, conn.transaction():
        conn.execute(set_organization(org_id))
        conn.execute(INSERT_CHECK, (org_id, genesis(org_id)))
        checked = conn.cursor(row_factory=args_row(Head)).execute(LOCK_CHECK, (org_id,)).fetchone()
        assert checked is not None
        head = get_head(conn, org_id)
        after = Head(0, genesis(org_id)) if again or checked.position == 0 else checked
        events = _next_events(conn, org_id, after.position, head.position, part)
        # With fewer events than `part`, the log ends here, so these events must reach the head.
        end = Head(events[-1].position, events[-1].chain_hash) if len(events) == part else head
        broken = first_break(get_chain(conn, org_id), events, end, after)
        if broken is None:
            conn.execute(UPDATE_CHECK, (*end, None, None, org_id))
        else:
            conn.execute(UPDATE_CHECK, (*after, broken.position, broken.reason, org_id))
        return _chain_check(conn, org_id)


def _next_events(conn: Connection[Row], org_id: str, after: int, head: int, limit: int) -> list[RecordedEvent]:
    """Return at most `limit` events up to the head. For `after` 0, include events inserted below position 1."""
    page = list_page(conn, org_id, after or BEFORE_ALL, limit)
    return [record for record in page if record.position <= head]


def _chain_check(conn: Connection[Row], org_id: str) -> ChainCheck:
    check = conn.cursor(row_factory=args_row(_Check)).execute(SELECT_CHECK, (org_id,)).fetchone()
    head = get_head(conn, org_id)  # read last: if the log grows in between, the check is still not beyond the head
    return ChainCheck(head.position, **check._asdict()) if check else ChainCheck(head.position)
