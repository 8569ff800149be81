"""Finds out whether a pooler stands between a connection and PostgreSQL, and whether it shares sessions.

A pooler such as PgBouncer in transaction mode gives each transaction of a client the session of PostgreSQL that is free
just then. What a session keeps between transactions is then lost, or belongs to several clients at once: a lock of a
session, a setting of SET, LISTEN.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import Connection

_LOOKS = 3


def is_pooled(conn: Connection[Any]) -> bool:
    """Return whether a pooler answers this connection's requests. `conn` must be in autocommit mode.

    PostgreSQL tells each client at its log-in which of its processes serves it, for requests to cancel a statement. A
    pooler tells something else, because it cancels on behalf of its clients.
    """
    return _backend_of(conn) != conn.info.backend_pid


def shares_sessions(first: Connection[Any], second: Connection[Any]) -> bool:
    """Return whether a pooler gives one session to both connections, or several sessions to one of them.

    Both connections lead to the same place, and are in autocommit mode. A pooler in session mode does neither. A busy
    pooler in transaction mode may give each of them the same session several times by chance; then this returns False.
    """
    served_by = [(_backend_of(first), _backend_of(second)) for _ in range(_LOOKS)]
    firsts, seconds = ({*backends} for backends in zip(*served_by, strict=True))
    return len(firsts) > 1 or len(seconds) > 1 or bool(firsts & seconds)


def is_shared(conn: Connection[Any], conninfo: str, parameters: Mapping[str, Any]) -> bool:
    """Return whether a pooler answers this connection's requests and shares its sessions among clients.

    If there is a pooler, a second connection is opened for this, with the `conninfo` and the arguments of the first one
    for psycopg.connect(). If that fails, return False.
    """
    if not is_pooled(conn):
        return False
    try:
        with psycopg.connect(conninfo, **parameters) as second:
            return shares_sessions(conn, second)
    except psycopg.OperationalError:
        return False


def refuses_options(reason: str) -> bool:
    """Return whether a connection failed for this reason: PgBouncer accepts no setting that it does not know."""
    return "unsupported startup parameter" in reason


def _backend_of(conn: Connection[Any]) -> int:
    row = conn.execute("SELECT pg_backend_pid()").fetchone()
    assert row is not None
    return int(row[0])
