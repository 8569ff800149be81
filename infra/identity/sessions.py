"""Users' passwords and sessions. Each step, such as a log-in or the end of a session, is an SQL function.

The application's role can call these functions, but cannot read or write the tables that they use.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
from psycopg.rows import args_row, scalar_row

from api.ports.users import Client, Link, Member, NewSession, OtherOrganization, Throttled
from domain.accounts.email import MAX_EMAIL_LENGTH
from domain.accounts.mode import TEST_ORGANIZATION
from domain.accounts.user import MAX_SESSION
from domain.accounts.user.factors import Requirement, needs_factor
from domain.text import text_key
from infra.identity.passwords import hash_as, hash_password, random_setting
from infra.log.ids import new_id
from infra.log.security_events import write_lines
from infra.postgres.database import Row, open_pipeline_of
from infra.postgres.pool import Pool, borrow_connection

MAX_IDLE = timedelta(hours=12)
"""How long a session lasts without use. Every session ends after MAX_SESSION."""

BEGIN_LOGIN = "SELECT setting, wait, events FROM begin_login(%s, %s, %s, %s, %s, %s, %s)"
FINISH_LOGIN = """
SELECT has_begun, wait, events, keeps_browser FROM finish_login(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
FIND_SESSION = """
SELECT id, email, role, org, organization, time_zone, asked_at, others, language FROM find_session(%s, %s, %s)
"""
SWITCH_ORGANIZATION = "SELECT switch_organization(%s, %s)"
SET_LANGUAGE = "SELECT set_language(%s, %s)"
SWITCH_MODE = "SELECT switch_mode(%s, %s, %s)"
HAS_FACTOR = "SELECT has_factor(%s)"
CLOSE_SESSION = "SELECT close_session(%s, %s, %s, %s)"
FIND_LINK = "SELECT id, email, org, organization, purpose, has_password FROM find_link(%s)"
USE_INVITATION = "SELECT use_invitation(%s)"
USE_LINK = "SELECT use_link(%s, %s, %s, %s, %s, %s)"
NOTE_CLIENT = "SELECT note_client(%s, %s, %s)"
ROLE_OF_SESSION = "SELECT role_of_session(%s, %s)"
SELECT_NAMES = """
SELECT user_id, CASE WHEN status = 'active' AND name IS NOT NULL THEN name || ' (' || email || ')' ELSE email END
FROM member_list WHERE org_id = %s
"""


_decode_others = msgspec.json.Decoder(tuple[OtherOrganization, ...]).decode


class Attempt(NamedTuple):
    """The e-mail address and the client of a log-in: the first arguments of BEGIN_LOGIN and FINISH_LOGIN."""

    email: str
    lower: str
    """The address in lower case, as earlier versions stored it."""
    counter: bytes
    """The key under which the failed log-ins of an unknown e-mail address are counted."""
    address_counter: bytes
    browser: bytes | None
    """The hash of the token that the browser has sent; None if there is no token. Known browsers have such tokens."""
    address: str
    request_id: str


class _Session(NamedTuple):
    """A row of FIND_SESSION."""

    user_id: str
    email: str
    role: str
    org_id: str
    organization: str
    time_zone: str
    now: datetime
    others: bytes
    """The user's other organizations, as JSON."""
    language: str | None


class _LinkRow(NamedTuple):
    """A row of FIND_LINK; its columns are null for a link that is unknown, used or expired."""

    user_id: str
    email: str
    org_id: str
    organization: str
    purpose: str | None
    has_password: bool


class PostgresUsers:
    """Implements the port Users with a pool of connections."""

    def __init__(self, pool: Pool, require_factor: Requirement = "none") -> None:
        self._pool, self._require_factor = pool, require_factor
        # For an unknown e-mail address, the password is hashed with this setting. So the response takes as long as for
        # a known address with a wrong password.
        self._placeholder = random_setting()

    def sign_in(self, email: str, password: str, client: Client, browser: str | None) -> NewSession | None:
        attempt = attempt_of(email, client, browser)
        with borrow_connection(self._pool) as conn:
            row = conn.execute(BEGIN_LOGIN, attempt).fetchone()
        setting, *_ = unless_throttled(row)
        # Hashing the password takes long, so no connection is held meanwhile.
        hashes = hash_as(setting or self._placeholder, password)
        session = NewSession(secrets.token_urlsafe(32), secrets.token_urlsafe(32))
        with borrow_connection(self._pool) as conn:
            values = (*attempt, *hashes, digest(session.token), digest(session.browser))
            row = conn.execute(FINISH_LOGIN, values).fetchone()
        has_begun, keeps_browser = unless_throttled(row)
        if not has_begun:
            return None
        return NewSession(session.token, browser) if browser and keeps_browser else session

    def get_member(self, token: str) -> Member | None:
        with borrow_connection(self._pool) as conn:
            cursor = conn.cursor(row_factory=args_row(_Session))
            session = cursor.execute(FIND_SESSION, (digest(token), MAX_IDLE, MAX_SESSION)).fetchone()
            if session is None:
                return None
            needs = needs_factor(self._require_factor, session.role)
            lacks = needs and not conn.cursor(row_factory=scalar_row).execute(HAS_FACTOR, (digest(token),)).fetchone()
        known = {**session._asdict(), "others": _decode_others(session.others)}
        return Member(**known, needs_factor=needs, must_add_factor=lacks)

    def switch_mode(self, token: str, test: bool, now: datetime) -> None:
        new = new_id(TEST_ORGANIZATION, now, secrets.token_bytes(10))
        with borrow_connection(self._pool) as conn:
            conn.execute(SWITCH_MODE, (digest(token), test, new))

    def switch_organization(self, token: str, org_id: str) -> bool:
        with borrow_connection(self._pool) as conn:
            values = (digest(token), org_id)
            return bool(conn.cursor(row_factory=scalar_row).execute(SWITCH_ORGANIZATION, values).fetchone())

    def set_language(self, token: str, language: str) -> None:
        with borrow_connection(self._pool) as conn:
            conn.execute(SET_LANGUAGE, (digest(token), language))

    def sign_out(self, token: str, client: Client, *, everywhere: bool = False) -> None:
        values = (digest(token), everywhere, client.address, client.request_id)
        with borrow_connection(self._pool) as conn:
            stored: bytes | None = conn.cursor(row_factory=scalar_row).execute(CLOSE_SESSION, values).fetchone()
        write_lines(*([] if stored is None else [stored]))

    def get_link(self, token: str) -> Link | None:
        with borrow_connection(self._pool) as conn:
            found = conn.cursor(row_factory=args_row(_LinkRow)).execute(FIND_LINK, (digest(token),)).fetchone()
        if found is None or found.purpose is None:
            return None
        is_invitation = found.purpose == "invitation"
        return Link(found.user_id, found.email, found.org_id, found.organization, is_invitation, found.has_password)

    def use_invitation(self, token: str) -> None:
        with borrow_connection(self._pool) as conn:
            conn.execute(USE_INVITATION, (digest(token),))

    def set_password(self, token: str, password: str, client: Client, browser: str | None) -> str | None:
        new_browser = secrets.token_urlsafe(32)
        known = (None if browser is None else digest(browser), digest(new_browser))
        values = (digest(token), hash_password(password), client.address, client.request_id, *known)
        with borrow_connection(self._pool) as conn:
            stored: list[bytes] | None = conn.cursor(row_factory=scalar_row).execute(USE_LINK, values).fetchone()
        write_lines(*stored or ())
        return None if stored is None else new_browser

    def note_client(self, token: str, client: Client) -> str | None:
        values = (digest(token), client.address, client.browser)
        with borrow_connection(self._pool) as conn:
            theme: str | None = conn.cursor(row_factory=scalar_row).execute(NOTE_CLIENT, values).fetchone()
        return theme

    def get_role(self, token: str, org_id: str) -> str | None:
        with borrow_connection(self._pool) as conn:
            values = (digest(token), org_id)
            role: str | None = conn.cursor(row_factory=scalar_row).execute(ROLE_OF_SESSION, values).fetchone()
        return role

    def get_names(self, org_id: str) -> dict[str, str]:
        with borrow_connection(self._pool) as conn, open_pipeline_of(conn, org_id):
            found = conn.execute(SELECT_NAMES, (org_id,))
        return dict(found.fetchall())


def digest(token: str) -> bytes:
    """Return the hash of a token. Only the hash is stored.

    A token has 256 random bits, so a plain SHA-256 is enough.
    """
    return hashlib.sha256(token.encode()).digest()


def counter_key(kind: str, text: str) -> bytes:
    """Return the key under which failed log-ins are counted.

    The key is a hash, because people sometimes type a password into the field for the address.
    """
    return hashlib.sha256(f"{kind} {text}".encode()).digest()


def attempt_of(email: str, client: Client, browser: str | None) -> Attempt:
    """Return the first arguments of BEGIN_LOGIN and FINISH_LOGIN."""
    key, lower = text_key(email), email.lower()
    counters = counter_key("account", key), counter_key("address", client.network)
    if "\0" in email or len(email) > MAX_EMAIL_LENGTH:
        key = lower = ""  # no user has such an address, and PostgreSQL cannot receive U+0000
    known = None if browser is None else digest(browser)
    return Attempt(key, lower, *counters, known, client.address, client.request_id)


def unless_throttled(row: Row | None) -> Row:
    """Log the events of a row of BEGIN_LOGIN or FINISH_LOGIN; return the other results. Raises Throttled."""
    assert row is not None
    result, wait, events, *others = row
    write_lines(*events or ())
    if wait:
        raise Throttled(wait)
    return (result, *others)
