"""Finds new deliveries: reads each log on from the cursor of each webhook, and from that of each replay.

Several senders can do so at once. The functions run on a connection of the table owner in autocommit mode.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from psycopg import Connection

from domain.registry import matching_names
from infra.log.heads import POSITIONS
from infra.log.reader import SELECT_FIRST_POSITION, list_page
from infra.log.records import RecordedEvent
from infra.postgres.database import Row
from infra.webhooks.queue.claims import LOG, REPLAY
from projections.views.events import event_id

PAGE_EVENTS = 200
"""How many events of a log are searched for a webhook at once."""

# A receiver that fails, or has not taken anything yet, gets one delivery at a time, so one that is due is enough.
_HAS_ENOUGH = """EXISTS (
    SELECT FROM webhook_deliveries d WHERE d.org_id = w.org_id AND d.webhook_id = w.id AND d.status = 'pending'
    AND d.origin = %(origin)s AND d.due_at <= clock_timestamp() AND d.claimed_until <= clock_timestamp()
    OFFSET CASE WHEN c.failing_since IS NOT NULL OR c.last_delivered_at IS NULL THEN 0 ELSE %(enough)s END
)"""
SELECT_BEHIND = f"""
SELECT w.org_id, w.id FROM webhooks w JOIN {POSITIONS} l USING (org_id)
LEFT JOIN webhook_cursors c ON c.org_id = w.org_id AND c.webhook_id = w.id
WHERE w.status <> 'deleted' AND c.position IS NULL
OR w.status = 'active' AND c.position < l.position AND NOT {_HAS_ENOUGH} LIMIT 200
"""
# A new cursor begins where the webhook was created: at that time, this was the end of the log.
INSERT_CURSOR = f"""
INSERT INTO webhook_cursors (org_id, webhook_id, position) {SELECT_FIRST_POSITION} ON CONFLICT DO NOTHING
"""
LOCK_CURSOR = """
SELECT c.position, w.types, w.scopes
FROM webhook_cursors c JOIN webhooks w ON w.org_id = c.org_id AND w.id = c.webhook_id
WHERE c.org_id = %(org)s AND c.webhook_id = %(id)s AND w.status = 'active' FOR NO KEY UPDATE OF c SKIP LOCKED
"""
MOVE_CURSOR = "UPDATE webhook_cursors SET position = %(to)s WHERE org_id = %(org)s AND webhook_id = %(id)s"
SELECT_REPLAYS = f"""
SELECT w.org_id, w.id FROM webhook_replays r JOIN webhooks w ON w.org_id = r.org_id AND w.id = r.webhook_id
JOIN webhook_cursors c ON c.org_id = w.org_id AND c.webhook_id = w.id
WHERE r.status = 'running' AND w.status = 'active' AND NOT {_HAS_ENOUGH} LIMIT 200
"""
LOCK_REPLAY = """
SELECT r.id, r.position, r.until_position, r.types, w.types, w.scopes
FROM webhook_replays r JOIN webhooks w ON w.org_id = r.org_id AND w.id = r.webhook_id
WHERE r.org_id = %(org)s AND r.webhook_id = %(id)s AND r.status = 'running' FOR NO KEY UPDATE OF r SKIP LOCKED
"""
MOVE_REPLAY = """
UPDATE webhook_replays SET position = %(to)s WHERE org_id = %(org)s AND webhook_id = %(id)s AND id = %(replay)s
"""
END_REPLAY = """
UPDATE webhook_replays r SET status = 'finished', ended_at = clock_timestamp()
WHERE r.org_id = %(org)s AND r.webhook_id = %(id)s AND r.id = %(replay)s AND NOT EXISTS (
    SELECT FROM webhook_deliveries d WHERE d.org_id = r.org_id AND d.webhook_id = r.webhook_id
    AND d.status = 'pending' AND d.origin = 'replay' AND d.replay_id = r.id
)
"""
INSERT_DELIVERIES = """
INSERT INTO webhook_deliveries (org_id, webhook_id, position, event_id, type, occurred_at, due_at, origin, replay_id)
SELECT %(org)s, %(id)s, f.position, f.event_id, f.type, f.at, clock_timestamp(), %(origin)s, %(replay)s
FROM unnest(%(positions)s::bigint[], %(ids)s::text[], %(types)s::text[], %(times)s::timestamptz[])
AS f (position, event_id, type, at) ORDER BY f.position
ON CONFLICT DO NOTHING
"""


def find_deliveries(conn: Connection[Row]) -> int:
    """Search the logs for new deliveries, a page of events for each webhook that is behind; return how many were found.

    A webhook that has enough deliveries that are due is left for later.
    """
    found = 0
    for origin, select, advance in ((LOG, SELECT_BEHIND, _advance), (REPLAY, SELECT_REPLAYS, _advance_replay)):
        for org_id, id in conn.execute(select, {"origin": origin, "enough": PAGE_EVENTS}).fetchall():
            with conn.transaction():
                found += advance(conn, {"org": org_id, "id": id, "origin": origin})
    return found


def _advance(conn: Connection[Row], webhook: Mapping[str, str]) -> int:
    """Search the next page of the log. The deliveries are stored in the transaction that moves the cursor."""
    conn.execute(INSERT_CURSOR, webhook)
    row = conn.execute(LOCK_CURSOR, webhook).fetchone()
    if row is None:
        return 0
    position, types, scopes = row
    page = list_page(conn, webhook["org"], position, PAGE_EVENTS)
    if page:
        conn.execute(MOVE_CURSOR, {**webhook, "to": page[-1].position})
    return _store(conn, webhook, page, matching_names(types, scopes))


def _advance_replay(conn: Connection[Row], webhook: Mapping[str, str]) -> int:
    """Search the next page for a replay. After the last one, end the replay when all its deliveries have ended."""
    row = conn.execute(LOCK_REPLAY, webhook).fetchone()
    if row is None:
        return 0
    replay, position, until, wanted, types, scopes = row
    webhook = {**webhook, "replay": replay}
    if position >= until:
        conn.execute(END_REPLAY, webhook)
        return 0
    page = [event for event in list_page(conn, webhook["org"], position, PAGE_EVENTS) if event.position <= until]
    conn.execute(MOVE_REPLAY, {**webhook, "to": page[-1].position if page else until})
    return _store(conn, webhook, page, matching_names(types, scopes) & {*wanted})


def _store(
    conn: Connection[Row], webhook: Mapping[str, str], page: Collection[RecordedEvent], names: Collection[str]
) -> int:
    """Store a delivery for each event of the page that has one of these names; return how many there are."""
    found = [event for event in page if event.name in names]
    if found:
        columns = {
            "positions": [event.position for event in found],
            "ids": [event_id(event.chain_hash) for event in found],
            "types": [event.name for event in found],
            "times": [event.recorded_at for event in found],
        }
        conn.execute(INSERT_DELIVERIES, {"replay": None, **webhook, **columns})
    return len(found)
