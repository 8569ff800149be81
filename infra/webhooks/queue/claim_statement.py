"""The statement with which a sender claims deliveries that are due, and the origins of deliveries."""

from __future__ import annotations

LOG, REPLAY, TEST = "log", "replay", "test"
"""The origins of deliveries. Only those from the log can disable their webhook."""
_PRIORITY = "CASE origin WHEN 'test' THEN 1 WHEN 'log' THEN 2 ELSE 3 END"
# The claim goes from one webhook with pending deliveries to the next one (`sources`), and reads only as many deliveries
# of each as it can take (`room`). A lane is what shares a limit: a host, or a webhook that fails or is ordered. A
# receiver that fails, or has not taken anything yet, gets one delivery at a time. An ordered one gets the first ones.
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
    SELECT s.*, w.host, w.ordered, w.key_id, w.scopes,
        s.origin <> 'test' AND (c.failing_since IS NOT NULL OR c.last_delivered_at IS NULL)
        OR s.origin = 'replay' AND EXISTS (
            SELECT FROM webhook_replays r WHERE r.org_id = s.org_id AND r.webhook_id = s.webhook_id
            AND r.status = 'running' AND r.failing_since IS NOT NULL
        ) AS is_failing
    FROM sources s JOIN webhooks w ON w.org_id = s.org_id AND w.id = s.webhook_id
    JOIN webhook_cursors c ON c.org_id = s.org_id AND c.webhook_id = s.webhook_id
    WHERE (s.origin = 'test' AND w.status <> 'deleted' OR w.status = 'active')
    AND (NOT w.ordered OR c.busy_until <= clock_timestamp())
), lanes AS (
    SELECT *, CASE WHEN ordered OR is_failing THEN webhook_id ELSE host END AS lane
    FROM receivers WHERE NOT is_failing OR %(failing)s > 0
), rooms AS (
    SELECT *, CASE WHEN is_failing THEN 1 ELSE coalesce((%(allowed)s::jsonb ->> lane)::integer, %(first)s) END
        - coalesce((%(busy)s::jsonb ->> lane)::integer, 0) AS room
    FROM lanes
), open AS (
    SELECT r.* FROM rooms r WHERE r.room > 0
    AND (r.origin = 'test' OR r.key_id IS NULL
        OR NOT has_key_ended(r.org_id, r.key_id, r.scopes))  -- the background worker pauses the webhook of such a key
    AND (r.origin <> 'replay' OR NOT EXISTS (
        SELECT FROM webhook_deliveries e WHERE e.org_id = r.org_id AND e.webhook_id = r.webhook_id
        AND e.origin = 'log' AND e.status = 'pending'
        AND (r.ordered OR e.due_at <= clock_timestamp() AND e.claimed_until <= clock_timestamp())
    ))
), due AS (
    SELECT r.*, d.id, d.position, d.due_at FROM open r CROSS JOIN LATERAL (
        (SELECT e.id, e.position, e.due_at FROM webhook_deliveries e
         WHERE e.org_id = r.org_id AND e.webhook_id = r.webhook_id AND e.origin = r.origin AND e.status = 'pending'
         AND e.due_at <= clock_timestamp() AND e.claimed_until <= clock_timestamp() AND NOT r.ordered
         ORDER BY e.due_at LIMIT r.room)
        UNION ALL
        SELECT f.id, f.position, f.due_at FROM (
            SELECT e.id, e.position, e.due_at,
                   bool_and(e.due_at <= clock_timestamp() AND e.claimed_until <= clock_timestamp()) OVER w AS is_due
            FROM webhook_deliveries e
            WHERE e.org_id = r.org_id AND e.webhook_id = r.webhook_id AND e.origin = r.origin AND e.status = 'pending'
            AND r.ordered WINDOW w AS (ORDER BY e.position) ORDER BY e.position LIMIT r.room
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
