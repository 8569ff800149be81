"""Forward-only migrations: numbered SQL files, each applied in a transaction, by one process at a time."""

from __future__ import annotations

from importlib import resources
from typing import NamedTuple

import psycopg
from psycopg import Connection

from infra.postgres.database import APP_ROLE, Row

ADVISORY_LOCK = 0x5D_DA_4D  # any number that no other program uses
CREATE_MIGRATIONS_TABLE = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    version    integer PRIMARY KEY,
    name       text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
)
"""
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


class MigrationError(Exception):
    """The schema cannot be migrated; the message says what to do."""


class Migration(NamedTuple):
    """One migration: its number, its name, and its SQL."""

    version: int
    name: str
    sql: str


def list_migrations() -> list[Migration]:
    """Return all migrations that this version of the code contains, in order."""
    files = sorted(resources.files("infra.postgres.migrations").iterdir(), key=lambda file: file.name)
    return [
        Migration(int(file.name[:4]), file.name[5:-4], file.read_text("utf-8"))
        for file in files
        if file.name.endswith(".sql")
    ]


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
            f"The database is at migration {have[-1]}, newer than this version of SmartDhandha knows "
            f"({known[-1].version}); start the newer version instead."
        )
    return [migration for migration in known if migration.version not in have]


def migrate(conn: Connection[Row]) -> list[Migration]:
    """Apply the pending migrations, each in its own transaction, and return them.

    When several processes call this at once, one applies the migrations and the others wait. Raises MigrationError.
    """
    conn.execute("SELECT pg_advisory_lock(%s)", (ADVISORY_LOCK,))
    try:
        wanted = list_pending(conn)
        if wanted:
            _prepare(conn)
        for migration in wanted:
            with conn.transaction():
                conn.execute(migration.sql)
                conn.execute(
                    "INSERT INTO schema_migrations (version, name) VALUES (%s, %s)", (migration.version, migration.name)
                )
        return wanted
    except psycopg.errors.InsufficientPrivilege as error:
        raise MigrationError(
            f"The database user may not prepare the schema ({error.diag.message_primary}); let a user with CREATEROLE "
            "and CREATE on the database run 'smartdhandha db migrate', "
            f"or create the role {APP_ROLE} and grant it to this user first."
        ) from None
    finally:
        conn.execute("SELECT pg_advisory_unlock(%s)", (ADVISORY_LOCK,))


def _prepare(conn: Connection[Row]) -> None:
    if not conn.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (APP_ROLE,)).fetchone():
        conn.execute(_ROLE)
    conn.execute(_ROLE.partition("$$;")[2])
    conn.execute(CREATE_MIGRATIONS_TABLE)
