"""A migration that was changed after it was applied is noticed, at each start and by `db status`."""

import json

import pytest

from infra.postgres.database import connect_as_table_owner
from infra.postgres.migrate import MigrationError, migrate
from infra.postgres.schema.checksums import list_changed
from infra.postgres.schema.files import list_migrations
from tests.support.command_line import environment, run
from tests.support.upgrade import create_database

STORED = "SELECT version, checksum FROM schema_migrations ORDER BY version"
OF_FILES = [(each.version, each.checksum) for each in list_migrations()]


def test_each_applied_migration_has_its_checksum(conn):
    assert conn.execute(STORED).fetchall() == OF_FILES


def test_a_changed_migration_stops_each_start_and_says_what_to_do(conn, release):
    release("SELECT 1;", version=3)
    for _ in range(2):
        with pytest.raises(MigrationError, match=r"migration 0003 test was changed .* Restore the file") as refused:
            migrate(conn)
    conn.execute(str(refused.value).partition("accepts the file: ")[2])
    assert migrate(conn) == [] and list_changed(conn) == []


def test_a_changed_migration_is_noticed_before_a_new_one_is_applied(conn, release):
    release("CREATE TABLE never (a int);")
    conn.execute("UPDATE schema_migrations SET checksum = 'other' WHERE version = 9")
    with pytest.raises(MigrationError, match="0009 number_keys"):
        migrate(conn)
    assert conn.execute("SELECT to_regclass('never')").fetchone() == (None,)


def test_the_status_names_the_changed_migrations(conn, own_database):
    conn.execute("UPDATE schema_migrations SET checksum = 'other' WHERE version IN (2, 9)")
    env = environment(DATABASE_URL=own_database)
    shown = json.loads(run("db", "status", "--json", env=env, status=1).out)
    assert shown["changed"] == ["0002 bills_and_leaves", "0009 number_keys"]
    assert "0002 bills_and_leaves was changed" in run("db", "status", env=env, status=1).out
    assert "0009 number_keys" in run("db", "migrate", "--dry-run", env=env, status=1).err


def test_a_database_of_an_earlier_version_gets_its_checksums_at_the_first_start(postgres, own_database):
    notes: list[str] = []
    newest = len(list_migrations())
    with connect_as_table_owner(create_database(postgres, own_database, newest)) as conn:
        assert list_changed(conn) == []
        assert migrate(conn, notes.append) == []
        assert conn.execute(STORED).fetchall() == OF_FILES
        assert notes == [f"Stored the checksums of {newest} migrations that an earlier version has applied."]
        assert migrate(conn, notes.append) == [] and len(notes) == 1
