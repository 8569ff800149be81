"""Resets the second factors of a user, for the command line."""

from __future__ import annotations

from psycopg import Connection

from domain.accounts.security_event import SecurityEventKind
from infra.identity.security_events import operator_transaction
from infra.identity.users import User, get_user
from infra.postgres.database import Row

DROP_FACTORS = "SELECT drop_factors(%s)"


def reset_factors(conn: Connection[Row], email: str) -> User:
    """Take all factors and recovery codes of a user away, and end the user's sessions; return the user.

    The user then logs in with the password alone. Raises UnknownUser.
    """
    with operator_transaction(conn) as record:
        user = get_user(conn, email)
        conn.execute(DROP_FACTORS, (user.id,))
        record(SecurityEventKind.FACTORS_RESET, user.org_id, user.id)
    return user
