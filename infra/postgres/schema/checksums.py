"""Checks that the file of a migration was not changed after the migration was applied.

The table schema_migrations has the checksum of each applied file. Earlier versions of the service stored no checksums.
For the migrations of such a version, `migrate` stores the checksums of the current files.
"""

from __future__ import annotations

from collections.abc import Callable

from psycopg import Connection

from domain.text import counted
from infra.postgres.database import Row
from infra.postgres.schema.files import Migration, MigrationError, list_migrations

ADD_CHECKSUM = "ALTER TABLE schema_migrations ADD COLUMN checksum text"
HAS_CHECKSUM = """
SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('public.schema_migrations')
               AND attname = 'checksum' AND NOT attisdropped)
"""
KEEP_CHECKSUM = "UPDATE schema_migrations SET checksum = %s WHERE version = %s AND checksum IS NULL"


def keeps_checksums(conn: Connection[Row]) -> bool:
    """Return whether the table schema_migrations of this database has a column for checksums."""
    return conn.execute(HAS_CHECKSUM).fetchone() == (True,)


def list_changed(conn: Connection[Row]) -> list[Migration]:
    """Return the migrations whose files were changed after they were applied to this database.

    A migration without a stored checksum counts as unchanged: an earlier version of the service has applied it.
    """
    if not keeps_checksums(conn):
        return []
    stored: dict[int, str] = dict(
        conn.execute("SELECT version, checksum FROM schema_migrations WHERE checksum IS NOT NULL")
    )
    return [each for each in list_migrations() if stored.get(each.version, each.checksum) != each.checksum]


def check_unchanged(conn: Connection[Row]) -> None:
    """Raise MigrationError if the file of an applied migration was changed."""
    changed = list_changed(conn)
    if changed:
        versions = ", ".join(str(each.version) for each in changed)
        raise MigrationError(
            f"The file of migration {', '.join(each.title for each in changed)} was changed after it was applied to "
            "this database. Restore the file as it was released, and make the change in a new migration. If the "
            "database already matches the changed file, run this SQL so that the service accepts the file: "
            f"UPDATE schema_migrations SET checksum = NULL WHERE version IN ({versions});"
        )


def keep_checksums(conn: Connection[Row], on_note: Callable[[str], None]) -> None:
    """Store the checksum of the file, as it is now, for each applied migration that has no checksum."""
    without = "SELECT version FROM schema_migrations WHERE checksum IS NULL"
    versions = {version for (version,) in conn.execute(without)}
    adopted = [each for each in list_migrations() if each.version in versions]
    for each in adopted:
        conn.execute(KEEP_CHECKSUM, (each.checksum, each.version))
    if adopted:
        on_note(f"Stored the checksums of {counted(len(adopted), 'migration')} that an earlier version has applied.")
