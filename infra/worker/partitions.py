"""The tasks for tables with partitions by time: they create the next ones, and drop those that are too old."""

from __future__ import annotations

from datetime import datetime, timedelta

from psycopg import Connection, sql

from domain.accounts.window import CREDIT_WINDOW, REQUESTS_KEPT
from domain.privacy.retention import days_of_processing
from infra.postgres.database import Row, get_now
from infra.projector.runner import sum_runner_of
from infra.worker.batches import delete_batches
from projections.accounts.usage import USAGE

CREDITS_RETENTION = timedelta(days=92)
"""How long the ledger of credits keeps each request. The limit of a key needs the requests of the last 30 days."""
BUDGET_CREDITS_RETENTION = CREDIT_WINDOW + timedelta(days=1)
"""How long the ledger of budgets keeps each request."""


_SELECT_PARTITIONS = """
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = to_regclass('public.' || %s) AND c.relname ~ ('^' || %s || '_[0-9_]+$') ORDER BY c.relname
"""
_DELETE_OLD_COUNTS = """
DELETE FROM request_counts WHERE (org_id, key_id, at) IN (
    SELECT org_id, key_id, at FROM request_counts WHERE at < now() - %s::interval ORDER BY at LIMIT %s
)
"""
_DELETE_OLD_ENDINGS = """
DELETE FROM request_endings WHERE (org_id, key_id, ending) IN (
    SELECT org_id, key_id, ending FROM request_endings WHERE seen_on < (now() - %s::interval)::date
    ORDER BY seen_on LIMIT %s
)
"""


def turn_credit_partitions(conn: Connection[Row]) -> int:
    """Create the partitions of both ledgers for the next months. Drop old partitions. Return how many were dropped.

    A partition is dropped when all of its rows are older than CREDITS_RETENTION or BUDGET_CREDITS_RETENTION.
    """
    now = get_now(conn)
    sum_runner_of(USAGE).add_new(conn)  # rows may be dropped only after they were added to the sums
    conn.execute("SELECT prepare_credit_partitions(%s)", (now.date(),))
    retentions = {"credits": CREDITS_RETENTION, "budget_credits": BUDGET_CREDITS_RETENTION}
    lasts = {ledger: now - retention for ledger, retention in retentions.items()}
    return sum(_drop(conn, ledger, f"{last:%Y_%m}", last) for ledger, last in lasts.items())


def turn_request_partitions(conn: Connection[Row]) -> int:
    """Create the partitions of the records of requests for the next weeks. Drop old ones. Return how many were dropped.

    A partition is dropped when all of its rows are older than REQUESTS_KEPT, or than the law asks for. Requests are
    shown for REQUESTS_KEPT.
    """
    now = get_now(conn)
    conn.execute("SELECT prepare_request_partitions(%s)", (now.date(),))
    last = now - at_least_as_the_law(REQUESTS_KEPT, now)
    monday = last - timedelta(days=last.weekday())
    return _drop(conn, "request_records", f"{monday:%Y_%m_%d}", last)


def at_least_as_the_law(retention: timedelta, now: datetime) -> timedelta:
    """Return how long records of who has done what are kept: as long as wanted, and as long as the law asks for."""
    return max(retention, timedelta(days=days_of_processing(now.date())))


def forget_request_counts(conn: Connection[Row]) -> int:
    """Delete the counts and the endings of requests that are older than REQUESTS_KEPT. Return how many were deleted."""
    age = REQUESTS_KEPT + timedelta(days=1)
    return delete_batches(conn, _DELETE_OLD_COUNTS, age) + delete_batches(conn, _DELETE_OLD_ENDINGS, age)


def _drop(conn: Connection[Row], table: str, oldest: str, last: datetime) -> int:
    """Drop the partitions of a table whose names end in less than `oldest`. Return how many were dropped.

    The partition whose name ends in `_other` has the rows that had no partition. Those from before `last` are deleted.
    """
    names = [name for (name,) in conn.execute(_SELECT_PARTITIONS, (table, table)).fetchall()]
    dropped = [name for name in names if name < f"{table}_{oldest}"]
    for name in dropped:
        conn.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier("public", name)))
    conn.execute(sql.SQL("DELETE FROM {} WHERE at < %s").format(sql.Identifier("public", f"{table}_other")), (last,))
    return len(dropped)
