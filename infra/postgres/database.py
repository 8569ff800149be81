"""PostgreSQL: pools, roles, and the errors that mean that it is away."""

from __future__ import annotations

import logging
import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg import Connection, sql
from psycopg.types.json import set_json_loads
from psycopg_pool import ConnectionPool, PoolTimeout

from commands.unit_of_work import Unavailable

logger = logging.getLogger("smartdhandha.database")

APP_ROLE = "smartdhandha_app"
Row = tuple[Any, ...]

CONNECT_TIMEOUT = 2
PATIENCE = 1.0
"""Seconds that a request waits for a connection, so that its client hears of it within 2."""
PATIENCE_WHEN_AWAY = 0.1
"""The same while the database is known to be away: threads that wait for it would be missed by other requests."""
FIRST_PATIENCE = 5.0
"""Seconds that a new process waits for its first connection before it takes requests."""
RETRY_INTERVAL = 0.5
"""Seconds between tries to reach a database that is away."""
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
    outage = Outage()

    def check(conn: Connection[Row]) -> None:
        if not is_quiet(conn):
            pool.check()  # what ended this one has mostly ended all; they are replaced together
            conn.execute("")

    pool = ConnectionPool(
        conninfo,
        min_size=size,
        max_size=size,
        timeout=PATIENCE,
        # The pool itself would try again after ever longer pauses; Outage takes over after the first failure.
        reconnect_timeout=0,
        reconnect_failed=outage.begin,
        check=check,
        configure=_configure,
        kwargs={
            "autocommit": True,
            "prepare_threshold": 0,
            "connect_timeout": CONNECT_TIMEOUT,
            "options": options,
            "application_name": "smartdhandha",
            # A host that has vanished is noticed by what it no longer acknowledges; through a socket these do nothing.
            "tcp_user_timeout": int(PATIENCE * 1000),
            "keepalives_idle": 5,
            "keepalives_interval": 1,
        },
        open=True,
    )
    return pool


def await_connection(pool: ConnectionPool[Connection[Row]]) -> None:
    """Wait for the first connection, so that a process takes no request before it can answer it; a database that is
    away holds up none for long."""
    with suppress(PoolTimeout, psycopg.OperationalError), pool.connection(timeout=FIRST_PATIENCE):
        pass


def is_quiet(conn: Connection[Row]) -> bool:
    """Whether nothing has come over the idle connection. A server that ends one says so, or closes it, so this finds
    it before a statement is lost on it, in a microsecond instead of a round trip."""
    poll = select.poll()
    poll.register(conn.fileno(), select.POLLIN)
    return not poll.poll(0)


class Outage:
    """What a pool does from the first connection that cannot be made until there is one again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def begin(self, pool: ConnectionPool[Any]) -> None:
        """Let requests fail at once, and try again at a steady pace; it is the pool's `reconnect_failed`."""
        if self._lock.acquire(blocking=False):
            pool.timeout = PATIENCE_WHEN_AWAY
            logger.warning("the database is away")
            threading.Thread(target=self._end, args=(pool,), name="outage", daemon=True).start()

    def _end(self, pool: ConnectionPool[Any]) -> None:
        try:
            while not pool.closed:
                time.sleep(RETRY_INTERVAL)
                pool.check()  # dead connections go, and where none is left one is asked for
                if pool.get_stats().get("pool_available"):
                    logger.warning("the database is back")
                    return
        finally:
            pool.timeout = PATIENCE
            self._lock.release()


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


@contextmanager
def pipelined(conn: Connection[Row]) -> Iterator[None]:
    """A pipeline that sends its statements together, at its end; their results can be fetched after it.

    psycopg's own sends each statement as it is executed, and wakes the server for each. Its hook for that is no public
    name: without it the statements go one by one again, and mean the same (docs/decisions/0012).
    """
    with conn.pipeline() as pipeline:
        setattr(pipeline, _SEND, _later)
        try:
            yield
        finally:
            delattr(pipeline, _SEND)


_SEND = "_communicate_gen"


def _later() -> Iterator[None]:
    return iter(())


def set_organization(org_id: str) -> sql.Composed:
    """The statement that sets the transaction's organization; as a statement of its own it also reaches the nodes of
    a distributed database, which a call of set_config() would not."""
    return sql.SQL("SET LOCAL app.org = {}").format(sql.Literal(org_id))


def _as_it_is(data: str | bytes) -> bytes:
    """JSON that was stored ready-made is never decoded on its way out."""
    return data if isinstance(data, bytes) else data.encode()


def _configure(conn: Connection[Row]) -> None:
    set_json_loads(_as_it_is, conn)
