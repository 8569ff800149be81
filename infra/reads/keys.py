"""Queries on an organization's keys and their rolling credit windows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from psycopg.rows import args_row

from api.ports.keys import LEAK_NOTICE_DAYS, BudgetUse, KeyUse, LeakNotice, RouteUse, ThresholdNotice
from api.ports.request.deadline import deadline
from domain.accounts.window import CREDIT_WINDOW
from domain.api_key import state_at
from infra.identity.budget import read_budget
from infra.log.admission import PLAN_BY_VALUE
from infra.postgres.database import open_pipeline_of
from infra.postgres.pool import Pool, borrow_connection, borrow_for_long_read, borrow_wire
from infra.postgres.statements import call_of
from projections.accounts.api_key import KeySearch
from projections.query.page import ListQuery, Page
from projections.views.keys import list_working

# A key's requests are numbered without gaps (see admit()). So the number of requests in the window is the number of its
# last request minus the number of its first request, plus 1. Indexes of the table `credits` find these requests.
SELECT_KEYS = """
SELECT k.id, k.name, k.last_four, k.scopes, k.status, k.credit_limit, k.expires_at, k.earlier_secrets,
       k.revoked_at, k.created_at, k.version, k.manages_keys, k.found_at, now.at, newest.at, newest.seq,
       oldest.at, oldest.seq, recent.seq, next_free.at, coalesce(k.allowed_cidrs, '{{}}'), k.burst
FROM (SELECT clock_timestamp() AS at) now
CROSS JOIN api_key_list k
LEFT JOIN LATERAL (
    SELECT c.at, c.seq FROM credit_list c WHERE c.org_id = %(org)s AND c.key_id = k.id
    ORDER BY c.at DESC, c.seq DESC LIMIT 1
) newest ON true
LEFT JOIN LATERAL (
    SELECT c.at, c.seq FROM credit_list c WHERE c.org_id = %(org)s AND c.key_id = k.id AND c.at > now.at - %(window)s
    ORDER BY c.at, c.seq LIMIT 1
) oldest ON true
LEFT JOIN LATERAL (
    SELECT c.seq FROM credit_list c WHERE c.org_id = %(org)s AND c.key_id = k.id AND c.at > now.at - %(day)s
    ORDER BY c.at, c.seq LIMIT 1
) recent ON true
LEFT JOIN LATERAL (
    SELECT c.at FROM credit_list c
    WHERE c.org_id = %(org)s AND c.key_id = k.id AND c.seq = newest.seq - k.credit_limit + 1
    AND c.at > now.at - %(window)s
) next_free ON true
WHERE k.org_id = %(org)s AND (%(keys)s::text[] IS NULL OR k.id = ANY (%(keys)s)) {search}
ORDER BY k.status = 'active' AND (k.expires_at > now.at) IS NOT FALSE DESC, k.created_at DESC, k.id DESC
OFFSET %(skip)s LIMIT %(limit)s
"""

SELECT_KEYS_AT_THRESHOLD = """
SELECT id, name, threshold FROM api_key_list
WHERE org_id = %s AND threshold > 0 AND status = 'active' AND (expires_at > clock_timestamp()) IS NOT FALSE
ORDER BY threshold DESC, name, id LIMIT 20
"""
SELECT_BUDGET_AT_THRESHOLD = """
SELECT id, NULL::text, threshold FROM budget_list WHERE org_id = %s AND threshold > 0 AND credit_limit IS NOT NULL
"""

SELECT_LEAKED = """
SELECT id, name, found_at, revoked_at FROM api_key_list
WHERE org_id = %(org)s AND found_at IS NOT NULL AND revoked_at > clock_timestamp() - %(time)s
ORDER BY revoked_at DESC, id LIMIT 20
"""

# `usage_hours` has sums of whole hours. The window's first hour, which is not whole, and requests that are not in the
# sums yet are counted in `credits`.
SELECT_ROUTES = """
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


class KeyRow(NamedTuple):
    """A row of SELECT_KEYS. The requests of a key are numbered without gaps."""

    id: str
    name: str
    last_four: str
    scopes: list[str]
    status: str
    limit: int
    expires_at: datetime | None
    earlier_secrets: bytes
    """JSON: the secrets that worked when the row was stored."""
    revoked_at: datetime | None
    created_at: datetime
    version: int
    manages_keys: bool
    found_at: str | None
    asked_at: datetime
    newest_at: datetime | None
    """The time of the last request."""
    newest: int | None
    """The number of the last request."""
    oldest_at: datetime | None
    """The time of the first request in the window."""
    oldest: int | None
    """The number of the first request in the window."""
    recent: int | None
    """The number of the first request in the last 24 hours."""
    next_free_at: datetime | None
    """If the key has no credit left, it has one again when this request leaves the window: the time of the request.

    Ignore this value if the key has credit left.
    """
    allowed_cidrs: list[str]
    burst: int | None

    def requests_since(self, first: int | None) -> int:
        """Return how many requests the key has made since the request with this number, including it; 0 for None."""
        return 0 if first is None or self.newest is None else self.newest - first + 1


class PostgresKeyReads:
    """Implements the port KeyReads with a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def list_keys(
        self, org_id: str, ids: Sequence[str] | None = None, *, search: str = "", skip: int = 0, limit: int = 1
    ) -> list[KeyUse]:
        wanted = {"org": org_id, "keys": ids and list(ids), "window": CREDIT_WINDOW, "day": timedelta(days=1)}
        condition, text = _search(search) if search else ("", None)
        values = {**wanted, "skip": skip, "limit": limit if ids is None else len(ids), "search": text}
        borrowed = borrow_for_long_read(self._pool, org_id) if ids is None else borrow_connection(self._pool)
        with borrowed as conn, open_pipeline_of(conn, org_id):
            cursor = conn.cursor(binary=True, row_factory=args_row(KeyRow))
            cursor.execute(SELECT_KEYS.format(search=condition), values)
        return [_key_use(row) for row in cursor]

    def get_budget(self, org_id: str) -> BudgetUse | None:
        return read_budget(self._pool, org_id)

    def list_thresholds(self, org_id: str) -> list[ThresholdNotice]:
        with borrow_for_long_read(self._pool, org_id) as conn, open_pipeline_of(conn, org_id):
            found = [
                conn.cursor(binary=True, row_factory=args_row(ThresholdNotice)).execute(sql, (org_id,))
                for sql in (SELECT_BUDGET_AT_THRESHOLD, SELECT_KEYS_AT_THRESHOLD)
            ]
        return [notice for rows in found for notice in rows.fetchall()]

    def list_leaked(self, org_id: str) -> list[LeakNotice]:
        values = {"org": org_id, "time": timedelta(days=LEAK_NOTICE_DAYS)}
        with borrow_for_long_read(self._pool, org_id) as conn, open_pipeline_of(conn, org_id):
            cursor = conn.cursor(binary=True, row_factory=args_row(LeakNotice)).execute(SELECT_LEAKED, values)
        return cursor.fetchall()

    def list_requests(self, org_id: str, query: ListQuery) -> Page:
        calls = (PLAN_BY_VALUE.call(org_id), call_of(query.sql, query.args))
        with borrow_wire(self._pool) as wire:
            return query.page_of(wire.send(deadline(), calls)[0])

    def list_routes(self, org_id: str, key_id: str) -> list[RouteUse]:
        values = {"org": org_id, "key": key_id, "window": CREDIT_WINDOW}
        with borrow_for_long_read(self._pool, org_id) as conn, open_pipeline_of(conn, org_id):
            cursor = conn.cursor(binary=True, row_factory=args_row(RouteUse)).execute(SELECT_ROUTES, values)
        return cursor.fetchall()


def _search(text: str) -> tuple[str, str]:
    """Return the condition of a search, and the value of its parameter. Raises InvalidValue."""
    condition = KeySearch().condition(text)
    return f"AND {condition.sql.replace('%s', '%(search)s')}", condition.values()[0]


def _key_use(row: KeyRow) -> KeyUse:
    used = row.requests_since(row.oldest)
    is_full = used >= row.limit and row.next_free_at is not None
    frees_at = row.next_free_at if is_full else row.oldest_at
    return KeyUse(
        id=row.id,
        name=row.name,
        last_four=row.last_four,
        scopes=tuple(row.scopes),
        status=row.status,
        limit=row.limit,
        used=used,
        last_day=row.requests_since(row.recent),
        last_used_at=row.newest_at,
        expires_at=row.expires_at,
        allowed_cidrs=tuple(row.allowed_cidrs),
        burst=row.burst,
        earlier_secrets=list_working(
            row.earlier_secrets, state_at(row.status, row.expires_at, row.asked_at), row.asked_at
        ),
        revoked_at=row.revoked_at,
        created_at=row.created_at,
        version=row.version,
        manages_keys=row.manages_keys,
        found_at=row.found_at,
        reset_at=frees_at + CREDIT_WINDOW if frees_at else None,
        fully_reset_at=row.newest_at + CREDIT_WINDOW if row.newest_at and used else None,
        asked_at=row.asked_at,
    )
