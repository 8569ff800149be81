"""The usage projection at work: adding what is new, and summing again."""

from __future__ import annotations

from psycopg import Connection

from infra.postgres.database import Row
from projections import usage


def add_new(conn: Connection[Row]) -> int:
    """Add every key's new requests to its hours; answers how many there were."""
    added = 0
    for org_id, key_id in conn.execute(usage.BEHIND).fetchall():
        values = {"org": org_id, "key": key_id}
        with conn.transaction():
            conn.execute(usage.TURN, values)
            row = conn.execute(usage.ADD_NEW, values).fetchone()
        added += row[0] if row else 0
    return added


def rebuild(conn: Connection[Row], org_id: str | None = None) -> int:
    """Sum the ledger again, key by key, while its requests go on; answers the number of requests.

    Hours from before the ledger's oldest month stay: nothing is left of which to sum them.
    """
    summed = 0
    horizon = conn.execute(usage.HORIZON).fetchone()
    assert horizon is not None
    for owner, key_id in conn.execute(usage.KEYS).fetchall():
        if org_id not in (None, owner):
            continue
        values = {"org": owner, "key": key_id, "horizon": horizon[0]}
        with conn.transaction():
            conn.execute(usage.TURN, values)
            conn.execute(usage.CLEAR, values)
            conn.execute(usage.START_OVER, values)
            row = conn.execute(usage.ADD_NEW, values).fetchone()
            summed += row[0] if row else 0
    return summed
