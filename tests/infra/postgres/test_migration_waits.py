"""A migration waits briefly for its locks, tries again, and names the session that holds them."""

import threading

import pytest
from psycopg import sql

from infra.postgres.database import connect_as_table_owner
from infra.postgres.migrate import MigrationError, list_applied, migrate
from infra.postgres.schema.waits import LockLimits
from tests.support.waiting import run_at_once

ALTER = "CREATE TABLE beside (a int); ALTER TABLE invoices ADD COLUMN more text;"


@pytest.fixture
def holder(own_database):
    """A session that reads invoices and does not end its transaction."""
    with connect_as_table_owner(own_database) as session:
        session.execute("SET application_name = 'a forgotten psql'")
        session.execute("BEGIN; SELECT count(*) FROM invoices")
        yield session


def test_after_its_attempts_it_names_the_session_and_has_applied_nothing(conn, holder, release):
    migration = release(ALTER)
    with pytest.raises(MigrationError) as refused:
        migrate(conn, limits=LockLimits(transaction_seconds=1.0, attempts=2, pause_seconds=0.01))
    message, pid = str(refused.value), holder.info.backend_pid
    assert f"migration {migration.title} was not free in 2 attempts" in message
    assert f"held by session {pid} (user postgres, a forgotten psql, idle in transaction, in a transaction" in message
    assert f"pg_terminate_backend({pid})" in message
    assert list_applied(conn)[-1] == migration.version - 1
    assert conn.execute("SELECT to_regclass('beside')").fetchone() == (None,)


def test_it_is_applied_once_the_session_has_ended(conn, holder, release):
    migration, notes = release(ALTER), []

    def note(text):
        notes.append(text)
        holder.execute("ROLLBACK")

    limits = LockLimits(transaction_seconds=1.0, attempts=20, pause_seconds=0.01)
    assert migrate(conn, note, limits) == [migration]
    assert len(notes) == 1 and f"session {holder.info.backend_pid}" in notes[0]


def test_while_it_waits_for_its_next_attempt_others_can_read(conn, holder, own_database, release):
    """The lock that a migration waits for stops everyone behind it. So the wait must end."""
    release(ALTER)
    limits, waits = LockLimits(transaction_seconds=0.8, attempts=2, pause_seconds=0.01), threading.Event()
    waiting = threading.Thread(target=lambda: _refused(conn, limits, waits))
    waiting.start()
    assert waits.wait(30)
    with connect_as_table_owner(own_database) as reader:
        reader.execute("SET lock_timeout = '10s'")
        assert reader.execute("SELECT count(*) FROM invoices").fetchone() == (0,)
    waiting.join(30)


def _refused(conn, limits, waits):
    with pytest.raises(MigrationError):
        migrate(conn, lambda note: waits.set(), limits)


def test_a_session_of_another_user_is_named_although_its_details_are_hidden(conn, holder, own_database, release):
    """The user of a managed database is no superuser, and PostgreSQL then hides what other users do."""
    release("LOCK TABLE invoices;")
    conn.execute("DO $$ BEGIN CREATE ROLE migrator LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
    name = sql.Identifier(conn.info.dbname)
    conn.execute(sql.SQL("GRANT CREATE ON DATABASE {} TO migrator").format(name))
    conn.execute("GRANT smartdhandha_app TO migrator WITH ADMIN OPTION; GRANT ALL ON SCHEMA public TO migrator")
    conn.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO migrator; ALTER ROLE migrator PASSWORD 'secret'")
    conn.execute("ALTER TABLE schema_migrations OWNER TO migrator")
    user = f"{own_database} user=migrator password=secret"
    with connect_as_table_owner(user) as migrator, pytest.raises(MigrationError, match="a forgotten psql") as refused:
        migrate(migrator, limits=LockLimits(transaction_seconds=1.0, attempts=1))
    assert f"session {holder.info.backend_pid} (user postgres, a forgotten psql)" in str(refused.value)


def test_of_four_that_start_at_once_three_wait_until_the_lock_was_free(conn, holder, own_database, release):
    migration = release(ALTER)
    limits = LockLimits(transaction_seconds=1.0, attempts=30, pause_seconds=0.01)

    def start(_):
        with connect_as_table_owner(own_database) as starting:
            return migrate(starting, lambda note: holder.execute("ROLLBACK"), limits)

    assert sorted(run_at_once(4, start)) == [[], [], [], [migration]]
