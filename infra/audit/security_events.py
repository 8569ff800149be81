"""Reads security events: who logged in or failed to, who changed users and keys, what left the service."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from psycopg import Connection
from psycopg.rows import kwargs_row, scalar_row

from domain.text import text_key
from infra.postgres.database import Row

_SELECT = """
SELECT event_id AS id, at, kind, org_id AS org, actor_type, actor_id AS actor, object_id AS object, address, request_id,
       details
FROM security_events
WHERE (%(since)s::timestamptz IS NULL OR at >= %(since)s) AND (%(org)s::text IS NULL OR org_id = %(org)s)
AND (%(users)s::text[] IS NULL OR actor_id = ANY (%(users)s) OR object_id = ANY (%(users)s))
AND (%(kinds)s::text[] IS NULL OR kind = ANY (%(kinds)s))
ORDER BY event_id DESC LIMIT %(limit)s
"""
_SELECT_USERS = "SELECT user_id FROM users WHERE email IN (%s, %s)"


class StoredSecurityEvent(msgspec.Struct, rename="camel"):
    """A row of the table of security events. What is not known is None."""

    id: int
    at: datetime
    kind: str
    org: str | None
    actor_type: str | None
    actor: str | None
    object: str | None
    address: str | None
    request_id: str
    details: dict[str, Any]


class SecurityEventFilter(NamedTuple):
    """Which security events are wanted. None stands for all."""

    since: datetime | None = None
    org_id: str | None = None
    user: str | None = None
    """The id or the e-mail address of a user who did something, or to whom something was done."""
    kinds: Sequence[str] | None = None
    limit: int | None = None
    """How many events at most: the newest ones."""


def list_security_events(conn: Connection[Row], wanted: SecurityEventFilter) -> list[StoredSecurityEvent]:
    """Return the events that the filter describes, the oldest first."""
    values = {
        "since": wanted.since,
        "org": wanted.org_id,
        "users": None if wanted.user is None else _ids_of(conn, wanted.user),
        "kinds": None if wanted.kinds is None else list(wanted.kinds),
        "limit": wanted.limit,
    }
    rows = conn.cursor(row_factory=kwargs_row(_event)).execute(_SELECT, values).fetchall()
    return rows[::-1]


def _ids_of(conn: Connection[Row], user: str) -> list[str]:
    """Return the ids of a user by id or e-mail address, including removed users of this address."""
    values = (text_key(user), user.strip().lower())
    return [user, *conn.cursor(row_factory=scalar_row).execute(_SELECT_USERS, values)]


def _event(*, details: bytes, **fields: object) -> StoredSecurityEvent:
    return StoredSecurityEvent(details=msgspec.json.decode(details), **fields)  # type: ignore[arg-type]  # a row of _SELECT
