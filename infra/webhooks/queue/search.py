"""Finds new deliveries: reads each log on from the cursor of each webhook, and from that of each replay.

Several senders can do so at once. The functions run on a connection of the table owner in autocommit mode.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from psycopg import Connection
from psycopg.rows import args_row

from domain.registry import matching_names
from infra.log.heads import POSITIONS
from infra.log.reading.objects import FIRST_POSITIONS
from infra.log.reading.pages import page_sql
from infra.postgres.database import Row
from infra.webhooks.queue.claim_statement import LOG, REPLAY
from projections.views.events import EVENT_ID_SQL

PAGE_EVENTS = 200
"""How many events of a log are searched for a webhook at once."""

# A receiver that fails, or has not taken anything yet, gets one delivery at a time, so one that is due is enough.
_ENOUGH = "CASE WHEN c.failing_since IS NOT NULL OR c.last_delivered_at IS NULL THEN 0 ELSE %(enough)s END"
_HAS_ENOUGH = f"""EXISTS (
    SELECT FROM webhook_deliveries d WHERE d.org_id = w.org_id AND d.webhook_id = w.id AND d.status = 'pending'
    AND d.origin = %(origin)s AND d.due_at <= clock_timestamp() AND d.claimed_until <= clock_timestamp()
    OFFSET {_ENOUGH}
)"""
SELECT_BEHIND = f"""
SELECT w.org_id, w.id, w.version, NULL, w.types, w.scopes, NULL, c.position IS NULL
FROM webhooks w JOIN {POSITIONS} l USING (org_id)
LEFT JOIN webhook_cursors c ON c.org_id = w.org_id AND c.webhook_id = w.id
WHERE w.status <> 'deleted' AND c.position IS NULL
OR w.status = 'active' AND c.position < l.position AND NOT (c.pending > {_ENOUGH} AND {_HAS_ENOUGH}) LIMIT 200
"""
SELECT_REPLAYS = f"""
SELECT w.org_id, w.id, w.version, r.id, w.types, w.scopes, r.types, false
FROM webhook_replays r JOIN webhooks w ON w.org_id = r.org_id AND w.id = r.webhook_id
JOIN webhook_cursors c ON c.org_id = w.org_id AND c.webhook_id = w.id
WHERE r.status = 'running' AND w.status = 'active' AND NOT {_HAS_ENOUGH} LIMIT 200
"""
# A new cursor begins where the webhook was created: at that time, this was the end of the log.
INSERT_CURSORS = f"""
INSERT INTO webhook_cursors (org_id, webhook_id, position)
SELECT p.org_id, p.originator_id, p.position FROM unnest(%(orgs)s::text[], %(webhooks)s::text[]) AS n (org, webhook)
JOIN {FIRST_POSITIONS} p ON p.org_id = n.org AND p.originator_id = n.webhook ON CONFLICT DO NOTHING
"""
# The next page of each webhook's log: its deliveries are stored, and its cursor is moved, in one statement. The wanted
# names follow from a version of the webhook; one that was changed meanwhile is left for the next search.
_FIND = f"""
WITH asked AS (
    SELECT a.org_id, a.webhook_id, a.replay_id, string_to_array(a.names, ',') AS names
    FROM unnest(%(orgs)s::text[], %(webhooks)s::text[], %(versions)s::integer[], %(replays)s::text[], %(names)s::text[])
    AS a (org_id, webhook_id, version, replay_id, names)
    JOIN webhooks w ON w.org_id = a.org_id AND w.id = a.webhook_id AND w.version = a.version AND w.status = 'active'
), source AS (
    {{source}}
), page AS (
    SELECT s.org_id, s.webhook_id, s.replay_id, s.names, e.position, e.name, e.recorded_at, e.chain_hash
    FROM source s CROSS JOIN LATERAL {page_sql("s.org_id", "s.position", "%(limit)s")} e WHERE e.position <= s.until
), ends AS (
    SELECT org_id, webhook_id, replay_id, max(position) AS position FROM page GROUP BY 1, 2, 3
), moved AS (
    {{move}}
)
INSERT INTO webhook_deliveries (org_id, webhook_id, position, event_id, type, occurred_at, due_at, origin, replay_id)
SELECT org_id, webhook_id, position, {EVENT_ID_SQL}, name, recorded_at, clock_timestamp(), %(origin)s, replay_id
FROM page WHERE name = ANY (names) ORDER BY webhook_id, position ON CONFLICT DO NOTHING
"""
FIND_NEW = _FIND.format(
    source="""
    SELECT a.*, c.position, 9223372036854775807 AS until FROM asked a JOIN webhook_cursors c USING (org_id, webhook_id)
    FOR NO KEY UPDATE OF c SKIP LOCKED
    """,
    move="""
    UPDATE webhook_cursors c SET position = e.position FROM ends e
    WHERE c.org_id = e.org_id AND c.webhook_id = e.webhook_id
    """,
)
FIND_REPLAYED = _FIND.format(
    source="""
    SELECT a.*, r.position, r.until_position AS until
    FROM asked a JOIN webhook_replays r ON r.org_id = a.org_id AND r.webhook_id = a.webhook_id AND r.id = a.replay_id
    WHERE r.status = 'running' FOR NO KEY UPDATE OF r SKIP LOCKED
    """,
    move="""
    UPDATE webhook_replays r SET position = e.position FROM ends e
    WHERE r.org_id = e.org_id AND r.webhook_id = e.webhook_id AND r.id = e.replay_id
    """,
)
END_REPLAYS = """
UPDATE webhook_replays r SET status = 'finished', ended_at = clock_timestamp()
WHERE r.status = 'running' AND r.position >= r.until_position AND NOT EXISTS (
    SELECT FROM webhook_deliveries d WHERE d.org_id = r.org_id AND d.webhook_id = r.webhook_id
    AND d.status = 'pending' AND d.origin = 'replay' AND d.replay_id = r.id
)
"""


class _Behind(NamedTuple):
    """A webhook whose log has events after its cursor, or a replay that has not ended."""

    org_id: str
    webhook_id: str
    version: int
    replay_id: str | None
    types: list[str] | None
    scopes: list[str]
    replayed: list[str] | None
    """The names of the events that the replay repeats."""
    is_new: bool
    """Whether the webhook has no cursor yet."""

    @property
    def names(self) -> str:
        """The names of the events that are delivered, with commas between them."""
        names = matching_names(self.types, self.scopes)
        return ",".join(names if self.replayed is None else names & {*self.replayed})


def find_deliveries(conn: Connection[Row]) -> int:
    """Search the logs for new deliveries, a page of events for each webhook that is behind; return how many were found.

    A webhook that has enough deliveries that are due is left for later.
    """
    found = 0
    for origin, select, find in ((LOG, SELECT_BEHIND, FIND_NEW), (REPLAY, SELECT_REPLAYS, FIND_REPLAYED)):
        values = {"origin": origin, "enough": PAGE_EVENTS, "limit": PAGE_EVENTS}
        behind = conn.cursor(row_factory=args_row(_Behind)).execute(select, values).fetchall()
        if behind:
            found += _find(conn, find, behind, values)
    return found


def _find(conn: Connection[Row], find: str, behind: list[_Behind], values: dict[str, Any]) -> int:
    """Store the deliveries of the next pages; return how many there are."""
    columns = {
        "orgs": [each.org_id for each in behind],
        "webhooks": [each.webhook_id for each in behind],
        "versions": [each.version for each in behind],
        "replays": [each.replay_id for each in behind],
        "names": [each.names for each in behind],
    }
    if any(each.is_new for each in behind):
        conn.execute(INSERT_CURSORS, columns)
    found = conn.execute(find, {**values, **columns}).rowcount
    if any(each.replay_id is not None for each in behind):
        conn.execute(END_REPLAYS)
    return found
