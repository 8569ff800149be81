"""Brings a database to this version: the migrations, and then the events that SQL cannot record."""

from __future__ import annotations

from collections.abc import Callable

from psycopg import Connection

from infra.identity.earlier_users import record_earlier_users
from infra.postgres.database import Row
from infra.postgres.migrate import migrate
from infra.postgres.schema.files import Migration


def upgrade(conn: Connection[Row], note: Callable[[str], None]) -> list[Migration]:
    """Apply the pending migrations, and record the memberships of users of earlier versions.

    Return the migrations. Raises what `migrate` raises; this can be called again then.
    """
    applied = migrate(conn, note)
    record_earlier_users(conn)
    return applied
