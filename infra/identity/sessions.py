"""Users' passwords and sessions. SQL functions do the single steps, such as counting a log-in or opening a session.

The application's role can call these functions, but it cannot read or write their tables.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from psycopg import Connection, Cursor
from psycopg.rows import args_row, scalar_row

from api.ports.users import Link, Member, Throttled
from domain.accounts.password import MAX_CHARACTERS, InvalidPassword, prepare_password
from domain.accounts.user import MAX_SESSION
from domain.text import text_key
from infra.postgres.database import SET_ORGANIZATION, Row
from infra.postgres.pool import Pool, borrow_connection

MAX_IDLE = timedelta(hours=12)
"""How long a session lasts without use. Every session ends after MAX_SESSION."""
MAX_ACCOUNT_FAILURES, MAX_ADDRESS_FAILURES = 20, 100
FAILURE_WINDOW = timedelta(minutes=15)
"""How long a failed log-in counts. Log-ins are refused while MAX_ACCOUNT_FAILURES of the account count, or
MAX_ADDRESS_FAILURES of the network address."""
MAX_EMAIL_LENGTH = 254
MAX_SENT_CHARACTERS = 4 * MAX_CHARACTERS
"""A longer text is cut off before `prepare_password`. This function joins at most four characters into one, so a text
that was cut off is still too long for a password."""

# These are OWASP's lowest values for argon2id (password storage cheat sheet). Higher values need more memory. Anyone
# can try to log in, and attempts must not use up the memory that requests need.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

COUNT_LOGIN = "SELECT count_login(%s, %s, %s)"
FIND_LOGIN = "SELECT id, hash FROM find_login(%s)"
BEGIN_SESSION = "SELECT begin_session(%s, %s, %s, %s, %s)"
REHASH = "SELECT rehash_password(%s, %s, %s)"
CLEAR_LOGIN = "SELECT clear_login(%s, %s)"
FIND_SESSION = """
SELECT id, email, role, org, organization, time_zone, clock_timestamp() FROM find_session(%s, %s, %s)
"""
CLOSE_SESSION = "SELECT close_session(%s, %s)"
FIND_LINK = "SELECT email, organization FROM find_link(%s)"
USE_LINK = "SELECT use_link(%s, %s)"
SELECT_EMAILS = "SELECT user_id, email FROM member_list WHERE org_id = %s"


class _Login(NamedTuple):
    """A row of FIND_LOGIN; its columns are null for an unknown address."""

    user_id: str | None
    password_hash: str | None


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
        # For an unknown address, the password is compared with this hash. So the response takes as long as for a known
        # address and a wrong password.
        self._placeholder_hash = HASHER.hash(secrets.token_urlsafe(32))

    def sign_in(self, email: str, password: str, address: str) -> str | None:
        written, email = email, text_key(email)
        counters = counter_key("account", email), counter_key("address", address)
        with borrow_connection(self._pool) as conn:
            _count_attempt(conn, counters)
            login = _find_login(conn, email)
            if login.user_id is None and written.lower() != email:  # earlier versions stored addresses in lower case
                login = _find_login(conn, written.lower())
        # No connection is held while the password is hashed, which takes time.
        right = _matching_form(login.password_hash or self._placeholder_hash, password)
        if right is None or login.password_hash is None:
            return None
        token = secrets.token_urlsafe(32)
        session = (digest(token), login.user_id, login.password_hash, MAX_IDLE, MAX_SESSION)
        with borrow_connection(self._pool) as conn, conn.pipeline():
            has_begun = _scalar(conn).execute(BEGIN_SESSION, session)
            conn.execute(CLEAR_LOGIN, counters)
        if not has_begun.fetchone():
            return None
        self._rehash(login, right)
        return token

    def _rehash(self, login: _Login, right: str) -> None:
        """If the stored hash is that of the password's raw text, replace it by the hash of the prepared password.

        Versions before 26 November 2026 stored the hash of the raw text. `right` is the form that matches the hash.
        """
        try:
            prepared = prepare_password(right)
        except InvalidPassword:
            return
        if prepared != right:
            with borrow_connection(self._pool) as conn:
                conn.execute(REHASH, (login.user_id, login.password_hash, HASHER.hash(prepared)))

    def get_member(self, token: str) -> Member | None:
        with borrow_connection(self._pool) as conn:
            cursor = conn.cursor(row_factory=args_row(_Session))
            session = cursor.execute(FIND_SESSION, (digest(token), MAX_IDLE, MAX_SESSION)).fetchone()
        return None if session is None else Member(**session._asdict())

    def sign_out(self, token: str, *, everywhere: bool = False) -> None:
        with borrow_connection(self._pool) as conn:
            conn.execute(CLOSE_SESSION, (digest(token), everywhere))

    def get_link(self, token: str) -> Link | None:
        with borrow_connection(self._pool) as conn:
            found = conn.cursor(row_factory=args_row(_LinkRow)).execute(FIND_LINK, (digest(token),)).fetchone()
        if found is None or found.email is None or found.organization is None:
            return None
        return Link(found.email, found.organization)

    def set_password(self, token: str, password: str) -> bool:
        password_hash = HASHER.hash(prepare_password(password))
        with borrow_connection(self._pool) as conn:
            return bool(_scalar(conn).execute(USE_LINK, (digest(token), password_hash)).fetchone())

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


def _count_attempt(conn: Connection[Row], counters: tuple[bytes, bytes]) -> None:
    """Count this log-in as failed before its password is checked. A successful log-in clears the count (CLEAR_LOGIN).

    Raises Throttled when too many failures count.
    """
    values = (list(counters), [MAX_ACCOUNT_FAILURES, MAX_ADDRESS_FAILURES], FAILURE_WINDOW)
    seconds = _scalar(conn).execute(COUNT_LOGIN, values).fetchone()
    if seconds:
        raise Throttled(seconds)


def _find_login(conn: Connection[Row], email: str) -> _Login:
    possible = "" if "\0" in email or len(email) > MAX_EMAIL_LENGTH else email
    login = conn.cursor(row_factory=args_row(_Login)).execute(FIND_LOGIN, (possible,)).fetchone()
    assert login is not None
    return login


def _matching_form(password_hash: str, text: str) -> str | None:
    """Return the form of the text that matches the hash; None if no form matches.

    The forms are the prepared password, and the text as it was sent, whose hash earlier versions stored.
    """
    return next((form for form in _forms(text[:MAX_SENT_CHARACTERS]) if _matches(password_hash, form)), None)


def _forms(text: str) -> list[str]:
    raw = text[: MAX_CHARACTERS + 1]
    try:
        prepared = prepare_password(text)[: MAX_CHARACTERS + 1]
    except InvalidPassword:
        return [raw]
    return list(dict.fromkeys((prepared, raw)))


def _matches(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _scalar(conn: Connection[Row]) -> Cursor[int]:
    return conn.cursor(row_factory=scalar_row)
