"""Earlier rows of the sample data, and what a page of a list with `asOf` costs."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from infra.postgres.database import Row, set_organization
from projections.query.page import ListQuery
from projections.query.past.lists import FOLDED
from tests.growth.data import indexed_afterwards

FILL = """
INSERT INTO past_rows (org_id, id, version, kind, cell, until, status, party_id, first_day, second_day, total_amount,
    number, is_overdue, search, beginnings, metadata_keys, created_at, updated_at, summary, details)
SELECT org_id, id, v, 'invoice', 1e9::bigint * grid + floor(extract(epoch FROM since) / (57600 * 4 ^ grid)), until,
    earlier, client_id, invoice_date, due_date, total_amount, invoice_number,
    v = 3 AND status = 'paid' AND due_date < until, search, beginnings, metadata_keys, created_at, since, summary,
    details
FROM (
    SELECT *, greatest(0, ceil(log(4, extract(epoch FROM (updated_at - created_at) / 3) / 57600)))::int AS grid,
        created_at + (updated_at - created_at) * (v - 1) / 3 AS since,
        created_at + (updated_at - created_at) * v / 3 AS until
    FROM invoices CROSS JOIN (VALUES (1, 'draft'), (2, 'sent'), (3, 'sent')) earlier (v, earlier)
    WHERE updated_at > created_at + interval '1 minute'
) each ORDER BY until
"""
"""Each invoice was a draft, then sent, then overdue if it was paid late: each for a third of the time until then."""


def fill_past(conn: Connection[Row]) -> None:
    """Fill `past_rows` from the invoices."""
    with indexed_afterwards(conn, "past_rows"):
        conn.execute(FILL)
    conn.execute("VACUUM ANALYZE past_rows")


def without_folded(query: ListQuery) -> ListQuery:
    """Return the statement for a moment at which the worker had read everything."""
    return query._replace(args=tuple("[]" if value is FOLDED else value for value in query.args))


def middle_of(conn: Connection[Row], org_id: str, query: ListQuery) -> tuple[Any, ...] | None:
    """Return the sort value and the id of the row in the middle of the list, whose statement must select all rows."""
    with conn.transaction():
        conn.execute(set_organization(org_id))
        rows = conn.execute(query.sql, without_folded(query).args).fetchall()
    return rows[len(rows) // 2][1:3] if len(rows) > 1 else None
