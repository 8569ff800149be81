"""Reads security events: log-ins and failed log-ins, changes of users and keys, exported logs."""

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
WHERE (%(since)s::timestamptz IS NULL OR at >= %(since)s)
AND CASE WHEN %(org)s::text IS NULL THEN NOT is_copy ELSE org_id = %(org)s END
AND (%(users)s::text[] IS NULL OR actor_id = ANY (%(users)s) OR object_id = ANY (%(users)s))
AND (%(kinds)s::text[] IS NULL OR kind = ANY (%(kinds)s))
ORDER BY event_id DESC LIMIT %(limit)s
"""
_SELECT_USERS = "SELECT user_id FROM users WHERE email IN (%s, %s)"


class StoredSecurityEvent(msgspec.Struct, rename="camel"):
    """A security event, as its row has it. A field is None if its value is not known."""

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
    """Which security events to list. A field that is None does not restrict the list."""

    since: datetime | None = None
    org_id: str | None = None
    """An organization, which sees its own copies; without one, each event is listed once."""
    user: str | None = None
    """The id or the e-mail address of a user who caused the event, or whom the event concerns."""
    kinds: Sequence[str] | None = None
    limit: int | None = None
    """The largest number of events. If there are more, the newest events are listed."""


def list_security_events(conn: Connection[Row], wanted: SecurityEventFilter) -> list[StoredSecurityEvent]:
    """Return the events that match the filter, the oldest first."""
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
    """Return the ids of all users, including removed ones, with this id or e-mail address."""
    values = (text_key(user), user.strip().lower())
    return [user, *conn.cursor(row_factory=scalar_row).execute(_SELECT_USERS, values)]


def _event(*, details: bytes, **fields: object) -> StoredSecurityEvent:
    return StoredSecurityEvent(details=msgspec.json.decode(details), **fields)  # type: ignore[arg-type]  # a row of _SELECT
