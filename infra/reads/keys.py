"""An organization's keys as the console shows them, each with its rolling window, from the ledger's indexes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from api.ports.keys import KeyUse
from domain.window import CREDIT_WINDOW
from infra.postgres.database import SET_ORGANIZATION, Row
from infra.postgres.pool import Pool, borrowed

# As in admit(): the numbers of a key's requests are dense, so those of the window's ends say how many lie between.
_KEYS = """
SELECT k.id, k.name, k.last_four, k.scopes, k.status, k.credit_limit, k.expires_at, k.previous_until, k.revoked_at,
       k.created_at, newest.at, newest.seq, counted.at, counted.seq, recent.seq, filling.at, now.at
FROM (SELECT clock_timestamp() AS at) now
CROSS JOIN api_key_list k
LEFT JOIN LATERAL (
    SELECT c.at, c.seq FROM credit_list c WHERE c.org_id = k.org_id AND c.key_id = k.id
    ORDER BY c.at DESC, c.seq DESC LIMIT 1
) newest ON true
LEFT JOIN LATERAL (
    SELECT c.at, c.seq FROM credit_list c WHERE c.org_id = k.org_id AND c.key_id = k.id AND c.at > now.at - %(window)s
    ORDER BY c.at, c.seq LIMIT 1
) counted ON true
LEFT JOIN LATERAL (
    SELECT c.seq FROM credit_list c WHERE c.org_id = k.org_id AND c.key_id = k.id AND c.at > now.at - %(day)s
    ORDER BY c.at, c.seq LIMIT 1
) recent ON true
LEFT JOIN LATERAL (
    SELECT c.at FROM credit_list c
    WHERE c.org_id = k.org_id AND c.key_id = k.id AND c.seq = newest.seq - k.credit_limit + 1
    AND c.at > now.at - %(window)s
) filling ON true
WHERE k.org_id = %(org)s AND (%(key)s::text IS NULL OR k.id = %(key)s)
ORDER BY k.status = 'active' DESC, k.created_at DESC, k.id DESC OFFSET %(skip)s LIMIT %(limit)s
"""

# Whole hours from the sums; the hour in which the window begins, and what is not summed yet, from the ledger.
_REQUESTS = """
WITH edge AS (
    SELECT now() - %(window)s AS start, date_trunc('hour', now() - %(window)s, 'UTC') + interval '1 hour' AS whole
), progress AS (
    SELECT coalesce(max(seq), 0) AS seq FROM usage_progress_list WHERE org_id = %(org)s AND key_id = %(key)s
)
SELECT route, sum(credits)::bigint FROM (
    SELECT u.route, u.credits FROM usage_hours u, edge
    WHERE u.org_id = %(org)s AND u.key_id = %(key)s AND u.hour >= edge.whole
    UNION ALL
    SELECT c.method || ' ' || c.route, 1 FROM credit_list c, edge, progress
    WHERE c.org_id = %(org)s AND c.key_id = %(key)s
    AND c.at > edge.start AND (c.at < edge.whole OR c.seq > progress.seq)
) counted GROUP BY route ORDER BY 2 DESC, 1
"""


class PostgresKeyReads:
    """The KeyReads on a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def keys(self, org_id: str, key_id: str | None = None, *, skip: int = 0, limit: int = 1) -> list[KeyUse]:
        return [_key_use(row) for row in self._ask(org_id, key_id, _KEYS, skip=skip, limit=limit)]

    def requests(self, org_id: str, key_id: str) -> list[tuple[str, int]]:
        return self._ask(org_id, key_id, _REQUESTS)

    def _ask(self, org_id: str, key_id: str | None, sql: str, **more: int) -> list[Any]:
        values = {"org": org_id, "key": key_id, "window": CREDIT_WINDOW, "day": timedelta(days=1), **more}
        with borrowed(self._pool) as conn, conn.pipeline():
            conn.execute(SET_ORGANIZATION, (org_id,))
            return conn.execute(sql, values, binary=True).fetchall()


def _key_use(row: Row) -> KeyUse:
    id, name, last_four, scopes, status, limit, expires, previous, revoked, created = row[:10]
    newest_at, newest, first_at, first, recent, filling, now = row[10:]
    used = newest - first + 1 if first is not None else 0
    begins: datetime | None = filling if used >= limit and filling else first_at
    return KeyUse(
        id=id,
        name=name,
        last_four=last_four,
        scopes=tuple(scopes),
        status=status,
        limit=limit,
        used=used,
        last_day=newest - recent + 1 if recent is not None else 0,
        last_used_at=newest_at,
        expires_at=expires,
        previous_until=previous if previous and previous > now else None,
        revoked_at=revoked,
        created_at=created,
        reset_at=begins + CREDIT_WINDOW if begins else None,
        fully_reset_at=newest_at + CREDIT_WINDOW if newest_at and used else None,
        asked_at=now,
    )
