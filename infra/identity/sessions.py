"""Users' passwords and sessions, through functions of the database that each do one thing."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from api.console.passwords import MAX_CHARACTERS
from api.ports.users import Link, Member, Throttled, csrf_token
from infra.postgres.database import SET_ORGANIZATION, Row
from infra.postgres.pool import Pool, borrowed

MAX_IDLE, MAX_SESSION = timedelta(hours=12), timedelta(days=30)
FAILURES_OF_ACCOUNT, FAILURES_OF_ADDRESS, WAIT = 20, 100, timedelta(minutes=15)
MAX_EMAIL_LENGTH = 254

# What OWASP's password storage cheat sheet asks of argon2id at least: anyone may try a log-in, and must not take the
# memory that requests need.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class PostgresUsers:
    """The Users on a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        # Checked in place of a hash that is not there, so that an unknown address takes as long as a wrong password.
        self._nobody = HASHER.hash(secrets.token_urlsafe(32))

    def sign_in(self, email: str, password: str, address: str) -> str | None:
        email = email.lower()
        account, origin = subject("account", email), subject("address", address)
        counted = ([account, origin], [FAILURES_OF_ACCOUNT, FAILURES_OF_ADDRESS], WAIT)
        with borrowed(self._pool) as conn:
            wait = _one(conn.execute("SELECT count_login(%s, %s, %s)", counted).fetchone())[0]
            if wait:
                raise Throttled(wait)
            known = "" if "\0" in email or len(email) > MAX_EMAIL_LENGTH else email
            user_id, stored = _one(conn.execute("SELECT id, hash FROM find_login(%s)", (known,)).fetchone())
        # Hashing takes its time, during which no connection is kept from others.
        if not _matches(stored or self._nobody, password) or stored is None:
            return None
        token = secrets.token_urlsafe(32)
        with borrowed(self._pool) as conn, conn.pipeline():
            begun = conn.execute(
                "SELECT begin_session(%s, %s, %s, %s, %s)", (digest(token), user_id, stored, MAX_IDLE, MAX_SESSION)
            )
            conn.execute("SELECT clear_login(%s, %s)", (account, origin))
        return token if _one(begun.fetchone())[0] else None

    def member(self, token: str) -> Member | None:
        sql = "SELECT id, email, role, org, organization, time_zone FROM find_session(%s, %s, %s)"
        with borrowed(self._pool) as conn:
            row = conn.execute(sql, (digest(token), MAX_IDLE, MAX_SESSION)).fetchone()
        if row is None:
            return None
        user_id, email, role, org_id, organization, time_zone = row
        return Member(
            user_id=user_id,
            email=email,
            role=role,
            org_id=org_id,
            organization=organization,
            time_zone=time_zone,
            csrf=csrf_token(token),
        )

    def sign_out(self, token: str, *, everywhere: bool = False) -> None:
        with borrowed(self._pool) as conn:
            conn.execute("SELECT close_session(%s, %s)", (digest(token), everywhere))

    def link(self, token: str) -> Link | None:
        with borrowed(self._pool) as conn:
            email, organization = _one(
                conn.execute("SELECT email, organization FROM find_link(%s)", (digest(token),)).fetchone()
            )
        return None if email is None else Link(email, organization)

    def set_password(self, token: str, password: str) -> bool:
        hashed = HASHER.hash(password)
        with borrowed(self._pool) as conn:
            return bool(_one(conn.execute("SELECT use_link(%s, %s)", (digest(token), hashed)).fetchone())[0])

    def names(self, org_id: str) -> dict[str, str]:
        with borrowed(self._pool) as conn, conn.pipeline():
            conn.execute(SET_ORGANIZATION, (org_id,))
            found = conn.execute("SELECT user_id, email FROM member_list WHERE org_id = %s", (org_id,))
        return dict(found.fetchall())


def digest(token: str) -> bytes:
    """All that is stored of a token: it has 256 random bits, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode()).digest()


def subject(kind: str, text: str) -> bytes:
    """Under which failed log-ins are counted; what was typed by mistake into the wrong field is not kept."""
    return hashlib.sha256(f"{kind} {text}".encode()).digest()


def _matches(stored: str, password: str) -> bool:
    try:
        return HASHER.verify(stored, password[: MAX_CHARACTERS + 1])
    except (VerificationError, InvalidHashError):
        return False


def _one(row: Row | None) -> Row:
    assert row is not None
    return row
