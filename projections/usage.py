"""Credits per key, hour and route: a sum over the ledger of requests, whose deltas commute.

The worker adds what is new, key by key; a rebuild sums the whole ledger again. Hours older than the ledger's oldest
partition cannot be summed again and stay as they are.
"""

from __future__ import annotations

NAME = "usage"
TABLE = "usage_hours"

KEYS = "SELECT org_id, id FROM api_keys ORDER BY org_id, id"
"""Every key; its own rows in the ledger are found by an index."""

BEHIND = """
SELECT k.org_id, k.id FROM api_keys k JOIN credit_windows w ON w.key_id = k.id
LEFT JOIN usage_progress p ON p.org_id = k.org_id AND p.key_id = k.id
WHERE w.last_seq > coalesce(p.seq, 0) ORDER BY k.org_id, k.id
"""
"""The keys with requests that are not in the sums yet."""

ADD_NEW = """
WITH progress AS (
    SELECT coalesce(max(seq), 0) AS seq FROM usage_progress WHERE org_id = %(org)s AND key_id = %(key)s
), fresh AS (
    SELECT c.seq, c.at, c.method, c.route FROM credits c, progress p
    WHERE c.key_id = %(key)s AND c.seq > p.seq
), added AS (
    INSERT INTO usage_hours AS u (org_id, key_id, hour, route, credits)
    SELECT %(org)s, %(key)s, date_trunc('hour', at, 'UTC'), method || ' ' || route, count(*) FROM fresh GROUP BY 3, 4
    ON CONFLICT (org_id, key_id, hour, route) DO UPDATE SET credits = u.credits + EXCLUDED.credits
), moved AS (
    INSERT INTO usage_progress (org_id, key_id, seq)
    SELECT %(org)s, %(key)s, max(seq) FROM fresh HAVING count(*) > 0
    ON CONFLICT (org_id, key_id) DO UPDATE SET seq = EXCLUDED.seq
)
SELECT count(*) FROM fresh
"""
"""Adds a key's new requests to its hours; answers how many there were. Call it while holding TURN."""

TURN = "SELECT pg_advisory_xact_lock(hashtext('smartdhandha usage'), hashtext(%(key)s))"
"""Whoever sums a key's requests takes turns: two that add the same ones at once would count them twice."""

LAG = """
SELECT coalesce(sum(greatest(0, w.last_seq - coalesce(p.seq, 0))), 0)
FROM api_keys k JOIN credit_windows w ON w.key_id = k.id
LEFT JOIN usage_progress p ON p.org_id = k.org_id AND p.key_id = k.id
WHERE %(org)s::text IS NULL OR k.org_id = %(org)s
"""
"""How many requests are in the ledger and not yet in the sums."""

HORIZON = """
SELECT coalesce(to_date(substring(min(c.relname) from 'credits_([0-9_]+)$'), 'YYYY_MM')::timestamp AT TIME ZONE 'UTC',
    '-infinity')
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'public.credits'::regclass AND c.relname ~ '^credits_[0-9]{4}_[0-9]{2}$'
"""
"""The instant from which the ledger is whole: the beginning of its oldest month."""

CLEAR = "DELETE FROM usage_hours WHERE org_id = %(org)s AND key_id = %(key)s AND hour >= %(horizon)s"
START_OVER = """
UPDATE usage_progress SET seq = least(seq, (
    SELECT coalesce(max(c.seq), 0) FROM credits c WHERE c.key_id = %(key)s AND c.at < %(horizon)s
)) WHERE org_id = %(org)s AND key_id = %(key)s
"""
"""Goes back to the horizon, and never before it: those hours stay."""

DIFFERENCES = """
SELECT key_id, hour, route, e.credits, s.credits FROM (
    SELECT c.key_id, date_trunc('hour', c.at, 'UTC') AS hour, c.method || ' ' || c.route AS route, count(*) AS credits
    FROM credits c JOIN usage_progress p ON p.org_id = %(org)s AND p.key_id = c.key_id AND c.seq <= p.seq
    WHERE c.key_id IN (SELECT id FROM api_keys WHERE org_id = %(org)s) AND c.at >= %(horizon)s GROUP BY 1, 2, 3
) e FULL JOIN (
    SELECT key_id, hour, route, credits FROM usage_hours WHERE org_id = %(org)s AND hour >= %(horizon)s
) s USING (key_id, hour, route) WHERE e.credits IS DISTINCT FROM s.credits ORDER BY 1, 2, 3
"""
"""Where the sums are not what the ledger says: key, hour, route, what it should be, what is stored."""
