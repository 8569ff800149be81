"""Creates, lists and removes users for the command line and for `serve`."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
from psycopg import Connection
from psycopg.errors import UniqueViolation
from psycopg.rows import class_row, scalar_row

from domain.accounts.mode import is_live
from domain.accounts.security_event import SecurityEventKind
from domain.accounts.user import ROLES
from domain.errors import Conflict, DomainError
from domain.text import text_key
from infra.identity.organizations import require_organization
from infra.identity.security_events import Record, operator_transaction
from infra.identity.sessions import MAX_EMAIL_LENGTH, digest
from infra.log.ids import new_id
from infra.postgres.database import Row, get_now

LINK_LIFETIME = timedelta(hours=72)
_EMAIL = re.compile(r"[^\s@\0]+@[^\s@\0]+\.[^\s@\0]+|[^\s@\0]+@localhost")

INSERT_USER = "INSERT INTO users (user_id, org_id, email, role) VALUES (%s, %s, %s, %s)"
SELECT_USER = "SELECT user_id AS id, org_id, email, role FROM users WHERE user_id = %s"
SELECT_USER_ID = """
SELECT user_id FROM users WHERE email IN (%(key)s, %(lower)s) AND removed_at IS NULL
ORDER BY email = %(key)s DESC LIMIT 1
"""
"""E-mail addresses are stored as their text key. Versions before 26 November 2026 stored them in lower case."""
SELECT_USERS = """
SELECT user_id AS id, email, role, password_hash IS NOT NULL AS has_password, created_at,
       (SELECT max(s.seen_at) FROM user_sessions s WHERE s.user_id = u.user_id) AS last_seen_at
FROM users u WHERE org_id = %s AND removed_at IS NULL ORDER BY created_at, user_id
"""
UPDATE_ROLE = "UPDATE users SET role = %s WHERE user_id = %s"
REMOVE_USER = "UPDATE users SET removed_at = clock_timestamp(), password_hash = NULL WHERE user_id = %s"
DELETE_LINKS = "DELETE FROM user_links WHERE user_id = %s"
FORGET_BROWSERS = "DELETE FROM known_browsers WHERE user_id = %s"
DELETE_SESSIONS = "DELETE FROM user_sessions WHERE user_id = %s"
DELETE_OLD_LINKS = "DELETE FROM user_links WHERE user_id = %s OR expires_at < clock_timestamp()"
INSERT_LINK = "INSERT INTO user_links VALUES (%s, %s, %s)"


class BadEmail(DomainError):
    """The text is not an e-mail address."""


class UnknownUser(DomainError):
    """No user has this e-mail address."""


class User(msgspec.Struct, rename="camel"):
    """A row of SELECT_USER."""

    id: str
    org_id: str
    email: str
    role: str


class ListedUser(msgspec.Struct, rename="camel"):
    """A row of SELECT_USERS."""

    id: str
    email: str
    role: str
    has_password: bool
    created_at: datetime
    last_seen_at: datetime | None


class RemovedUser(msgspec.Struct):
    """A user whose access was just removed."""

    id: str
    email: str


class NewLink(NamedTuple):
    """A user, and the path of a link that works once. The path contains a token, of which only a hash is stored."""

    user: User
    path: str
    expires_at: datetime


def create_user(conn: Connection[Row], org_id: str, email: str, role: str) -> NewLink:
    """Create a user of an organization. The user sets a password through the link.

    Raises NotFound for an unknown organization, BadEmail, and Conflict for an address that another user has.
    """
    email = text_key(email)
    if len(email) > MAX_EMAIL_LENGTH or not _EMAIL.fullmatch(email):
        raise BadEmail(f"'{email}' is not an e-mail address; write one such as asha@example.in.")
    require_organization(conn, org_id)
    if not is_live(org_id):
        raise Conflict("A test organization has the users of its live organization; create the user there.")
    user_id = new_id("user", get_now(conn), secrets.token_bytes(10))
    try:
        with operator_transaction(conn) as record:
            conn.execute(INSERT_USER, (user_id, org_id, email, role))
            record(SecurityEventKind.USER_CREATED, org_id, user_id, role=role)
            return _create_link(conn, user_id, record)
    except UniqueViolation:
        raise Conflict(
            f"There already is a user with the address {email}; remove that user first, or use another address."
        ) from None


def create_link(conn: Connection[Row], email: str) -> NewLink:
    """Create a link by which a user sets a new password. Earlier links stop working.

    The old password works until the link is used. Raises UnknownUser.
    """
    with operator_transaction(conn) as record:
        return _create_link(conn, _get_user_id(conn, email), record)


def list_users(conn: Connection[Row], org_id: str) -> list[ListedUser]:
    """Return an organization's users, the oldest first. Raises NotFound for an unknown organization."""
    require_organization(conn, org_id)
    return conn.cursor(row_factory=class_row(ListedUser)).execute(SELECT_USERS, (org_id,)).fetchall()


def change_role(conn: Connection[Row], email: str, role: str) -> User:
    """Give a user another role, from the next request on; return the user. Raises UnknownUser."""
    with operator_transaction(conn) as record:
        user = _get_user(conn, _get_user_id(conn, email))
        if user.role != role:
            conn.execute(UPDATE_ROLE, (role, user.id))
            is_promotion = ROLES.index(role) < ROLES.index(user.role)
            kind = SecurityEventKind.USER_PROMOTED if is_promotion else SecurityEventKind.USER_DEMOTED
            record(kind, user.org_id, user.id, role=role, earlierRole=user.role)
        return _get_user(conn, user.id)


def remove_user(conn: Connection[Row], email: str) -> RemovedUser:
    """Remove a user's access at once: password, links and sessions.

    The history of objects still shows what the user did, with the user's address. Raises UnknownUser.
    """
    with operator_transaction(conn) as record:
        user_id = _get_user_id(conn, email)
        for statement in (REMOVE_USER, DELETE_LINKS, DELETE_SESSIONS, FORGET_BROWSERS):
            conn.execute(statement, (user_id,))
        record(SecurityEventKind.USER_REMOVED, None, user_id)
    return RemovedUser(user_id, text_key(email))


def _create_link(conn: Connection[Row], user_id: str, record: Record) -> NewLink:
    token, expires_at = secrets.token_urlsafe(32), get_now(conn) + LINK_LIFETIME
    conn.execute(DELETE_OLD_LINKS, (user_id,))
    conn.execute(INSERT_LINK, (digest(token), user_id, expires_at))
    user = _get_user(conn, user_id)
    record(SecurityEventKind.LINK_CREATED, user.org_id, user_id)
    return NewLink(user, f"/password/{token}", expires_at)


def _get_user(conn: Connection[Row], user_id: str) -> User:
    user = conn.cursor(row_factory=class_row(User)).execute(SELECT_USER, (user_id,)).fetchone()
    assert user is not None
    return user


def _get_user_id(conn: Connection[Row], email: str) -> str:
    values = {"key": text_key(email), "lower": email.strip().lower()}
    user_id: str | None = conn.cursor(row_factory=scalar_row).execute(SELECT_USER_ID, values).fetchone()
    if user_id is None:
        raise UnknownUser(f"There is no user with the address {email.strip()}; see: smartdhandha user list --help")
    return user_id
