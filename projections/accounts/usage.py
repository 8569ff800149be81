"""The sums of spent credits per API key, hour and route, computed from the credit ledger.

The ledger holds only the last months. The sums of older hours cannot be computed again, so a rebuild keeps these sums.
"""

from __future__ import annotations

from typing import ClassVar

from projections.sums import StatementSumProjection

_LEDGER_START = """
SELECT coalesce(to_date(substring(min(c.relname) from 'credits_([0-9_]+)$'), 'YYYY_MM')::timestamp AT TIME ZONE 'UTC',
    '-infinity')
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'public.credits'::regclass AND c.relname ~ '^credits_[0-9]{4}_[0-9]{2}$'
"""
"""A query for the instant from which the ledger is complete: the beginning of its oldest month."""


class Usage(StatementSumProjection):
    name: ClassVar[str] = "usage"
    table: ClassVar[str] = "usage_hours"
    version: ClassVar[int] = 1

    select_sources: ClassVar[str] = """
        SELECT org_id, id FROM api_keys WHERE %(org)s::text IS NULL OR org_id = %(org)s ORDER BY org_id, id
    """
    select_sources_behind: ClassVar[str] = """
        SELECT w.org_id, w.key_id FROM credit_ends w
        LEFT JOIN usage_progress p ON p.org_id = w.org_id AND p.key_id = w.key_id
        WHERE w.last_seq > coalesce(p.seq, 0) ORDER BY w.org_id, w.key_id
    """
    select_lag: ClassVar[str] = """
        SELECT coalesce(sum(greatest(0, w.last_seq - coalesce(p.seq, 0))), 0)::bigint
        FROM credit_ends w LEFT JOIN usage_progress p ON p.org_id = w.org_id AND p.key_id = w.key_id
        WHERE %(org)s::text IS NULL OR w.org_id = %(org)s
    """
    lock_source: ClassVar[str] = "SELECT pg_advisory_xact_lock(hashtext('smartdhandha usage'), hashtext(%(source)s))"
    add_new: ClassVar[str] = """
        WITH progress AS (
            SELECT coalesce(max(seq), 0) AS seq FROM usage_progress WHERE org_id = %(org)s AND key_id = %(source)s
        ), fresh AS (
            SELECT c.seq, c.at, c.method, c.route FROM credit_entries c, progress p
            WHERE c.org_id = %(org)s AND c.key_id = %(source)s AND c.seq > p.seq
        ), added AS (
            INSERT INTO usage_hours AS u (org_id, key_id, hour, route, credits)
            SELECT %(org)s, %(source)s, date_trunc('hour', at, 'UTC'), method || ' ' || route, count(*)
            FROM fresh GROUP BY 3, 4
            ON CONFLICT (org_id, key_id, hour, route) DO UPDATE SET credits = u.credits + EXCLUDED.credits
        ), moved AS (
            INSERT INTO usage_progress (org_id, key_id, seq)
            SELECT %(org)s, %(source)s, max(seq) FROM fresh HAVING count(*) > 0
            ON CONFLICT (org_id, key_id) DO UPDATE SET seq = EXCLUDED.seq
        )
        SELECT count(*) FROM fresh
    """
    start_over: ClassVar[tuple[str, ...]] = (
        # The oldest month of the ledger must not be dropped while its credits are summed again.
        "LOCK TABLE credits IN ACCESS SHARE MODE",
        f"DELETE FROM usage_hours WHERE org_id = %(org)s AND key_id = %(source)s AND hour >= ({_LEDGER_START})",
        f"""
        UPDATE usage_progress SET seq = least(seq, (
            SELECT coalesce(max(c.seq), 0) FROM credit_entries c
            WHERE c.org_id = %(org)s AND c.key_id = %(source)s AND c.at < ({_LEDGER_START})
        )) WHERE org_id = %(org)s AND key_id = %(source)s
        """,
    )
    select_differences: ClassVar[str] = f"""
        WITH start AS ({_LEDGER_START})
        SELECT concat_ws(' ', key_id, to_char(hour AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"'), route),
            'credits', e.credits::text, s.credits::text
        FROM (
            SELECT c.key_id, date_trunc('hour', c.at, 'UTC') AS hour, c.method || ' ' || c.route AS route,
                count(*) AS credits
            FROM credit_entries c
            JOIN usage_progress p ON p.org_id = c.org_id AND p.key_id = c.key_id AND c.seq <= p.seq
            WHERE c.org_id = %(org)s AND c.at >= (SELECT * FROM start)
            GROUP BY 1, 2, 3
        ) e FULL JOIN (
            SELECT key_id, hour, route, credits FROM usage_hours
            WHERE org_id = %(org)s AND hour >= (SELECT * FROM start)
        ) s USING (key_id, hour, route)
        WHERE e.credits IS DISTINCT FROM s.credits ORDER BY key_id, hour, route
    """


USAGE = Usage()
