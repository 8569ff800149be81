"""Brings a database to this version: the migrations, and then the events that SQL cannot record."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import NamedTuple

from psycopg import Connection
from psycopg.rows import args_row

from commands.accounts.people import AddPerson
from commands.command import Actor, Context
from domain.accounts.people import AlreadyMember, people_id
from infra.log.command_bus import execute_on
from infra.postgres.database import Row
from infra.postgres.migrate import migrate
from infra.postgres.schema.files import Migration

SELECT_EARLIER = (
    "SELECT org_id, user_id, role FROM users WHERE role IS NOT NULL AND removed_at IS NULL ORDER BY user_id"
)
_ACTOR = Actor("worker", "smartdhandha")


class _EarlierUser(NamedTuple):
    """A row of SELECT_EARLIER."""

    org_id: str
    user_id: str
    role: str


def upgrade(conn: Connection[Row], note: Callable[[str], None]) -> list[Migration]:
    """Apply the pending migrations, and record the memberships of users of earlier versions.

    Return the migrations. Raises what `migrate` raises; this can be called again then.
    """
    applied = migrate(conn, note)
    record_earlier_users(conn)
    return applied


def record_earlier_users(conn: Connection[Row]) -> int:
    """Record for each user of an earlier version that the user belongs to the organization. Return how many there were.

    Such users can log in before, too. Two processes may do this at the same time.
    """
    earlier = conn.cursor(row_factory=args_row(_EarlierUser)).execute(SELECT_EARLIER).fetchall()
    for user in earlier:
        command = AddPerson(id=people_id(user.org_id), user_id=user.user_id, role=user.role)
        context = Context(org_id=user.org_id, actor=_ACTOR, request_id=f"cli_{secrets.token_hex(12)}")
        try:
            execute_on(conn, command, context)
        except AlreadyMember:
            continue
    return len(earlier)
