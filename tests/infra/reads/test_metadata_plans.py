"""How PostgreSQL finds invoices by metadata: a rare pair in its index, a frequent one in the order of the list."""

from contextlib import contextmanager

import psycopg
import pytest

from projections.invoice import INVOICE_LIST
from projections.query.metadata import pair_keys

FEW, MANY = 5_000, 130_000
"""With few, PostgreSQL looks up any pair in its index, however the statement is written."""
INSERT = """
INSERT INTO invoices (org_id, id, projection_version, invoice_number, financial_year, client_id, status, invoice_date,
    due_date, total_amount, is_overdue, search, created_at, updated_at, version, summary, details, metadata_keys)
SELECT 'org_1', 'inv_' || n, 2, 'N' || n, 2025, 'c', 'draft', '2026-01-01', '2026-02-01', 1, false, '',
    now() + n * interval '1 ms', now(), 1, json_build_object('pad', repeat('x', 50)), '{}',
    CASE WHEN n %% 2 = 0 THEN ARRAY['unique ' || n, %s] ELSE ARRAY['unique ' || n] END
FROM generate_series(1, %s) n
"""


@contextmanager
def made_again(conn):
    """Remove the indexes of the invoices for the block, and make them after it: filling each takes longer."""
    indexes = conn.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'invoices' AND indexdef NOT LIKE '%%UNIQUE%%'"
    ).fetchall()
    for name, _ in indexes:
        conn.execute(f"DROP INDEX {name}")
    yield
    for _, definition in indexes:
        conn.execute(definition)


@pytest.fixture
def many(own_database, request):
    """A connection to a database with many invoices, each with a pair of its own; half of them have one in common."""
    with psycopg.connect(own_database, autocommit=True) as conn:
        common = pair_keys({"source": "zapier"}) or []
        with made_again(conn):
            conn.execute(INSERT, (*common, request.param))
            conn.execute("UPDATE invoices SET metadata_keys = %s WHERE id = 'inv_77'", (pair_keys({"orderId": "77"}),))
        conn.execute("VACUUM ANALYZE invoices")
        conn.execute("SELECT set_config('app.org', 'org_1', false)")
        yield conn


RARE = [
    ({"metadata[orderId]": "77"}, "invoices_metadata"),
    ({"metadata[orderId]": "none"}, "invoices_metadata"),
    ({"metadata[orderId]": "none", "sort": "invoiceDate"}, "invoices_metadata"),
    ({"metadata[source]": "Zapier", "metadata[orderId]": "77"}, "invoices_metadata"),
]
FREQUENT = [({"metadata[source]": "zapier"}, "invoices_by_creation")]


@pytest.mark.parametrize(
    ("many", "plans"),
    [(FEW, RARE), pytest.param(MANY, RARE + FREQUENT, marks=pytest.mark.long)],
    indirect=["many"],
    ids=["few", "many"],
)
def test_a_rare_pair_is_looked_up_and_a_frequent_one_is_met_soon(many, plans):
    for params, index in plans:
        query = INVOICE_LIST.query("org_1", params)
        plan = "\n".join(line for (line,) in many.execute(f"EXPLAIN {query.sql}", query.args))
        assert index in plan, (params, plan)
