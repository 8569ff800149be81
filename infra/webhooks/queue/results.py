"""Records what came of claimed deliveries, many at once, on a connection of the table owner in autocommit mode."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from psycopg import Connection

from domain.calendar import instant
from infra.postgres.database import Row
from infra.webhooks.queue.attempt import Attempt
from infra.webhooks.queue.claim_statement import REPLAY, TEST
from infra.webhooks.queue.claims import Claim
from infra.webhooks.queue.schedule import RETRY_DELAYS, retry_delay

# Other functions lock in the same order: cursors, replays, deliveries. So nobody waits in a circle.
LOCK_CURSORS = """
SELECT FROM webhook_cursors c JOIN unnest(%(orgs)s::text[], %(webhooks)s::text[]) AS r (org, webhook)
ON c.org_id = r.org AND c.webhook_id = r.webhook ORDER BY c.org_id, c.webhook_id FOR NO KEY UPDATE OF c
"""
LOCK_REPLAYS = """
SELECT FROM webhook_replays p JOIN unnest(%(orgs)s::text[], %(webhooks)s::text[], %(replays)s::text[])
AS r (org, webhook, replay) ON p.org_id = r.org AND p.webhook_id = r.webhook AND p.id = r.replay
ORDER BY p.org_id, p.webhook_id, p.id FOR NO KEY UPDATE OF p
"""
# A delivery that was skipped, cancelled or deleted meanwhile is not changed.
RECORD = """
WITH recorded AS (
    UPDATE webhook_deliveries d SET attempts = d.attempts || r.attempt, status = r.status, claimed_until = '-infinity',
        due_at = CASE WHEN r.delay IS NULL THEN d.due_at ELSE clock_timestamp() + r.delay END
    FROM unnest(%(orgs)s::text[], %(webhooks)s::text[], %(ids)s::text[], %(attempts)s::jsonb[], %(statuses)s::text[],
                %(delays)s::interval[]) AS r (org, webhook, id, attempt, status, delay)
    WHERE d.org_id = r.org AND d.webhook_id = r.webhook AND d.id = r.id AND d.status = 'pending'
    RETURNING d.org_id, d.webhook_id, d.replay_id, d.status, r.attempt <> '[]' AS is_attempt
), sums AS (
    SELECT org_id, webhook_id, replay_id, count(*) FILTER (WHERE status = 'delivered') AS delivered,
           count(*) FILTER (WHERE status = 'failed') AS failed
    FROM recorded WHERE is_attempt AND replay_id IS NOT NULL GROUP BY 1, 2, 3
)
UPDATE webhook_replays p SET delivered = p.delivered + s.delivered, failed = p.failed + s.failed,
    failing_since = CASE WHEN s.delivered = 0 THEN coalesce(p.failing_since, clock_timestamp()) END
FROM sums s WHERE p.org_id = s.org_id AND p.webhook_id = s.webhook_id AND p.id = s.replay_id
"""
RECORD_RECEIVERS = """
UPDATE webhook_cursors c SET
    busy_until = CASE WHEN r.is_idle THEN '-infinity' ELSE c.busy_until END,
    last_delivered_at = CASE WHEN r.has_taken THEN clock_timestamp() ELSE c.last_delivered_at END,
    failing_since = CASE WHEN r.error IS NOT NULL AND r.has_taken THEN clock_timestamp()
                         WHEN r.error IS NOT NULL THEN coalesce(c.failing_since, clock_timestamp())
                         WHEN NOT r.has_taken THEN c.failing_since END,
    last_error = CASE WHEN r.has_taken OR r.error IS NOT NULL THEN r.error ELSE c.last_error END
FROM unnest(%(orgs)s::text[], %(webhooks)s::text[], %(idle)s::boolean[], %(taken)s::boolean[], %(errors)s::text[])
AS r (org, webhook, is_idle, has_taken, error)
WHERE c.org_id = r.org AND c.webhook_id = r.webhook
RETURNING c.org_id, c.webhook_id, coalesce(c.failing_since <= clock_timestamp() - %(limit)s, false)
"""


class Result(NamedTuple):
    """What came of a claimed delivery."""

    claim: Claim
    at: datetime
    """When the attempt began."""
    attempt: Attempt | None
    """None if there was no attempt: the claim was given up, and the delivery is due again."""
    ends_run: bool = True
    """Whether this was the last one of an ordered webhook that this sender had claimed."""


class _Receiver:
    """What the results say of one webhook."""

    def __init__(self) -> None:
        self.is_idle = self.has_taken = False
        self.error: str | None = None

    def add(self, result: Result) -> None:
        self.is_idle = self.is_idle or result.ends_run
        if result.attempt is None or not result.claim.counts:
            return
        if result.attempt.is_taken:
            self.has_taken, self.error = True, None
        else:
            self.error = result.attempt.error or f"HTTP {result.attempt.status}"


def record_results(conn: Connection[Row], results: Sequence[Result], limit: timedelta) -> set[tuple[str, str]]:
    """Store the attempts, and when the next ones are due.

    Return the webhooks, as ids of organization and webhook, whose receivers have failed for `limit` or longer.
    """
    receivers: dict[tuple[str, str], _Receiver] = {}
    for each in results:
        receivers.setdefault((each.claim.org_id, each.claim.webhook_id), _Receiver()).add(each)
    deliveries = _deliveries(results)
    webhooks = {
        "orgs": [org for org, _ in receivers],
        "webhooks": [webhook for _, webhook in receivers],
        "idle": [each.is_idle for each in receivers.values()],
        "taken": [each.has_taken for each in receivers.values()],
        "errors": [each.error for each in receivers.values()],
        "limit": limit,
    }
    with conn.pipeline(), conn.transaction():
        conn.execute(LOCK_CURSORS, webhooks)
        if any(deliveries["replays"]):
            conn.execute(LOCK_REPLAYS, deliveries)
        conn.execute(RECORD, deliveries)
        found = conn.execute(RECORD_RECEIVERS, webhooks)
    failing = {(org, webhook) for org, webhook, is_too_long in found.fetchall() if is_too_long}
    return {key for key in failing if receivers[key].error is not None}


def _deliveries(results: Sequence[Result]) -> dict[str, list[Any]]:
    """Return the values of the statement RECORD."""
    outcomes = [_outcome(each.claim, each.attempt) for each in results]
    return {
        "orgs": [each.claim.org_id for each in results],
        "webhooks": [each.claim.webhook_id for each in results],
        "ids": [each.claim.id for each in results],
        "replays": [each.claim.replay_id for each in results],
        "attempts": [_shown(each) for each in results],
        "statuses": [status for status, _ in outcomes],
        "delays": [delay for _, delay in outcomes],
    }


def _outcome(claimed: Claim, attempt: Attempt | None) -> tuple[str, timedelta | None]:
    """Return the status of a delivery after an attempt, and the time until the next one."""
    if attempt is None:
        return "pending", None
    if attempt.is_taken:
        return "delivered", None
    if claimed.origin == TEST or (claimed.origin == REPLAY and claimed.attempts >= len(RETRY_DELAYS)):
        return "failed", None
    return "pending", retry_delay(claimed.attempts + 1, attempt.retry_after)


def _shown(result: Result) -> str:
    """Return the attempt as the API shows it, in a JSON array."""
    attempt = result.attempt
    if attempt is None:
        return "[]"
    shown = {
        "at": instant(result.at),
        "status": attempt.status,
        "durationMs": attempt.duration_ms,
        "error": attempt.error,
        "response": attempt.response,
    }
    return msgspec.json.encode([shown]).decode()
