"""Finds new deliveries: reads each log on from the cursor of each webhook.

Several senders can do so at once. The functions run on a connection of the table owner in autocommit mode.
"""

from __future__ import annotations

from collections.abc import Mapping

from psycopg import Connection

from domain.registry import matching_names
from infra.log.heads import POSITIONS
from infra.log.reader import SELECT_FIRST_POSITION, list_page
from infra.postgres.database import Row
from projections.views.events import event_id

PAGE_EVENTS = 200
"""How many events of a log are searched for a webhook at once."""

SELECT_BEHIND = f"""
SELECT w.org_id, w.id FROM webhooks w JOIN {POSITIONS} l USING (org_id)
LEFT JOIN webhook_cursors c ON c.org_id = w.org_id AND c.webhook_id = w.id
WHERE w.status = 'active' AND (c.position IS NULL OR c.position < l.position) AND NOT EXISTS (
    SELECT FROM webhook_deliveries d WHERE d.org_id = w.org_id AND d.webhook_id = w.id AND d.status = 'pending'
    AND d.due_at <= clock_timestamp() OFFSET %(enough)s
) LIMIT 200
"""
# A new cursor begins where the webhook was created: at that time, this was the end of the log.
INSERT_CURSOR = f"""
INSERT INTO webhook_cursors (org_id, webhook_id, position) {SELECT_FIRST_POSITION} ON CONFLICT DO NOTHING
"""
LOCK_CURSOR = """
SELECT c.position, w.types, w.scopes
FROM webhook_cursors c JOIN webhooks w ON w.org_id = c.org_id AND w.id = c.webhook_id
WHERE c.org_id = %(org)s AND c.webhook_id = %(id)s AND w.status = 'active' FOR UPDATE OF c SKIP LOCKED
"""
INSERT_DELIVERIES = """
INSERT INTO webhook_deliveries (org_id, webhook_id, position, event_id, type, occurred_at, due_at)
SELECT %(org)s, %(id)s, f.position, f.event_id, f.type, f.at, clock_timestamp()
FROM unnest(%(positions)s::bigint[], %(ids)s::text[], %(types)s::text[], %(times)s::timestamptz[])
AS f (position, event_id, type, at)
ON CONFLICT DO NOTHING
"""
MOVE_CURSOR = "UPDATE webhook_cursors SET position = %(to)s WHERE org_id = %(org)s AND webhook_id = %(id)s"


def find_deliveries(conn: Connection[Row]) -> int:
    """Search the logs for new deliveries, a page of events for each webhook that is behind; return how many were found.

    A webhook that has a page of deliveries that are due is left for later.
    """
    behind = conn.execute(SELECT_BEHIND, {"enough": PAGE_EVENTS}).fetchall()
    return sum(_advance(conn, {"org": org_id, "id": id}) for org_id, id in behind)


def _advance(conn: Connection[Row], webhook: Mapping[str, str]) -> int:
    """Search the next page of the log. The deliveries are stored in the transaction that moves the cursor."""
    with conn.transaction():
        conn.execute(INSERT_CURSOR, webhook)
        row = conn.execute(LOCK_CURSOR, webhook).fetchone()
        if row is None:
            return 0
        position, types, scopes = row
        page = list_page(conn, webhook["org"], position, PAGE_EVENTS)
        names = matching_names(types, scopes)
        found = [event for event in page if event.name in names]
        if found:
            columns = {
                "positions": [event.position for event in found],
                "ids": [event_id(event.chain_hash) for event in found],
                "types": [event.name for event in found],
                "times": [event.recorded_at for event in found],
            }
            conn.execute(INSERT_DELIVERIES, {**webhook, **columns})
        if page:
            conn.execute(MOVE_CURSOR, {**webhook, "to": page[-1].position})
    return len(found)
