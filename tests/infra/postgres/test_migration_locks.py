"""The dry run lists what the pending migrations lock, and changes nothing."""

import json

from infra.postgres.database import connect_as_table_owner
from infra.postgres.migrate import list_applied, migrate
from infra.postgres.schema.files import OUTSIDE, list_migrations
from infra.postgres.schema.locks import BLOCKS, list_locks
from tests.support.command_line import environment, run
from tests.support.upgrade import create_database

HELD = """
SELECT DISTINCT relation::regclass::text, mode FROM pg_locks
WHERE pid = pg_backend_pid() AND locktype = 'relation' AND relation = ANY(%s)
"""
TABLES = "SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')"
WEAK = {"ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE"}


def test_the_list_has_the_strongest_lock_that_each_migration_takes(postgres, own_database):
    with connect_as_table_owner(create_database(postgres, own_database, 1)) as conn:
        for migration in list_migrations()[1:]:
            listed = dict(list_locks(conn, migration))
            before = [oid for (oid,) in conn.execute(TABLES)]
            if not migration.is_transactional:  # holds no lock at its end: see the test of CREATE INDEX CONCURRENTLY
                for step in migration.steps:
                    conn.execute(step.sql)
                continue
            with conn.transaction():
                conn.execute(migration.sql)
                held = conn.execute(HELD, (before,)).fetchall()
            missing = [(table, mode) for table, mode in map(_named, held) if not _covers(listed.get(table), mode)]
            assert missing == [], migration.title


def _named(lock):
    """Return the table and the mode as SQL calls it: AccessExclusiveLock is ACCESS EXCLUSIVE."""
    table, mode = lock
    words = "".join(f" {letter}" if letter.isupper() else letter for letter in mode.removesuffix("Lock"))
    return table, words.strip().upper()


def _covers(listed, mode):
    order = list(BLOCKS)
    return mode in WEAK or (listed is not None and order.index(listed) <= order.index(mode))


def test_a_dry_run_lists_each_pending_migration_and_changes_nothing(postgres, own_database):
    conninfo = create_database(postgres, own_database, 12)
    env = environment(DATABASE_URL=conninfo)
    shown = json.loads(run("db", "migrate", "--dry-run", "--json", env=env).out)["pending"]
    assert [plan["migration"] for plan in shown] == [each.title for each in list_migrations()[12:]]
    invoices = {"table": "invoices", "mode": "ACCESS EXCLUSIVE", "blocks": "reads and writes wait"}
    assert shown[0]["inTransaction"] is True and invoices in shown[0]["locks"]
    text = run("db", "migrate", "--dry-run", env=env).out
    assert "0013 one_text_index: one transaction\n  bills: ACCESS EXCLUSIVE (reads and writes wait)\n" in text
    with connect_as_table_owner(conninfo) as conn:
        assert list_applied(conn) == list(range(1, 13))


def test_an_index_that_is_created_concurrently_lets_writes_pass(conn, release):
    migration = release(f"{OUTSIDE}\nCREATE INDEX CONCURRENTLY IF NOT EXISTS more ON invoices (id);")
    assert [(lock.table, lock.mode) for lock in list_locks(conn, migration)] == [("invoices", "SHARE UPDATE EXCLUSIVE")]
    assert migrate(conn) == [migration]
    assert list_locks(conn, migration._replace(sql="DROP INDEX more;"))[0].table == "invoices"


def test_without_pending_migrations_there_is_nothing_to_list(own_database):
    shown = run("db", "migrate", "--dry-run", env=environment(DATABASE_URL=own_database)).out
    assert shown == "Nothing to do: no migration is pending.\n"
