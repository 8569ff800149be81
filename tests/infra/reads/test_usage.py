"""Credits per day and hour: as many as the ledger has, at a cost that does not grow with them."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts.window import CREDIT_WINDOW
from infra.identity.keys import create_key
from infra.log.admission import PostgresAdmissionControl
from infra.postgres.database import connect_as_table_owner
from infra.projector.statement_sums import StatementSums
from infra.reads.account import SELECT_USAGE, PostgresAccountReads
from infra.worker.partitions import turn_credit_partitions
from projections.accounts.usage import USAGE
from tests.support.books import Books

MICROSECOND, HOUR = timedelta(microseconds=1), timedelta(hours=1)
ZONES = ["Asia/Kolkata", "Asia/Kathmandu", "America/New_York", "Australia/Lord_Howe", "Etc/GMT+12"]
"""Offsets of half and quarter hours; nights of 23, 23.5, 24.5 and 25 hours."""
END = datetime(2026, 11, 10, 12, 34, 56, 789012, tzinfo=UTC)
START = END - CREDIT_WINDOW
EDGES = [START, START + MICROSECOND, END, END + MICROSECOND, *(START + n * HOUR / 4 for n in range(-5, 2885))]

COUNTED = """
SELECT date_trunc(%(unit)s, at, %(zone)s), count(*) FROM credits
WHERE key_id = %(key)s AND at > %(start)s AND at <= %(end)s GROUP BY 1
"""
FILL = """
INSERT INTO credits SELECT %(key)s, n, %(start)s::timestamptz + n * (%(span)s::interval / %(count)s), 'GET', '/api/v1/x'
FROM generate_series(1, %(count)s) n
"""


def add_key(conn, books):
    return create_key(conn, books.id, "a test", ("billing:read",), 10, None).row["id"]


def spend(conn, key, times):
    """Insert requests into the ledger, numbered from 1 in the order of their times."""
    with conn.cursor() as cursor, cursor.copy("COPY credits (key_id, seq, at, method, route) FROM STDIN") as copy:
        for number, at in enumerate(sorted(times), 1):
            copy.write_row((key, number, at, "GET", "/api/v1/invoices"))


def counted(conn, zone, key, unit, start=START, end=END):
    """What the ledger has: the buckets that are not empty."""
    values = {"zone": zone, "key": key, "unit": unit, "start": start, "end": end}
    return dict(conn.execute(COUNTED, values).fetchall())


def answered(pool, books, key, unit, start=START, end=END, **options):
    """What the API says, without the empty buckets."""
    reads = PostgresAccountReads(pool, PostgresAdmissionControl(pool))
    buckets = reads.list_usage(books.id, key, unit, start, end, **options)
    assert [at for at, _ in buckets] == sorted({at for at, _ in buckets})
    return {at: credits for at, credits in buckets if credits}


edges = st.integers(0, len(EDGES) - 1).map(EDGES.__getitem__)  # `sampled_from` would write all of them in its messages
times = edges | st.timedeltas(-HOUR, CREDIT_WINDOW + HOUR).map(lambda passed: START + passed)


@given(zone=st.sampled_from(ZONES), times=st.lists(st.tuples(times, st.sampled_from([0, 0, 1, 40])), max_size=25))
def test_each_bucket_has_what_the_ledger_has(conn, module_pool, zone, times):
    books = Books(conn, zone)
    key = add_key(conn, books)
    spend(conn, key, [at + n * MICROSECOND for at, more in times for n in range(more + 1)])
    for unit in ("day", "hour"):
        assert answered(module_pool, books, key, unit) == counted(conn, zone, key, unit)


def test_requests_at_one_instant_are_all_counted(conn, module_pool, books):
    """After the clock was set back, a key's time stands still until the clock has caught up."""
    key = add_key(conn, books)
    spend(conn, key, [START] * 3 + [START + MICROSECOND] * 4 + [END - HOUR] * 5 + [END] * 6 + [END + HOUR] * 7)
    assert list(answered(module_pool, books, key, "hour").values()) == [4, 5, 6]


@pytest.mark.parametrize(("most", "expected"), [(0, []), (1, [1]), (4, [4]), (6, [4, 2]), (9, [4, 5]), (99, [4, 5])])
def test_what_was_spent_after_the_window_was_counted_is_left_out(conn, module_pool, books, most, expected):
    """Otherwise the buckets would add up to more than `used`."""
    key = add_key(conn, books)
    spend(conn, key, [START + HOUR] * 4 + [END] * 5)
    assert list(answered(module_pool, books, key, "day", most=most).values()) == expected


def test_the_worker_changes_no_answer_whatever_it_has_summed(conn, module_pool, books):
    key = add_key(conn, books)
    spend(conn, key, [START + n * 7 * HOUR for n in range(1, 100)])
    before = answered(module_pool, books, key, "hour")
    StatementSums(USAGE).add_new(conn)
    assert before == answered(module_pool, books, key, "hour") == counted(conn, "Asia/Kolkata", key, "hour")


def test_a_month_that_was_dropped_changes_no_answer(conn, module_pool, books):
    end = datetime.now(UTC)
    start = end - CREDIT_WINDOW
    month = (end - timedelta(days=130)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    name = f"credits_{month:%Y_%m}"
    bounds = f"FROM ('{month}') TO ('{month + timedelta(days=28)}')"
    conn.execute(f"CREATE TABLE {name} PARTITION OF credits FOR VALUES {bounds}")
    key = add_key(conn, books)
    spend(conn, key, [month + HOUR] * 3 + [start] * 2 + [start + n * HOUR for n in range(1, 700)])
    before = answered(module_pool, books, key, "day", start, end)
    turn_credit_partitions(conn)
    assert conn.execute("SELECT to_regclass(%s)", (name,)).fetchone() == (None,)
    assert before == answered(module_pool, books, key, "day", start, end)
    assert sum(before.values()) == 699


def test_another_organizations_key_has_no_credits(conn, module_pool, books):
    key = add_key(conn, Books(conn))
    spend(conn, key, [END])
    assert answered(module_pool, books, key, "day") == {}


def pages_read(conn, books, key, unit):
    """How many pages of 8 KiB the query reads; the first time, it also reads the catalogue."""
    values = {"org": books.id, "key": key, "start": START, "end": END, "unit": unit, "step": f"1 {unit}", "most": None}
    for _ in range(2):
        (answer,) = conn.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT json) {SELECT_USAGE}", values).fetchone()
    plan = json.loads(answer)[0]["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


@pytest.mark.parametrize(("unit", "most"), [("day", 250), ("hour", 4_000)])
def test_fifty_times_the_credits_read_no_more_pages(own_database, unit, most):
    with connect_as_table_owner(own_database) as conn:
        books = Books(conn, "Asia/Kolkata")
        keys = {count: add_key(conn, books) for count in (1_000, 50_000)}
        for count, key in keys.items():
            conn.execute(FILL, {"key": key, "count": count, "start": START, "span": CREDIT_WINDOW})
        conn.execute("VACUUM ANALYZE credits")
        conn.execute("SELECT set_config('app.org', %s, false)", (books.id,))
        few, many = (pages_read(conn, books, key, unit) for key in keys.values())
    assert many <= 1.25 * few <= most
