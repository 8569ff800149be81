"""Claims deliveries that are due, on a connection of the table owner in autocommit mode.

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
from infra.webhooks.queue.claim_limits import FIRST_CLAIMS, MOST_CLAIMS, Room

LEASE = timedelta(seconds=20)
"""How long a claimed delivery belongs to its sender: longer than an attempt takes. If the sender is killed, another one
takes the delivery after this time."""

LOG, REPLAY, TEST = "log", "replay", "test"
"""The origins of deliveries. Only those from the log can disable their webhook."""
_PRIORITY = "CASE origin WHEN 'test' THEN 1 WHEN 'log' THEN 2 ELSE 3 END"
# The claim goes from one webhook with pending deliveries to the next one (`sources`), and reads only as many deliveries
# of each as it can take. A lane is what shares a limit: a host, or a webhook that fails or wants them in order.
# A receiver that fails, or has not taken anything yet, gets one delivery at a time. An ordered one gets the first ones.
CLAIM = f"""
WITH RECURSIVE sources AS (
    (SELECT org_id, webhook_id, origin FROM webhook_deliveries WHERE status = 'pending' ORDER BY 1, 2, 3 LIMIT 1)
    UNION ALL
    SELECT next.* FROM sources s CROSS JOIN LATERAL (
        SELECT d.org_id, d.webhook_id, d.origin FROM webhook_deliveries d
        WHERE d.status = 'pending' AND (d.org_id, d.webhook_id, d.origin) > (s.org_id, s.webhook_id, s.origin)
        ORDER BY 1, 2, 3 LIMIT 1
    ) next
), receivers AS (
    SELECT s.*, w.host, w.ordered, s.origin <> 'test' AND (c.failing_since IS NOT NULL OR c.last_delivered_at IS NULL)
        OR s.origin = 'replay' AND EXISTS (
            SELECT FROM webhook_replays r WHERE r.org_id = s.org_id AND r.webhook_id = s.webhook_id
            AND r.status = 'running' AND r.failing_since IS NOT NULL
        ) AS is_failing
    FROM sources s JOIN webhooks w ON w.org_id = s.org_id AND w.id = s.webhook_id
    JOIN webhook_cursors c ON c.org_id = s.org_id AND c.webhook_id = s.webhook_id
    WHERE (s.origin = 'test' AND w.status <> 'deleted' OR w.status = 'active' AND NOT EXISTS (
        SELECT FROM api_keys k WHERE k.org_id = w.org_id AND k.id = w.key_id
        AND (k.status <> 'active' OR k.expires_at <= clock_timestamp())  -- the background worker pauses it
    ))
    AND (s.origin <> 'replay' OR NOT EXISTS (
        SELECT FROM webhook_deliveries e WHERE e.org_id = s.org_id AND e.webhook_id = s.webhook_id
        AND e.origin = 'log' AND e.status = 'pending'
        AND (w.ordered OR e.due_at <= clock_timestamp() AND e.claimed_until <= clock_timestamp())
    ))
), due AS (
    SELECT r.*, d.id, d.position, d.due_at,
           CASE WHEN r.ordered OR r.is_failing THEN r.webhook_id ELSE r.host END AS lane
    FROM receivers r CROSS JOIN LATERAL (
        (SELECT e.id, e.position, e.due_at FROM webhook_deliveries e
         WHERE e.org_id = r.org_id AND e.webhook_id = r.webhook_id AND e.origin = r.origin AND e.status = 'pending'
         AND e.due_at <= clock_timestamp() AND e.claimed_until <= clock_timestamp() AND NOT r.ordered
         ORDER BY e.due_at LIMIT CASE WHEN r.is_failing THEN 1 ELSE %(most)s END)
        UNION ALL
        SELECT f.id, f.position, f.due_at FROM (
            SELECT e.id, e.position, e.due_at,
                   bool_and(e.due_at <= clock_timestamp() AND e.claimed_until <= clock_timestamp()) OVER w AS is_due
            FROM webhook_deliveries e
            WHERE e.org_id = r.org_id AND e.webhook_id = r.webhook_id AND e.origin = r.origin AND e.status = 'pending'
            AND r.ordered WINDOW w AS (ORDER BY e.position)
            ORDER BY e.position LIMIT CASE WHEN r.is_failing THEN 1 ELSE %(most)s END
        ) f WHERE f.is_due
    ) d
), ranked AS (
    SELECT *, row_number() OVER (
               PARTITION BY lane, is_failing
               ORDER BY {_PRIORITY}, CASE WHEN ordered THEN position END, due_at, position
           ) AS place,
           row_number() OVER (PARTITION BY is_failing ORDER BY due_at) AS place_of_failing,
           first_value(origin) OVER (PARTITION BY org_id, webhook_id ORDER BY {_PRIORITY}) AS first_origin
    FROM due
), chosen AS (
    SELECT d.org_id, d.webhook_id, d.id, r.lane, r.place, r.is_failing, r.ordered
    FROM ranked r JOIN webhook_deliveries d USING (org_id, webhook_id, id)
    JOIN webhook_cursors c ON c.org_id = d.org_id AND c.webhook_id = d.webhook_id
    WHERE r.place + coalesce((%(busy)s::jsonb ->> r.lane)::integer, 0)
        <= CASE WHEN r.is_failing THEN 1 ELSE coalesce((%(allowed)s::jsonb ->> r.lane)::integer, %(first)s) END
    AND (NOT r.is_failing OR r.place_of_failing <= %(failing)s)
    AND (NOT r.ordered OR r.origin = r.first_origin AND c.busy_until <= clock_timestamp())
    AND d.status = 'pending' AND d.claimed_until <= clock_timestamp()  -- again, for a row that another sender changed
    ORDER BY r.place, r.due_at LIMIT %(free)s FOR NO KEY UPDATE OF d, c SKIP LOCKED
), occupied AS (
    UPDATE webhook_cursors c SET busy_until = clock_timestamp() + %(lease)s
    FROM (SELECT DISTINCT org_id, webhook_id FROM chosen WHERE ordered) o
    WHERE c.org_id = o.org_id AND c.webhook_id = o.webhook_id
)
UPDATE webhook_deliveries d SET claimed_until = clock_timestamp() + %(lease)s
FROM chosen, webhooks w
WHERE d.org_id = chosen.org_id AND d.webhook_id = chosen.webhook_id AND d.id = chosen.id
AND w.org_id = d.org_id AND w.id = d.webhook_id
RETURNING d.org_id, d.webhook_id, d.id, d.position, d.event_id, d.type, d.origin, d.replay_id, d.sample,
    jsonb_array_length(d.attempts), d.occurred_at, clock_timestamp(), w.url, w.host, chosen.lane, chosen.place,
    chosen.ordered, chosen.is_failing, w.secret_id,
    CASE WHEN w.previous_until > clock_timestamp() THEN w.previous_secret_id END
"""
SELECT_ENCRYPTED = "SELECT id, encrypted FROM webhook_secrets WHERE org_id = %s AND id = ANY(%s)"


class Claim(NamedTuple):
    """A delivery that this sender has claimed, with what it needs of its webhook."""

    org_id: str
    webhook_id: str
    id: str
    position: int
    event_id: str
    type: str
    origin: str
    """`log`, `replay` or `test`."""
    replay_id: str | None
    sample: bytes | None
    """The body of a test; None for an event."""
    attempts: int
    """The number of attempts so far."""
    occurred_at: datetime
    claimed_at: datetime
    url: str
    host: str
    lane: str
    """What shares a limit with this delivery (see claim_limits.py)."""
    place: int
    """Its place among the deliveries of the lane that were due, from 1."""
    ordered: bool
    is_failing: bool
    """Whether the attempt before failed, of this webhook or of this replay, or nothing was ever taken."""
    secret_id: str
    previous_secret_id: str | None
    """The id of the earlier secret, while deliveries are signed with it, too."""

    @property
    def secret_ids(self) -> tuple[str, ...]:
        """The ids of the secrets that sign the delivery."""
        return (self.secret_id, *((self.previous_secret_id,) if self.previous_secret_id is not None else ()))

    @property
    def counts(self) -> bool:
        """Whether its failures can disable the webhook."""
        return self.origin == LOG


def claim(conn: Connection[Row], room: Room) -> list[Claim]:
    """Claim deliveries that are due, as many as there is room for; return them in the order of their events."""
    if room.free <= 0:
        return []
    values = {
        "free": room.free,
        "failing": room.failing,
        "busy": msgspec.json.encode(room.busy).decode(),
        "allowed": msgspec.json.encode(room.allowed).decode(),
        "first": FIRST_CLAIMS,
        "most": MOST_CLAIMS,
        "lease": LEASE,
    }
    found = conn.cursor(row_factory=args_row(Claim)).execute(CLAIM, values).fetchall()
    return sorted(found, key=lambda each: (each.origin != TEST, each.occurred_at, each.position))


def select_secrets(conn: Connection[Row], org_id: str, ids: Collection[str]) -> dict[str, bytes]:
    """Return the encrypted secrets with these ids."""
    return dict(conn.execute(SELECT_ENCRYPTED, (org_id, list(ids))).fetchall())


def group_by_organization(claims: Sequence[Claim]) -> Mapping[str, list[Claim]]:
    """Return the claims by the id of their organization."""
    groups: dict[str, list[Claim]] = {}
    for each in claims:
        groups.setdefault(each.org_id, []).append(each)
    return groups
