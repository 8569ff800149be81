"""Creates, lists and removes users for the command line and for `serve`."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
from psycopg import Connection
from psycopg.rows import class_row, scalar_row

from commands.accounts.people import AddPerson, ChangeRole, RemovePerson
from commands.command import Command, Context
from domain.accounts.email import parse_email
from domain.accounts.mode import is_live
from domain.accounts.people import AlreadyMember, people_id
from domain.accounts.security_event import SecurityEventKind
from domain.errors import Conflict, DomainError
from domain.reading import InvalidValue
from domain.text import text_key
from infra.identity.keys import ACTOR
from infra.identity.organizations import require_organization
from infra.identity.security_events import Record, operator, operator_transaction
from infra.identity.sessions import digest
from infra.log.command_bus import execute_on
from infra.log.ids import new_id
from infra.postgres.database import Row, get_now

LINK_LIFETIME = timedelta(hours=72)
_FIVE_YEARS = 5 * 365 * 86400  # seconds

INSERT_USER = """
INSERT INTO users (user_id, org_id, email) VALUES (%s, %s, %s) ON CONFLICT (email) WHERE removed_at IS NULL DO NOTHING
"""
SELECT_MEMBERSHIPS = """
SELECT u.user_id AS id, m.org_id, u.email, m.role FROM users u JOIN all_members m USING (user_id)
WHERE u.email IN (%(key)s, %(lower)s) AND u.removed_at IS NULL AND m.status <> 'removed'
AND (%(org)s::text IS NULL OR m.org_id = %(org)s) ORDER BY u.email = %(key)s DESC, m.org_id
"""
SELECT_USER_ID = """
SELECT user_id FROM users WHERE email IN (%(key)s, %(lower)s) AND removed_at IS NULL
ORDER BY email = %(key)s DESC LIMIT 1
"""
"""E-mail addresses are stored as their text key. Versions before 26 November 2026 stored them in lower case."""
SELECT_USERS = """
SELECT u.user_id AS id, u.email, m.role, m.status, u.password_hash IS NOT NULL AS has_password, u.created_at,
       (SELECT max(s.seen_at) FROM user_sessions s WHERE s.user_id = u.user_id) AS last_seen_at
FROM all_members m JOIN users u USING (user_id)
WHERE m.org_id = %s AND m.status <> 'removed' ORDER BY u.created_at, u.user_id
"""
DELETE_OLD_LINKS = "DELETE FROM user_links WHERE user_id = %s OR expires_at < clock_timestamp()"
INSERT_LINK = "INSERT INTO user_links (token_hash, user_id, expires_at) VALUES (%s, %s, %s)"


class BadEmail(DomainError):
    """The text is not an e-mail address."""


class UnknownUser(DomainError):
    """No user has this e-mail address."""


class ManyOrganizations(DomainError):
    """The user belongs to several organizations, and none was named."""

    def __init__(self, email: str, org_ids: Sequence[str]) -> None:
        super().__init__(
            f"{email.strip()} belongs to several organizations; name one with --org: {', '.join(org_ids)}."
        )


class User(msgspec.Struct, rename="camel"):
    """A row of SELECT_MEMBERSHIPS: a user in one organization."""

    id: str
    org_id: str
    email: str
    role: str


class ListedUser(msgspec.Struct, rename="camel"):
    """A row of SELECT_USERS."""

    id: str
    email: str
    role: str
    status: str
    """`active`, or `invited` until the invitation is accepted."""
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
    """Let a person belong to an organization, and create a link by which the person sets a password.

    Raises NotFound for an unknown organization, BadEmail, and Conflict for somebody who already belongs to it.
    """
    try:
        email = parse_email(email)
    except InvalidValue:
        raise BadEmail(f"'{email}' is not an e-mail address; write one such as asha@example.in.") from None
    require_organization(conn, org_id)
    if not is_live(org_id):
        raise Conflict("A test organization has the users of its live organization; create the user there.")
    user_id = _find_user_id(conn, email) or _insert_user(conn, org_id, email)
    try:
        _execute(conn, org_id, AddPerson(id=people_id(org_id), user_id=user_id, role=role))
    except AlreadyMember:
        raise Conflict(
            f"There already is a user with the address {email} in this organization. To give this user another role: "
            "smartdhandha user role --help"
        ) from None
    return create_link(conn, email, org_id)


def create_link(conn: Connection[Row], email: str, org_id: str | None = None) -> NewLink:
    """Create a link by which a user sets a new password. Earlier links stop working.

    The old password works until the link is used. `org_id` is an organization of the user; None stands for any. Raises
    UnknownUser.
    """
    with operator_transaction(conn) as record:
        return _create_link(conn, get_user(conn, email, org_id), record)


def list_users(conn: Connection[Row], org_id: str) -> list[ListedUser]:
    """Return an organization's users, the oldest first. Raises NotFound for an unknown organization."""
    require_organization(conn, org_id)
    return conn.cursor(row_factory=class_row(ListedUser)).execute(SELECT_USERS, (org_id,)).fetchall()


def change_role(conn: Connection[Row], email: str, role: str, org_id: str | None = None) -> User:
    """Give a user another role in an organization, from the next request on; return the user.

    `org_id` may be None for a user of a single organization. Raises UnknownUser, ManyOrganizations, and LastOwner.
    """
    user = get_only_user(conn, email, org_id)
    command = ChangeRole(id=people_id(user.org_id), user_id=user.id, role=role, earlier_role=user.role)
    _execute(conn, user.org_id, command)
    return get_only_user(conn, email, user.org_id)


def new_user_id(now: datetime) -> str:
    """Return a new id for a user. It looks like one made at some moment of the last five years.

    Somebody who is invited may have an account already, of which the inviting organization is to learn nothing. The id
    stands in the addresses of its pages, so it must not say whether it is of today.
    """
    return new_id("user", now - timedelta(seconds=secrets.randbelow(_FIVE_YEARS)), secrets.token_bytes(10))


def remove_user(conn: Connection[Row], email: str, org_id: str | None = None) -> RemovedUser:
    """Remove a user from an organization at once. Without another one, the user loses password, links and sessions.

    The history of objects still shows what the user did, with the user's address. `org_id` may be None for a user of a
    single organization. Raises UnknownUser, ManyOrganizations, and LastOwner.
    """
    user = get_only_user(conn, email, org_id)
    _execute(conn, user.org_id, RemovePerson(id=people_id(user.org_id), user_id=user.id))
    return RemovedUser(user.id, text_key(email))


def get_only_user(conn: Connection[Row], email: str, org_id: str | None) -> User:
    """Return the user in this organization, or in the user's only one. Raises UnknownUser and ManyOrganizations."""
    users = _list_memberships(conn, email, org_id)
    if len(users) > 1:
        raise ManyOrganizations(email, [user.org_id for user in users])
    return users[0]


def get_user(conn: Connection[Row], email: str, org_id: str | None = None) -> User:
    """Return the user in this organization, or in the oldest of the user's organizations. Raises UnknownUser."""
    return _list_memberships(conn, email, org_id)[0]


def _list_memberships(conn: Connection[Row], email: str, org_id: str | None) -> list[User]:
    values = {"key": text_key(email), "lower": email.strip().lower(), "org": org_id}
    users = conn.cursor(row_factory=class_row(User)).execute(SELECT_MEMBERSHIPS, values).fetchall()
    if not users:
        raise UnknownUser(f"There is no user with the address {email.strip()}; see: smartdhandha user list --help")
    return users


def _insert_user(conn: Connection[Row], org_id: str, email: str) -> str:
    """Add a person who belongs to no organization yet; return the id. Another command may have added the same one."""
    user_id = new_user_id(get_now(conn))
    conn.execute(INSERT_USER, (user_id, org_id, email))
    found = _find_user_id(conn, email)
    assert found is not None
    return found


def _find_user_id(conn: Connection[Row], email: str) -> str | None:
    values = {"key": text_key(email), "lower": email.strip().lower()}
    found: str | None = conn.cursor(row_factory=scalar_row).execute(SELECT_USER_ID, values).fetchone()
    return found


def _execute(conn: Connection[Row], org_id: str, command: Command) -> None:
    request_id = f"cli_{secrets.token_hex(12)}"
    execute_on(conn, command, Context(org_id=org_id, actor=ACTOR, request_id=request_id, person=operator()))


def _create_link(conn: Connection[Row], user: User, record: Record) -> NewLink:
    token, expires_at = secrets.token_urlsafe(32), get_now(conn) + LINK_LIFETIME
    conn.execute(DELETE_OLD_LINKS, (user.id,))
    conn.execute(INSERT_LINK, (digest(token), user.id, expires_at))
    record(SecurityEventKind.LINK_CREATED, user.org_id, user.id)
    return NewLink(user, f"/password/{token}", expires_at)
