"""Verifying an organization's chain a part at a time, and remembering how far it was found whole."""

from __future__ import annotations

from psycopg import Connection
from psycopg_pool import ConnectionPool

from infra.audit.replay import BEFORE_ALL
from infra.log.chain import first_break, genesis
from infra.log.records import COLUMNS, RecordedEvent, records
from infra.postgres.database import Row, borrowed, set_organization
from projections.views.activity import Proof

PART = 20_000
"""Events that are verified at once: a request that takes longer than a moment is in the way of others."""

_PROOF = """
SELECT l.position, coalesce(c.position, 0), c.checked_at, c.broken_at, c.reason
FROM org_log l LEFT JOIN chain_checks c USING (org_id) WHERE l.org_id = %s
"""
_BEGIN = """
INSERT INTO chain_checks (org_id, position, chain_hash, checked_at) VALUES (%s, 0, %s, clock_timestamp())
ON CONFLICT DO NOTHING
"""
_LAST = "SELECT position, chain_hash FROM chain_checks WHERE org_id = %s FOR UPDATE"
"""Whoever verifies holds this row; another who does so at once goes on where the first one ends."""
_HEAD = "SELECT position, chain_hash FROM org_log WHERE org_id = %s"
_EVENTS = f"""
SELECT {COLUMNS} FROM events WHERE org_id = %s AND position > %s AND position <= %s ORDER BY position LIMIT %s
"""
_REMEMBER = """
UPDATE chain_checks SET position = %s, chain_hash = %s, checked_at = clock_timestamp(), broken_at = %s, reason = %s
WHERE org_id = %s
"""


def read_proof(pool: ConnectionPool[Connection[Row]], org_id: str) -> Proof:
    """Up to where the chain was verified, when, and where it was found broken."""
    with borrowed(pool) as conn, conn.transaction():
        conn.execute(set_organization(org_id))
        return _proof(conn, org_id)


def verify_part(pool: ConnectionPool[Connection[Row]], org_id: str, *, again: bool = False, part: int = PART) -> Proof:
    """Verify the next events of the chain, from the last one that was found whole; `again` begins at the first.

    Events below that one are not looked at: whether they still are what they were is told by beginning again.
    """
    with borrowed(pool) as conn, conn.transaction():
        conn.execute(set_organization(org_id))
        conn.execute(_BEGIN, (org_id, genesis(org_id)))
        row = conn.execute(_LAST, (org_id,)).fetchone()
        head = conn.execute(_HEAD, (org_id,)).fetchone()
        assert row is not None and head is not None
        after = (0, genesis(org_id)) if again or row[0] == 0 else (row[0], row[1])
        found = _events(conn, org_id, after[0], head[0], part)
        # Up to the last event of this part, unless the log should end within it.
        end = (found[-1].position, found[-1].chain_hash) if len(found) == part else (head[0], head[1])
        broken = first_break(org_id, found, end[0], end[1], after)
        if broken is None:
            conn.execute(_REMEMBER, (*end, None, None, org_id))
        else:
            conn.execute(_REMEMBER, (*after, broken.position, broken.reason, org_id))
        return _proof(conn, org_id)


def _events(conn: Connection[Row], org_id: str, after: int, head: int, limit: int) -> list[RecordedEvent]:
    """At most so many events; from the very beginning, also what somebody put in below the first."""
    start = after or BEFORE_ALL
    return records(conn.execute(_EVENTS, (org_id, start, head, limit), binary=True).fetchall())


def _proof(conn: Connection[Row], org_id: str) -> Proof:
    row = conn.execute(_PROOF, (org_id,)).fetchone()
    assert row is not None
    return Proof(*row)
