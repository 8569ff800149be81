"""The worker and the ledger of credits: each request is summed once; months are created and dropped."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from infra.identity.keys import create_key
from infra.postgres.database import connect_as_table_owner
from infra.projector.statement_sums import StatementSums
from infra.worker.leader import run_tasks
from infra.worker.partitions import CREDITS_RETENTION, turn_credit_partitions
from projections.accounts.usage import USAGE
from tests.support.books import Books, run_of
from tests.support.waiting import run_at_once, wait_until


@pytest.fixture
def conn(own_database):
    with connect_as_table_owner(own_database) as opened:
        yield opened


@pytest.fixture
def key(conn):
    """The id of a key without requests."""
    return create_key(conn, Books(conn).id, "a test", ("billing:read",), 10, None).row["id"]


def spend(conn, key, *times):
    """Insert requests into the ledger, numbered from 1, and update the key's window."""
    for number, at in enumerate(times, 1):
        conn.execute("INSERT INTO credits VALUES (%s, %s, %s, 'GET', '/api/v1/invoices')", (key, number, at))
        conn.execute(
            "INSERT INTO credit_windows VALUES (%(key)s, 1, %(at)s, %(seq)s, %(at)s) "
            "ON CONFLICT (key_id) DO UPDATE SET last_seq = %(seq)s, last_at = %(at)s",
            {"key": key, "at": at, "seq": number},
        )


def sums(conn):
    return dict(conn.execute("SELECT hour, credits FROM usage_hours").fetchall())


def partitions(conn):
    children = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'credits'::regclass"
    return {name for (name,) in conn.execute(children)}


def month(moment, months=0):
    """The first instant of the month that is so many months later."""
    serial = moment.year * 12 + moment.month - 1 + months
    return datetime(serial // 12, serial % 12 + 1, 1, tzinfo=UTC)


def name_of(first):
    return f"credits_{first:%Y_%m}"


def add_partition(conn, first):
    bounds = f"FROM ('{first}') TO ('{month(first, 1)}')"
    conn.execute(f"CREATE TABLE {name_of(first)} PARTITION OF credits FOR VALUES {bounds}")


SUMS = StatementSums(USAGE)
OLD = datetime(2020, 2, 29, 23, 59, 59, 999999, tzinfo=UTC)


def test_new_requests_are_added_to_the_sums_once(conn, key):
    spend(conn, key, OLD, OLD)
    assert [SUMS.add_new(conn).events for _ in range(2)] == [2, 0]
    assert sums(conn) == {OLD.replace(minute=0, second=0, microsecond=0): 2}


def held(own_database, conn, work):
    """Run two functions at the same time; a lock holds both back until both have started."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with (
        connect_as_table_owner(own_database) as holder,
        connect_as_table_owner(own_database) as one,
        connect_as_table_owner(own_database) as two,
    ):

        def act(number):
            if number < 2:
                return work[number]((one, two)[number])
            wait_until(lambda: conn.execute(waiting).fetchone() == (2,))
            return holder.rollback()

        holder.execute("BEGIN")
        holder.execute("LOCK TABLE usage_hours IN SHARE MODE")
        return run_at_once(3, act)


@pytest.mark.parametrize("other", [SUMS.add_new, SUMS.rebuild])
def test_two_concurrent_sums_count_each_request_once(own_database, conn, key, other):
    spend(conn, key, *[datetime.now(UTC)] * 3)
    held(own_database, conn, (SUMS.add_new, other))
    assert list(sums(conn).values()) == [3]


def test_the_partitions_of_the_next_three_months_are_created(conn):
    ahead = {name_of(month(datetime.now(UTC), months)) for months in range(1, 4)}
    for name in ahead:
        conn.execute(f"DROP TABLE {name}")
    turn_credit_partitions(conn)
    assert ahead <= partitions(conn)


def test_a_month_is_dropped_when_all_of_it_is_past_its_retention(conn):
    last = month(datetime.now(UTC) - CREDITS_RETENTION)
    gone, kept = month(last, -1), last
    for first in (gone, kept):
        add_partition(conn, first)
    assert turn_credit_partitions(conn) == 1
    assert name_of(kept) in partitions(conn)
    assert name_of(gone) not in partitions(conn)


def test_requests_of_a_dropped_month_stay_in_the_sums(conn, key):
    add_partition(conn, month(OLD))
    spend(conn, key, OLD)
    turn_credit_partitions(conn)
    assert name_of(OLD) not in partitions(conn)
    assert list(sums(conn).values()) == [1]


def test_a_month_that_could_not_be_summed_is_kept(conn, key):
    add_partition(conn, month(OLD))
    spend(conn, key, OLD)
    conn.execute("ALTER TABLE usage_hours ADD CHECK (credits < 0)")
    run_tasks(conn)
    assert name_of(OLD) in partitions(conn)
    assert run_of(conn, "turn_credit_partitions")[1]


def test_a_rebuild_keeps_the_sums_of_a_dropped_month(conn, key):
    add_partition(conn, month(OLD))
    now = datetime.now(UTC)
    spend(conn, key, OLD, now - timedelta(microseconds=1), now)
    turn_credit_partitions(conn)
    before = sums(conn)
    SUMS.rebuild(conn)
    assert sums(conn) == before


def test_a_month_cannot_be_dropped_once_a_rebuild_has_begun(own_database, conn, key):
    """Otherwise its hours would be deleted, and nothing would be left from which to sum them again."""
    add_partition(conn, month(OLD))
    with connect_as_table_owner(own_database) as rebuilding, rebuilding.transaction():
        rebuilding.execute(USAGE.start_over[0], {"org": "org", "source": key})
        conn.execute("SET lock_timeout = '50ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            conn.execute(f"DROP TABLE {name_of(OLD)}")
