"""Migrations: each once, in order, also when several processes start at the same moment; and never backwards."""

import pytest

from infra.postgres.database import connect_as_table_owner
from infra.postgres.migrate import MigrationError, list_applied, list_pending, migrate
from infra.postgres.schema.files import list_migrations
from tests.support.waiting import run_at_once


def test_migrations_are_numbered_from_one_without_a_gap():
    known = list_migrations()
    assert [migration.version for migration in known] == list(range(1, len(known) + 1))


def test_an_empty_database_is_brought_up_to_date_and_then_has_nothing_to_do(empty):
    with connect_as_table_owner(empty) as conn:
        assert list_applied(conn) == []
        assert migrate(conn) == list_migrations()
        assert list_applied(conn) == [migration.version for migration in list_migrations()]
        assert migrate(conn) == []


def test_of_ten_that_start_at_once_one_applies_and_nine_wait(empty):
    def start(_):
        with connect_as_table_owner(empty) as conn:
            return len(migrate(conn))

    assert sorted(run_at_once(10, start)) == [0] * 9 + [len(list_migrations())]


def test_to_ask_what_is_pending_changes_nothing(empty):
    with connect_as_table_owner(empty) as conn:
        assert list_pending(conn) == list_migrations()
        assert conn.execute("SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace").fetchall() == []


def test_a_database_that_is_newer_than_the_code_is_left_alone(own_database):
    with connect_as_table_owner(own_database) as conn:
        conn.execute("INSERT INTO schema_migrations (version, name) VALUES (9999, 'from the future')")
        with pytest.raises(MigrationError, match="has migration 9999, but this version"):
            migrate(conn)


def test_after_a_refusal_the_next_one_need_not_wait(own_database):
    with connect_as_table_owner(own_database) as conn:
        conn.execute("INSERT INTO schema_migrations (version, name) VALUES (9999, 'from the future')")
        with pytest.raises(MigrationError):
            migrate(conn)
        assert (
            conn.execute("SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()").fetchall() == []
        )


def test_a_migration_that_fails_leaves_nothing_half_done(empty):
    with connect_as_table_owner(empty) as conn:
        conn.execute("CREATE TABLE credits_other (in_the_way int)")
        with pytest.raises(Exception, match="credits_other"):
            migrate(conn)
        assert list_applied(conn) == []
        assert conn.execute("SELECT to_regclass('events')").fetchone() == (None,)


def test_a_user_who_may_not_prepare_the_schema_reads_what_to_do(empty):
    with connect_as_table_owner(empty) as conn:
        conn.execute("DO $$ BEGIN CREATE ROLE powerless LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
        conn.execute("SET ROLE powerless")
        with pytest.raises(MigrationError, match="db migrate"):
            migrate(conn)
