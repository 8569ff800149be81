"""Fills the records of requests of one large organization by SQL: 29 days, frequent and rare endings, and one id again
and again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from psycopg import Connection

from domain.calendar import instant
from infra.postgres.database import Row

KEY = "key_0"
"""A key with most of the requests. Nearly all requests of one method are of another key."""
PER_OBJECT = 3
"""The number of requests for each object of the organization."""
CONSTANT_ID = "constant"
_RECORDS = f"""
INSERT INTO request_records (org_id, key_id, at, id, request_id, method, route, status, error_code, duration_us)
SELECT %(org)s, key, now() - interval '29 days' * i / %(requests)s, lpad(to_hex(i), 14, '0'),
    CASE WHEN i %% 2 = 0 THEN '{CONSTANT_ID}' ELSE 'req_' || i END, split_part(ending, ' ', 1), '/api/v1/invoices',
    split_part(ending, ' ', 2)::smallint, nullif(split_part(ending, ' ', 3), ''), 900
FROM (
    SELECT i, CASE WHEN i > %(requests)s - 4 THEN 'DELETE 405 method_not_allowed'
        WHEN abs(i - %(requests)s / 2) < 2 THEN 'GET 403 insufficient_scope'
        WHEN i %% 10 = 8 THEN 'PUT 405 method_not_allowed' WHEN i %% 5003 = 5 THEN 'GET 503 unavailable'
        WHEN i %% 20 = 1 THEN 'POST 422 validation_failed' WHEN i %% 25 = 2 THEN 'GET 404 not_found'
        WHEN i %% 33 = 3 THEN 'GET 429 rate_limited' WHEN i %% 7 = 4 THEN 'POST 201' WHEN i %% 50 = 6 THEN 'PATCH 200'
        ELSE 'GET 200' END AS ending,
        CASE WHEN i %% 10 < 7 OR i > %(requests)s - 4 OR i %% 5003 = 5 THEN '{KEY}' WHEN i %% 10 < 9 THEN 'key_1'
            ELSE 'key_' || 2 + i %% 40 END AS key
    FROM generate_series(1, %(requests)s) i
) made
"""
_ENDINGS = """
INSERT INTO request_endings (org_id, key_id, ending, method, status, error_code, seen_on)
SELECT DISTINCT r.org_id, n.key_id, n.ending, r.method, r.status, r.error_code, current_date
FROM request_records r CROSS JOIN LATERAL (VALUES (r.key_id, r.key_ending), ('', r.org_ending)) n(key_id, ending)
"""


def fill_requests(conn: Connection[Row], org_id: str, objects: int) -> None:
    """Store the requests of an organization with so many objects. Only the partitions of the last weeks are there."""
    for weeks in range(1, 5):
        conn.execute("SELECT prepare_request_partitions((now() - interval '7 days' * %s)::date)", (weeks,))
    conn.execute(_RECORDS, {"org": org_id, "requests": PER_OBJECT * objects})
    conn.execute(_ENDINGS)
    for table in ("request_records", "request_endings"):
        conn.execute(f"VACUUM ANALYZE {table}")


def days_ago(days: float) -> str:
    """Return the instant so many days before now, as a client writes it."""
    return instant(datetime.now(UTC) - timedelta(days=days))
