"""PostgreSQL: pools, roles, and the errors that mean that it is away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import Connection, sql
from psycopg.types.json import set_json_loads
from psycopg_pool import ConnectionPool, PoolTimeout

from api.dependencies import Unavailable

APP_ROLE = "smartdhandha_app"
Row = tuple[Any, ...]

CONNECT_TIMEOUT = 2
"""Seconds within which a request learns that the database is away."""
LOCK_TIMEOUT = "5s"
STATEMENT_TIMEOUT = "30s"


class DatabaseUnreachable(Exception):
    """No connection could be made at start; the message says to where, and why."""


def open_pool(conninfo: str, size: int) -> ConnectionPool[Connection[Row]]:
    """A pool of connections under the application's role. Open it after a fork, never before one."""
    options = (
        f"-c role={APP_ROLE} -c timezone=UTC -c lock_timeout={LOCK_TIMEOUT} -c statement_timeout={STATEMENT_TIMEOUT} "
        "-c idle_in_transaction_session_timeout=60s"
    )
    return ConnectionPool(
        conninfo,
        min_size=size,
        max_size=size,
        timeout=CONNECT_TIMEOUT,
        # A dead connection is replaced at the next request rather than after an ever longer pause.
        reconnect_timeout=CONNECT_TIMEOUT,
        configure=_configure,
        kwargs={
            "autocommit": True,
            "prepare_threshold": 0,
            "connect_timeout": CONNECT_TIMEOUT,
            "options": options,
            "application_name": "smartdhandha",
        },
        open=True,
    )


def connect_owner(conninfo: str) -> Connection[Row]:
    """A connection under the owner's own role, for migrations and the command line.

    Raises DatabaseUnreachable with one sentence.
    """
    try:
        conn = psycopg.connect(
            conninfo, autocommit=True, connect_timeout=5, options="-c timezone=UTC", application_name="smartdhandha-cli"
        )
    except psycopg.OperationalError as error:
        reason = " ".join(str(error).split())
        raise DatabaseUnreachable(
            f"The database cannot be reached; check DATABASE_URL. PostgreSQL says: {reason}"
        ) from None
    set_json_loads(_as_it_is, conn)
    return conn


@contextmanager
def borrowed(pool: ConnectionPool[Connection[Row]]) -> Iterator[Connection[Row]]:
    """A connection of the pool; whatever transaction is left open on it is rolled back. Raises Unavailable."""
    try:
        conn = pool.getconn()
    except (PoolTimeout, psycopg.OperationalError) as error:
        raise Unavailable(str(error)) from error
    try:
        yield conn
    except AWAY as error:
        raise Unavailable(str(error)) from error
    finally:
        pool.putconn(conn)


AWAY = (
    psycopg.OperationalError,  # includes lost connections, lock and statement timeouts, and shutdowns
    psycopg.InterfaceError,
)


def set_organization(org_id: str) -> sql.Composed:
    """The statement that sets the transaction's organization; as a statement of its own it also reaches the nodes of
    a distributed database, which a call of set_config() would not."""
    return sql.SQL("SET LOCAL app.org = {}").format(sql.Literal(org_id))


def _as_it_is(data: str | bytes) -> bytes:
    """JSON that was stored ready-made is never decoded on its way out."""
    return data if isinstance(data, bytes) else data.encode()


def _configure(conn: Connection[Row]) -> None:
    set_json_loads(_as_it_is, conn)
