"""A migration outside a transaction creates indexes while the service writes, however often it is interrupted."""

import psycopg
import pytest

from infra.postgres.database import connect_as_table_owner
from infra.postgres.migrate import MigrationError, list_applied, migrate
from infra.postgres.schema.files import OUTSIDE
from infra.postgres.schema.waits import LockLimits
from tests.support.waiting import run_at_once

INDEX = f"""{OUTSIDE}
-- Two indexes.
CREATE INDEX CONCURRENTLY IF NOT EXISTS beside_a ON beside (a);
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS beside_b ON beside (b);
"""
VALID = "SELECT indexrelid::regclass::text, indisvalid FROM pg_index WHERE indrelid = 'beside'::regclass ORDER BY 1"
BOTH = [("beside_a", True), ("beside_b", True)]


@pytest.fixture
def beside(conn):
    conn.execute("CREATE TABLE beside (a int, b int)")
    conn.execute("INSERT INTO beside SELECT n, n FROM generate_series(1, 1000) n")


def test_its_indexes_are_created_concurrently(conn, beside, release):
    migration = release(INDEX)
    assert migrate(conn) == [migration]
    assert conn.execute(VALID).fetchall() == BOTH
    assert conn.execute("SHOW lock_timeout").fetchone() == ("0",)
    assert migrate(conn) == []


def test_the_next_start_drops_an_index_that_was_left_invalid_and_goes_on(conn, beside, release):
    conn.execute("INSERT INTO beside VALUES (0, 1)")
    migration = release(INDEX)
    with pytest.raises(psycopg.errors.UniqueViolation):
        migrate(conn)
    assert conn.execute(VALID).fetchall() == [("beside_a", True), ("beside_b", False)]
    assert list_applied(conn)[-1] == migration.version - 1
    conn.execute("DELETE FROM beside WHERE a = 0")
    assert migrate(conn) == [migration]
    assert conn.execute(VALID).fetchall() == BOTH


def test_several_that_start_at_once_do_not_wait_for_each_other_for_ever(beside, own_database, release):
    """CREATE INDEX CONCURRENTLY waits for each statement that runs, so a process may not wait for its turn in one."""
    migration = release(INDEX)

    def start(_):
        with connect_as_table_owner(own_database) as conn:
            return migrate(conn)

    assert sorted(run_at_once(6, start)) == [[], [], [], [], [], [migration]]


def test_it_names_the_transaction_that_it_waits_for(conn, beside, own_database, release):
    release(INDEX)
    with connect_as_table_owner(own_database) as holder:
        holder.execute("BEGIN; INSERT INTO beside VALUES (0, 0)")
        with pytest.raises(MigrationError, match=f"held by session {holder.info.backend_pid} "):
            migrate(conn, limits=LockLimits(outside_seconds=1.0, attempts=1))
    assert len(migrate(conn)) == 1
    assert conn.execute(VALID).fetchall() == BOTH
