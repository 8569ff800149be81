"""The people of an organization, as the console shows them, the links that let them in, and the profile of a user."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from psycopg.rows import args_row, class_row, scalar_row

from api.ports.people import InvitationMail, NewAccess, PersonRow
from api.ports.users import Client, NewPassword, Profile, UserSession
from commands.accounts.mail import MailKind
from domain.accounts.email import parse_email
from infra.identity.passwords import hash_as, hash_password, random_setting
from infra.identity.sessions import BEGIN_LOGIN, attempt_of, digest, unless_throttled
from infra.identity.users import new_user_id
from infra.log.security_events import write_lines
from infra.log.unit_of_work import QUEUE_MAIL
from infra.postgres.database import get_now, open_pipeline_of, set_organization
from infra.postgres.pool import Pool, borrow_connection

SELECT_PEOPLE = """
SELECT user_id AS id, email, role, status, created_at, CASE WHEN status = 'active' THEN name END AS name,
       CASE WHEN status = 'active' THEN last_seen_at END AS last_seen_at,
       status = 'active' AND has_factor AS has_factor
FROM member_list WHERE org_id = %s AND status <> 'removed' ORDER BY email
"""
FIND_OR_ADD = "SELECT find_or_add_user(%s, %s, %s)"
CREATE_INVITATION = "SELECT until, event FROM create_invitation(%s, %s, %s, %s, %s)"
CREATE_PASSWORD_LINK = "SELECT until, event FROM create_password_link(%s, %s, %s, %s, %s)"  # noqa: S105 -- no password
INVITATION_MAIL = "SELECT due_at, free_at FROM invitation_mail(%s)"
FIND_PROFILE = "SELECT name, theme FROM find_profile(%s)"
CHANGE_PROFILE = "SELECT change_profile(%s, %s, %s)"
OWN_SESSIONS = "SELECT id, began_at, seen_at, address, browser, is_current FROM own_sessions(%s)"
END_OWN_SESSIONS = "SELECT end_own_sessions(%s, %s, %s, %s)"
CHANGE = """
SELECT is_changed, coalesce(wait, 0), events FROM change_password(%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


class PostgresPeople:
    """Implements the port People with a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def list_people(self, org_id: str) -> Sequence[PersonRow]:
        with borrow_connection(self._pool) as conn, open_pipeline_of(conn, org_id):
            found = conn.cursor(row_factory=class_row(PersonRow)).execute(SELECT_PEOPLE, (org_id,))
        return found.fetchall()

    def find_or_add_user(self, org_id: str, email: str) -> str:
        address = parse_email(email)
        with borrow_connection(self._pool) as conn, conn.transaction():
            conn.execute(set_organization(org_id))
            new = new_user_id(get_now(conn))
            values = (address, email.strip().lower(), new)
            user_id = conn.cursor(row_factory=scalar_row).execute(FIND_OR_ADD, values).fetchone()
        return str(user_id)

    def create_invitation(self, org_id: str, user_id: str, by: str, client: Client) -> NewAccess | None:
        return self._create_link(CREATE_INVITATION, "invitation", org_id, user_id, by, client)

    def send_invitation(self, org_id: str, user_id: str) -> None:
        with borrow_connection(self._pool) as conn, open_pipeline_of(conn, org_id):
            conn.execute(QUEUE_MAIL, (org_id, MailKind.INVITATION.value, user_id, None))

    def get_invitation_mail(self, org_id: str, user_id: str) -> InvitationMail:
        with borrow_connection(self._pool) as conn, open_pipeline_of(conn, org_id):
            found = conn.cursor(row_factory=args_row(InvitationMail)).execute(INVITATION_MAIL, (user_id,))
        return found.fetchall()[0]

    def create_password_link(self, org_id: str, user_id: str, by: str, client: Client) -> NewAccess | None:
        return self._create_link(CREATE_PASSWORD_LINK, "password", org_id, user_id, by, client)

    def _create_link(
        self, statement: str, path: str, org_id: str, user_id: str, by: str, client: Client
    ) -> NewAccess | None:
        token = secrets.token_urlsafe(32)
        values = (digest(token), user_id, by, client.address, client.request_id)
        with borrow_connection(self._pool) as conn, open_pipeline_of(conn, org_id):
            found = conn.execute(statement, values)
        until, event = found.fetchall()[0]
        if until is None:
            return None
        write_lines(event)
        return NewAccess(f"/{path}/{token}", until)


class PostgresProfiles:
    """Implements the port Profiles with a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._placeholder = random_setting()

    def get(self, token: str) -> Profile:
        with borrow_connection(self._pool) as conn:
            found = conn.cursor(row_factory=class_row(Profile)).execute(FIND_PROFILE, (digest(token),)).fetchone()
        assert found is not None
        return found

    def change(self, token: str, profile: Profile) -> None:
        with borrow_connection(self._pool) as conn:
            conn.execute(CHANGE_PROFILE, (digest(token), profile.name, profile.theme))

    def list_sessions(self, token: str) -> Sequence[UserSession]:
        with borrow_connection(self._pool) as conn:
            return conn.cursor(row_factory=class_row(UserSession)).execute(OWN_SESSIONS, (digest(token),)).fetchall()

    def end_session(self, token: str, id: str, client: Client) -> None:
        self._end(token, id, client)

    def end_other_sessions(self, token: str, client: Client) -> None:
        self._end(token, None, client)

    def change_password(self, token: str, passwords: NewPassword, client: Client, browser: str | None) -> str | None:
        attempt = attempt_of(passwords.email, client, browser)
        with borrow_connection(self._pool) as conn:
            setting, *_ = unless_throttled(conn.execute(BEGIN_LOGIN, attempt).fetchone())
        # Hashing passwords takes long, so no connection is held meanwhile.
        hashes, new_hash = hash_as(setting or self._placeholder, passwords.present), hash_password(passwords.new)
        new_token = secrets.token_urlsafe(32)
        values: tuple[Any, ...] = (digest(token), *attempt[3:], *hashes, new_hash, digest(new_token))
        with borrow_connection(self._pool) as conn:
            (is_changed,) = unless_throttled(conn.execute(CHANGE, values).fetchone())
        return new_token if is_changed else None

    def _end(self, token: str, id: str | None, client: Client) -> None:
        values = (digest(token), id, client.address, client.request_id)
        with borrow_connection(self._pool) as conn:
            stored: bytes | None = conn.cursor(row_factory=scalar_row).execute(END_OWN_SESSIONS, values).fetchone()
        write_lines(*([] if stored is None else [stored]))
