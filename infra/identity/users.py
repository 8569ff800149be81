"""Users as the command line and `serve` make, show and remove them."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from psycopg import Connection
from psycopg.errors import UniqueViolation

from domain.errors import Conflict, DomainError, NotFound
from infra.identity.sessions import IDLE, LONGEST_EMAIL, LONGEST_SESSION, digest
from infra.log.ids import new_id
from infra.postgres.database import Row

LINK_LIFE = timedelta(hours=72)
_EMAIL = re.compile(r"[^\s@\0]+@[^\s@\0]+\.[^\s@\0]+|[^\s@\0]+@localhost")


class BadEmail(DomainError):
    """The text is no e-mail address."""


class UnknownUser(DomainError):
    """Nobody has this address."""


class NewLink(NamedTuple):
    """A user and a one-time link's path; the token in it exists here and is never stored."""

    row: dict[str, Any]
    path: str
    expires_at: datetime


def create_user(conn: Connection[Row], org_id: str, email: str, role: str) -> NewLink:
    """A new user of an organization, who sets the password by the link.

    Raises NotFound for an unknown organization, BadEmail, and Conflict for an address that another user has.
    """
    email = email.strip().lower()
    if len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email):
        raise BadEmail(f"'{email}' is no e-mail address; write one such as asha@example.in.")
    if not conn.execute("SELECT 1 FROM organizations WHERE org_id = %s", (org_id,)).fetchone():
        raise NotFound("organization", org_id)
    user_id = new_id("user", datetime.now(UTC), secrets.token_bytes(10))
    sql = "INSERT INTO users (user_id, org_id, email, role) VALUES (%s, %s, %s, %s)"
    try:
        with conn.transaction():
            conn.execute(sql, (user_id, org_id, email, role))
            return _new_link(conn, user_id)
    except UniqueViolation:
        raise Conflict(f"There is a user with the address {email}; remove it first, or take another one.") from None


def new_link(conn: Connection[Row], email: str) -> NewLink:
    """Another link for a user, in place of earlier ones; the password works on until it is used. Raises UnknownUser."""
    with conn.transaction():
        return _new_link(conn, _id_of(conn, email))


def list_users(conn: Connection[Row], org_id: str) -> list[dict[str, Any]]:
    """An organization's users, the oldest first. Raises NotFound for an unknown organization."""
    if not conn.execute("SELECT 1 FROM organizations WHERE org_id = %s", (org_id,)).fetchone():
        raise NotFound("organization", org_id)
    sql = """
        SELECT user_id, email, role, password_hash IS NOT NULL, created_at,
               (SELECT max(s.seen_at) FROM user_sessions s WHERE s.user_id = u.user_id)
        FROM users u WHERE org_id = %s AND removed_at IS NULL ORDER BY created_at, user_id
    """
    names = ("id", "email", "role", "hasPassword", "createdAt", "lastSeenAt")
    return [dict(zip(names, row, strict=True)) for row in conn.execute(sql, (org_id,))]


def remove_user(conn: Connection[Row], email: str) -> dict[str, Any]:
    """Take a user's access away at once: password, links and sessions. Its name stays in the history of what it did.

    Raises UnknownUser.
    """
    with conn.transaction():
        user_id = _id_of(conn, email)
        gone = "UPDATE users SET removed_at = clock_timestamp(), password_hash = NULL WHERE user_id = %s"
        conn.execute(gone, (user_id,))
        conn.execute("DELETE FROM user_links WHERE user_id = %s", (user_id,))
        conn.execute("DELETE FROM user_sessions WHERE user_id = %s", (user_id,))
    return {"id": user_id, "email": email.strip().lower()}


def open_session(conn: Connection[Row], user_id: str) -> str:
    """A session's token for a user, as if just logged in."""
    token = secrets.token_urlsafe(32)
    conn.execute("SELECT open_session(%s, %s, %s, %s)", (digest(token), user_id, IDLE, LONGEST_SESSION))
    return token


def _new_link(conn: Connection[Row], user_id: str) -> NewLink:
    token, expires_at = secrets.token_urlsafe(32), datetime.now(UTC) + LINK_LIFE
    conn.execute("DELETE FROM user_links WHERE user_id = %s OR expires_at < clock_timestamp()", (user_id,))
    conn.execute("INSERT INTO user_links VALUES (%s, %s, %s)", (digest(token), user_id, expires_at))
    row = conn.execute("SELECT user_id, org_id, email, role FROM users WHERE user_id = %s", (user_id,)).fetchone()
    assert row is not None
    return NewLink(dict(zip(("id", "orgId", "email", "role"), row, strict=True)), f"/password/{token}", expires_at)


def _id_of(conn: Connection[Row], email: str) -> str:
    sql = "SELECT user_id FROM users WHERE email = %s AND removed_at IS NULL"
    row = conn.execute(sql, (email.strip().lower(),)).fetchone()
    if row is None:
        raise UnknownUser(f"There is no user with the address {email.strip()}; see: smartdhandha user list --help")
    return str(row[0])
