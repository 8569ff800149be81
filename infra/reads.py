"""Queries, each in one round trip and within one organization."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from psycopg import Connection, Cursor
from psycopg_pool import ConnectionPool

from domain.calendar import instant
from infra.database import Row, borrowed, set_organization
from projections.listing import ListQuery

Args = tuple[Any, ...] | dict[str, Any]

_ACCOUNT = """
SELECT o.org_id, o.name, o.time_zone, k.id, k.name, k.last_four, k.scopes, k.created_at, k.expires_at,
       (SELECT c.at FROM credit_list c WHERE c.org_id = o.org_id AND c.key_id = k.id ORDER BY c.at DESC LIMIT 1)
FROM organizations o JOIN api_key_list k ON k.org_id = o.org_id WHERE o.org_id = %s AND k.id = %s
"""

_USAGE = """
SELECT bucket, (
    SELECT count(*) FROM credit_list c
    WHERE c.org_id = o.org_id AND c.key_id = %(key)s AND c.at > %(start)s AND c.at <= %(end)s
    AND c.at >= bucket AND c.at < bucket + %(step)s::interval
)
FROM organizations o, LATERAL generate_series(
    date_trunc(%(unit)s, %(start)s::timestamptz, o.time_zone), %(end)s::timestamptz, %(step)s::interval, o.time_zone
) bucket
WHERE o.org_id = %(org)s ORDER BY bucket
"""


class PostgresReads:
    """The Reads on a pool of connections."""

    def __init__(self, pool: ConnectionPool[Connection[Row]]) -> None:
        self._pool = pool

    def page(self, org_id: str, query: ListQuery) -> list[tuple[Any, ...]]:
        # A search is planned for its own text: how rare the text is decides which index is the right one.
        return self._ask(org_id, query.sql, query.args, prepare=False if query.searching else None).fetchall()

    def one(self, org_id: str, view: str, id: str) -> tuple[bytes, bytes, int] | None:
        sql = f"SELECT summary, details, version FROM {view} WHERE org_id = %s AND id = %s"
        return cast("tuple[bytes, bytes, int] | None", self._ask(org_id, sql, (org_id, id)).fetchone())

    def account(self, org_id: str, key_id: str) -> dict[str, Any]:
        row = self._ask(org_id, _ACCOUNT, (org_id, key_id)).fetchone()
        assert row is not None
        expires, used = row[8], row[9]
        return {
            "organization": {"id": row[0], "name": row[1], "timeZone": row[2]},
            "key": {
                "id": row[3],
                "name": row[4],
                "lastFour": row[5],
                "scopes": row[6],
                "createdAt": instant(row[7]),
                "expiresAt": expires and instant(expires),
                "lastUsedAt": used and instant(used),
            },
        }

    def usage(
        self, org_id: str, key_id: str, granularity: str, start: datetime, end: datetime
    ) -> list[tuple[datetime, int]]:
        values = {
            "org": org_id,
            "key": key_id,
            "unit": granularity,
            "step": f"1 {granularity}",
            "start": start,
            "end": end,
        }
        return self._ask(org_id, _USAGE, values).fetchall()

    def _ask(self, org_id: str, sql: str, args: Args, prepare: bool | None = None) -> Cursor[Row]:
        with borrowed(self._pool) as conn, conn.pipeline():
            conn.execute("BEGIN")
            conn.execute(set_organization(org_id), prepare=False)
            answer = conn.execute(sql, args, prepare=prepare, binary=True)
            conn.execute("COMMIT")
        return answer
