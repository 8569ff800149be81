"""The tasks for webhooks: pause those whose key has ended, delete old deliveries, and what belongs to deleted ones."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from psycopg import Connection

from commands.accounts.webhook import PauseWebhook
from domain.webhook import KEY_REVOKED
from infra.postgres.database import Row
from infra.worker.batches import delete_batches, execute_for_each

DELIVERIES_RETENTION = timedelta(days=30)
"""How long deliveries to webhooks are kept after they were found, and replays after they have ended."""

_SELECT_WITHOUT_KEY = """
SELECT w.org_id, w.id FROM webhooks w JOIN api_keys k ON k.org_id = w.org_id AND k.id = w.key_id
WHERE w.status = 'active' AND (k.status <> 'active' OR k.expires_at <= now() OR NOT w.scopes <@ k.scopes)
AND (w.org_id, w.id) > (%s, %s)
ORDER BY w.org_id, w.id LIMIT %s
"""
_DELETE_OLD_DELIVERIES = """
DELETE FROM webhook_deliveries WHERE (org_id, webhook_id, id) IN (
    SELECT org_id, webhook_id, id FROM webhook_deliveries
    WHERE created_at < now() - %s::interval AND status <> 'pending' ORDER BY created_at LIMIT %s
)
"""
_DELETE_OLD_REPLAYS = "DELETE FROM webhook_replays WHERE ended_at < now() - %s::interval"
# What belongs to deleted webhooks, and secrets of commands that were refused. Cursors come first: a change of the
# status of a delivery locks its cursor before the delivery.
_DELETE_UNUSED = (
    """
    DELETE FROM webhook_cursors c USING webhooks w
    WHERE w.org_id = c.org_id AND w.id = c.webhook_id AND w.status = 'deleted'
    """,
    """
    DELETE FROM webhook_deliveries d USING webhooks w
    WHERE w.org_id = d.org_id AND w.id = d.webhook_id AND w.status = 'deleted'
    """,
    """
    DELETE FROM webhook_replays r USING webhooks w
    WHERE w.org_id = r.org_id AND w.id = r.webhook_id AND w.status = 'deleted'
    """,
    """
    DELETE FROM webhook_secrets s WHERE s.created_at < now() - interval '1 day' AND NOT EXISTS (
        SELECT FROM webhooks w WHERE w.org_id = s.org_id AND w.status <> 'deleted'
        AND (w.secret_id = s.id OR w.previous_secret_id = s.id AND w.previous_until > now())
    )
    """,
)


def pause_without_key(conn: Connection[Row]) -> int:
    """Pause the webhooks whose API key was revoked, has expired, or has lost a scope of theirs. Return how many.

    Senders claim nothing for them even before that.
    """
    return execute_for_each(conn, _SELECT_WITHOUT_KEY, partial(PauseWebhook, reason=KEY_REVOKED))


def forget_deliveries(conn: Connection[Row]) -> int:
    """Delete old deliveries, and what belongs to deleted webhooks; return how many rows.

    A delivery that its receiver has not taken is kept as long as its webhook.
    """
    unused = sum(conn.execute(sql).rowcount for sql in _DELETE_UNUSED)
    unused += conn.execute(_DELETE_OLD_REPLAYS, (DELIVERIES_RETENTION,)).rowcount
    return unused + delete_batches(conn, _DELETE_OLD_DELIVERIES, DELIVERIES_RETENTION)
