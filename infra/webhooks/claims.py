"""Claims deliveries that are due, and records attempts, on a connection of the table owner in autocommit mode.

Several senders can do so at once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
from psycopg import Connection
from psycopg.rows import args_row

from infra.postgres.database import Row
from infra.webhooks.client import Attempt
from infra.webhooks.schedule import retry_delay

LEASE = timedelta(seconds=20)
"""How long a claimed delivery belongs to its sender: longer than an attempt takes. If the sender is killed, another one
takes the delivery after this time."""
CLAIMS_PER_HOST = 32
"""How many deliveries to one host are claimed at once."""

# An ordered webhook gets only its first pending delivery. A failing receiver gets one delivery at a time.
CLAIM = """
WITH due AS (
    SELECT d.org_id, d.webhook_id, d.position, d.due_at, row_number() OVER by_host AS place, w.host,
           c.failing_since IS NOT NULL AS is_failing
    FROM webhook_deliveries d JOIN webhooks w ON w.org_id = d.org_id AND w.id = d.webhook_id
    JOIN webhook_cursors c ON c.org_id = d.org_id AND c.webhook_id = d.webhook_id
    WHERE d.status = 'pending' AND d.due_at <= clock_timestamp() AND w.status = 'active'
    AND (NOT w.ordered OR NOT EXISTS (
        SELECT FROM webhook_deliveries e WHERE e.org_id = d.org_id AND e.webhook_id = d.webhook_id
        AND e.status = 'pending' AND e.position < d.position
    ))
    WINDOW by_host AS (PARTITION BY w.host ORDER BY d.due_at, d.position)
), chosen AS (
    SELECT d.org_id, d.webhook_id, d.position FROM webhook_deliveries d JOIN due USING (org_id, webhook_id, position)
    WHERE due.place + coalesce((%(busy)s::jsonb ->> due.host)::integer, 0)
        <= CASE WHEN due.is_failing THEN 1 ELSE %(per_host)s END
    AND d.status = 'pending' AND d.due_at <= clock_timestamp()  -- checked again for a row that another sender changed
    ORDER BY due.place, due.due_at LIMIT %(free)s FOR UPDATE OF d SKIP LOCKED
)
UPDATE webhook_deliveries d SET due_at = clock_timestamp() + %(lease)s
FROM chosen, webhooks w
WHERE (d.org_id, d.webhook_id, d.position) = (chosen.org_id, chosen.webhook_id, chosen.position)
AND w.org_id = d.org_id AND w.id = d.webhook_id
RETURNING d.org_id, d.webhook_id, d.position, d.event_id, d.type, jsonb_array_length(d.attempts), d.occurred_at,
    clock_timestamp(),
    w.url, w.host, w.secret_id, CASE WHEN w.previous_until > clock_timestamp() THEN w.previous_secret_id END
"""
SELECT_ENCRYPTED = "SELECT id, encrypted FROM webhook_secrets WHERE org_id = %s AND id = ANY(%s)"
STORE_ENCRYPTED = "INSERT INTO webhook_secrets (org_id, id, encrypted) VALUES (%s, %s, %s)"
# An attempt that another sender has repeated, or whose webhook was deleted, changes nothing but its own list.
RECORD_ATTEMPT = """
UPDATE webhook_deliveries SET attempts = attempts || %(attempt)s::jsonb,
    status = CASE WHEN %(is_taken)s THEN 'delivered' ELSE status END,
    due_at = CASE WHEN %(is_taken)s THEN due_at ELSE clock_timestamp() + %(delay)s END
WHERE org_id = %(org)s AND webhook_id = %(id)s AND position = %(position)s AND status = 'pending'
"""
RECORD_SUCCESS = """
UPDATE webhook_cursors SET last_delivered_at = clock_timestamp(), failing_since = NULL, last_error = NULL
WHERE org_id = %(org)s AND webhook_id = %(id)s
"""
RECORD_FAILURE = """
UPDATE webhook_cursors SET failing_since = coalesce(failing_since, clock_timestamp()), last_error = %(error)s
WHERE org_id = %(org)s AND webhook_id = %(id)s RETURNING failing_since <= clock_timestamp() - %(limit)s
"""


class Claim(NamedTuple):
    """A delivery that this sender has claimed, with what it needs of its webhook."""

    org_id: str
    webhook_id: str
    position: int
    event_id: str
    type: str
    attempts: int
    """The number of attempts so far."""
    occurred_at: datetime
    claimed_at: datetime
    url: str
    host: str
    secret_id: str
    previous_secret_id: str | None
    """The id of the earlier secret, while deliveries are signed with it, too."""

    @property
    def secret_ids(self) -> tuple[str, ...]:
        """The ids of the secrets that sign the delivery."""
        return (self.secret_id, *((self.previous_secret_id,) if self.previous_secret_id is not None else ()))


def claim(conn: Connection[Row], free: int, busy: Mapping[str, int]) -> list[Claim]:
    """Claim up to `free` deliveries that are due. `busy` are the claims that this sender already has, by host."""
    values = {
        "free": free,
        "busy": msgspec.json.encode(busy).decode(),
        "per_host": CLAIMS_PER_HOST,
        "lease": LEASE,
    }
    found = conn.cursor(row_factory=args_row(Claim)).execute(CLAIM, values).fetchall()
    return sorted(found, key=lambda each: (each.occurred_at, each.position))


def select_secrets(conn: Connection[Row], org_id: str, ids: Collection[str]) -> dict[str, bytes]:
    """Return the encrypted secrets with these ids."""
    return dict(conn.execute(SELECT_ENCRYPTED, (org_id, list(ids))).fetchall())


def insert_secret(conn: Connection[Row], org_id: str, id: str, encrypted: bytes) -> None:
    """Store an encrypted secret under a new id."""
    conn.execute(STORE_ENCRYPTED, (org_id, id, encrypted))


def record_attempt(conn: Connection[Row], claimed: Claim, at: str, attempt: Attempt, disabled_after: timedelta) -> bool:
    """Store an attempt, and when the next one is due. Return whether the receiver has failed for `disabled_after`."""
    error = attempt.error or f"HTTP {attempt.status}"
    shown = {
        "at": at,
        "status": attempt.status,
        "durationMs": attempt.duration_ms,
        "error": attempt.error,
        "response": attempt.response,
    }
    webhook = {"org": claimed.org_id, "id": claimed.webhook_id}
    values = {
        **webhook,
        "position": claimed.position,
        "attempt": msgspec.json.encode([shown]).decode(),
        "is_taken": attempt.is_taken,
        "delay": retry_delay(claimed.attempts + 1, attempt.retry_after),
    }
    with conn.transaction():
        conn.execute(RECORD_ATTEMPT, values)
        if attempt.is_taken:
            conn.execute(RECORD_SUCCESS, webhook)
            return False
        row = conn.execute(RECORD_FAILURE, {**webhook, "error": error, "limit": disabled_after}).fetchone()
    return row == (True,)


def group_by_organization(claims: Sequence[Claim]) -> dict[str, list[Claim]]:
    """Return the claims by the id of their organization."""
    groups: dict[str, list[Claim]] = {}
    for each in claims:
        groups.setdefault(each.org_id, []).append(each)
    return groups
