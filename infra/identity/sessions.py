"""Users' passwords and sessions. SQL functions do the single steps, such as a log-in or the end of a session.

The application's role can call these functions, but it cannot read or write their tables.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from psycopg.rows import args_row, scalar_row

from api.ports.security_events import Client
from api.ports.users import Link, Member, Throttled
from domain.accounts.user import MAX_SESSION
from domain.text import text_key
from infra.identity.passwords import hash_as, hash_password, random_setting
from infra.identity.security_events import write_lines
from infra.postgres.database import SET_ORGANIZATION, Row
from infra.postgres.pool import Pool, borrow_connection

MAX_IDLE = timedelta(hours=12)
"""How long a session lasts without use. Every session ends after MAX_SESSION."""
MAX_EMAIL_LENGTH = 254

BEGIN_LOGIN = "SELECT wait, setting FROM begin_login(%s, %s, %s, %s)"
FINISH_LOGIN = "SELECT wait, has_begun FROM finish_login(%s, %s, %s, %s, %s, %s, %s)"
FIND_SESSION = """
SELECT id, email, role, org, organization, time_zone, clock_timestamp() FROM find_session(%s, %s, %s)
"""
CLOSE_SESSION = "SELECT close_session(%s, %s, %s, %s)"
FIND_LINK = "SELECT email, organization FROM find_link(%s)"
USE_LINK = "SELECT use_link(%s, %s, %s, %s)"
SELECT_EMAILS = "SELECT user_id, email FROM member_list WHERE org_id = %s"


class _Account(NamedTuple):
    """The account and the network address of a log-in: the first arguments of BEGIN_LOGIN and FINISH_LOGIN."""

    email: str
    lower: str
    """The address in lower case, as earlier versions stored it."""
    counter: bytes
    """The key under which the failed log-ins of an unknown e-mail address are counted."""
    address_counter: bytes


class _Session(NamedTuple):
    """A row of FIND_SESSION."""

    user_id: str
    email: str
    role: str
    org_id: str
    organization: str
    time_zone: str
    now: datetime


class _LinkRow(NamedTuple):
    """A row of FIND_LINK; its columns are null for a link that is unknown, used or expired."""

    email: str | None
    organization: str | None


class PostgresUsers:
    """The port Users, on a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        # For an unknown address, the password is hashed with this setting. So the response takes as long as for a known
        # address and a wrong password.
        self._placeholder = random_setting()

    def sign_in(self, email: str, password: str, client: Client) -> str | None:
        account = _account(email, client.network)
        with borrow_connection(self._pool) as conn:
            row = conn.execute(BEGIN_LOGIN, account).fetchone()
        setting = _unless_throttled(row)
        # Hashing the password takes long, so no connection is held meanwhile.
        hashes = hash_as(setting or self._placeholder, password)
        token = secrets.token_urlsafe(32)
        with borrow_connection(self._pool) as conn:
            row = conn.execute(FINISH_LOGIN, (*account, *hashes, digest(token))).fetchone()
        return token if _unless_throttled(row) else None

    def get_member(self, token: str) -> Member | None:
        with borrow_connection(self._pool) as conn:
            cursor = conn.cursor(row_factory=args_row(_Session))
            session = cursor.execute(FIND_SESSION, (digest(token), MAX_IDLE, MAX_SESSION)).fetchone()
        return None if session is None else Member(**session._asdict())

    def sign_out(self, token: str, client: Client, *, everywhere: bool = False) -> None:
        values = (digest(token), everywhere, client.address, client.request_id)
        with borrow_connection(self._pool) as conn:
            stored: bytes | None = conn.cursor(row_factory=scalar_row).execute(CLOSE_SESSION, values).fetchone()
        write_lines(*([] if stored is None else [stored]))

    def get_link(self, token: str) -> Link | None:
        with borrow_connection(self._pool) as conn:
            found = conn.cursor(row_factory=args_row(_LinkRow)).execute(FIND_LINK, (digest(token),)).fetchone()
        if found is None or found.email is None or found.organization is None:
            return None
        return Link(found.email, found.organization)

    def set_password(self, token: str, password: str, client: Client) -> bool:
        values = (digest(token), hash_password(password), client.address, client.request_id)
        with borrow_connection(self._pool) as conn:
            stored: list[bytes] | None = conn.cursor(row_factory=scalar_row).execute(USE_LINK, values).fetchone()
        write_lines(*stored or ())
        return stored is not None

    def get_emails(self, org_id: str) -> dict[str, str]:
        with borrow_connection(self._pool) as conn, conn.pipeline():
            conn.execute(SET_ORGANIZATION, (org_id,))
            found = conn.execute(SELECT_EMAILS, (org_id,))
        return dict(found.fetchall())


def digest(token: str) -> bytes:
    """Return the hash of a token; only this hash is stored.

    A token has 256 random bits, so a plain SHA-256 is enough.
    """
    return hashlib.sha256(token.encode()).digest()


def counter_key(kind: str, text: str) -> bytes:
    """Return the key under which failed log-ins are counted.

    The key is a hash, because people sometimes type a password into the field for the address.
    """
    return hashlib.sha256(f"{kind} {text}".encode()).digest()


def _account(email: str, address: str) -> _Account:
    key, lower = text_key(email), email.lower()
    counters = counter_key("account", key), counter_key("address", address)
    if "\0" in email or len(email) > MAX_EMAIL_LENGTH:
        key = lower = ""  # no user has such an address, and PostgreSQL cannot receive U+0000
    return _Account(key, lower, *counters)


def _unless_throttled(row: Row | None) -> Any:
    """Return the second column of a row of BEGIN_LOGIN or FINISH_LOGIN. Raises Throttled."""
    assert row is not None
    wait, result = row
    if wait:
        raise Throttled(wait)
    return result
