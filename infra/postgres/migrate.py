"""Forward-only migrations: numbered SQL files, each applied once, by one process at a time.

The checksum of each applied file is stored, so that a later change of the file is noticed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count

import psycopg
from psycopg import Connection

from infra.postgres.database import APP_ROLE, Row
from infra.postgres.schema.apply import apply
from infra.postgres.schema.checksums import ADD_CHECKSUM, check_unchanged, keep_checksums, keeps_checksums
from infra.postgres.schema.distributed.distribute import adapt
from infra.postgres.schema.files import Migration, MigrationError, list_migrations
from infra.postgres.schema.waits import LockLimits, try_until_unlocked

__all__ = ["Migration", "MigrationError", "list_applied", "list_pending", "migrate"]

ADVISORY_LOCK = 0x5D_DA_4D  # any number that no other program uses
CREATE_MIGRATIONS_TABLE = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    version    integer PRIMARY KEY,
    name       text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
)
"""
_LIMITS = LockLimits()
_TURN_POLL_SECONDS = 0.1
_POLLS_BEFORE_NOTE = 50
_ROLE = f"""
DO $$ BEGIN
    CREATE ROLE {APP_ROLE} NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$ BEGIN
    IF NOT pg_has_role(current_user, '{APP_ROLE}', 'MEMBER') THEN
        EXECUTE format('GRANT {APP_ROLE} TO %I', current_user);
    END IF;
END $$;
"""


def list_applied(conn: Connection[Row]) -> list[int]:
    """Return the numbers of the migrations that were applied to the database, in order."""
    if conn.execute("SELECT to_regclass('public.schema_migrations')").fetchone() == (None,):
        return []
    return [version for (version,) in conn.execute("SELECT version FROM schema_migrations ORDER BY version")]


def list_pending(conn: Connection[Row]) -> list[Migration]:
    """Return the migrations that the database lacks. Raises MigrationError when the database is newer than the code."""
    known, have = list_migrations(), list_applied(conn)
    if have and have[-1] > known[-1].version:
        raise MigrationError(
            f"The database has migration {have[-1]}, but this version of SmartDhandha knows only the migrations up to "
            f"{known[-1].version}: start the newer version instead."
        )
    return [migration for migration in known if migration.version not in have]


def migrate(
    conn: Connection[Row], on_note: Callable[[str], None] = lambda note: None, limits: LockLimits = _LIMITS
) -> list[Migration]:
    """Apply the pending migrations, and return them. The connection must be in autocommit mode.

    When several processes call this at once, one applies the migrations and the others wait. `on_note` is called with a
    sentence when a migration waits for another session, and when missing checksums are stored. Raises MigrationError
    if a migration fails to get its locks, the rights are not sufficient, the database is newer than the code, or the
    file of an applied migration was changed.
    """
    with _turn(conn, on_note):
        wanted = list_pending(conn)
        check_unchanged(conn)
        if wanted or not keeps_checksums(conn):
            prepare = partial(_prepare, conn, limits)
            try_until_unlocked(conn, "the table schema_migrations", limits, on_note, prepare)
        keep_checksums(conn, on_note)
        for migration in wanted:
            step = partial(apply, conn, migration, limits)
            try_until_unlocked(conn, f"migration {migration.title}", limits, on_note, step)
        if wanted:
            adapt(conn)
        return wanted


@contextmanager
def _turn(conn: Connection[Row], on_note: Callable[[str], None]) -> Iterator[None]:
    """Hold the advisory lock under which one process at a time migrates.

    This function polls for the lock and never waits for it in a statement. The process that has the lock may run CREATE
    INDEX CONCURRENTLY, which waits until all earlier statements have ended. Both processes would wait for ever.
    """
    polls = count(1)
    while conn.execute("SELECT pg_try_advisory_lock(%s)", (ADVISORY_LOCK,)).fetchone() != (True,):
        time.sleep(_TURN_POLL_SECONDS)
        if next(polls) == _POLLS_BEFORE_NOTE:
            on_note("Another process is migrating this database. Waiting until that process has finished.")
    try:
        yield
    except psycopg.errors.InsufficientPrivilege as error:
        raise MigrationError(
            f"The database user has too few rights to prepare the schema ({error.diag.message_primary}). Run "
            "'smartdhandha db migrate' as a user with CREATEROLE and with CREATE on the database, "
            f"or create the role {APP_ROLE} and grant it to this user first."
        ) from None
    finally:
        conn.execute("SELECT pg_advisory_unlock(%s)", (ADVISORY_LOCK,))


def _prepare(conn: Connection[Row], limits: LockLimits) -> None:
    if not conn.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (APP_ROLE,)).fetchone():
        conn.execute(_ROLE)
    conn.execute(_ROLE.partition("$$;")[2])
    with conn.transaction():
        limits.set_in_transaction(conn)
        conn.execute(CREATE_MIGRATIONS_TABLE)
        if not keeps_checksums(conn):  # only the owner of the table may run ALTER TABLE
            conn.execute(ADD_CHECKSUM)
