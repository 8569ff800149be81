"""The pool of connections under the application's log-in, or under its role."""

from __future__ import annotations

import math
import select
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.abc import RV, PQGen
from psycopg.pq import TransactionStatus
from psycopg_pool import ConnectionPool, PoolTimeout

from api.ports.deadline import deadline
from commands.unit_of_work import Unavailable
from infra.postgres.database import APP_ROLE, Row, keep_json
from infra.postgres.failures import FailureLog, first_error, reason_of
from infra.postgres.logins import Logins
from infra.postgres.long_reads import LongReads
from infra.postgres.outage import Outage
from infra.postgres.wire import DeadlinePassed, Wire, wire_of

POOL_TIMEOUT_SECONDS = 1.0
"""How long a request waits for a connection, so that its client gets a response within 2 seconds."""
FIRST_CONNECTION_TIMEOUT_SECONDS = 5.0
"""How long a new process waits for its first connection before it accepts requests."""
CONNECT_TIMEOUT_SECONDS = 2
LOCK_TIMEOUT_SECONDS = 1.5
STATEMENT_TIMEOUT_SECONDS = 30
IDLE_TRANSACTION_TIMEOUT_SECONDS = 60

OUTAGE_ERRORS = (
    psycopg.OperationalError,  # includes lost connections, lock and statement timeouts, and shutdowns
    psycopg.InterfaceError,
    psycopg.errors.ReadOnlySqlTransaction,  # the database is a standby, or takes no changes for now
    psycopg.errors.IdleInTransactionSessionTimeout,  # this process stood still, or the database's clock was set ahead
    psycopg.errors.TransactionTimeout,
)


class RequestConnection(Connection[Row]):
    """A connection that is closed when PostgreSQL does not respond to psycopg before a deadline.

    PostgreSQL's own time-outs have no effect when PostgreSQL itself hangs.
    """

    deadline = math.inf
    """When to close the connection, in seconds of `time.monotonic`."""

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        if math.isinf(self.deadline):
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, max(0.0, self.deadline - time.monotonic()))
        except psycopg.OperationalError as error:
            if time.monotonic() < self.deadline:
                raise
            self.close()
            raise DeadlinePassed("PostgreSQL did not respond in time") from error


class Pool(ConnectionPool[Connection[Row]]):
    """A pool of connections under the application's role. `failures` logs the errors on these connections."""

    def __init__(self, conninfo: str, **options: Any) -> None:
        self.failures, self.long_reads = FailureLog(), LongReads()
        super().__init__(conninfo, **options)


def open_pool(logins: Logins, size: int) -> Pool:
    """Open a pool of `size` connections. Call it after a fork, never before one.

    They log in as the application. If it has no log-in of its own, they log in as the owner, and set the application's
    role.
    """
    conninfo = logins.application or logins.owner
    parameters = _connection_parameters({} if logins.application else {"role": APP_ROLE})
    outage = Outage(conninfo, parameters)

    def check(conn: Connection[Row]) -> None:
        if not is_quiet(conn):
            pool.check()  # the other connections have probably ended, too: replace them all now
            conn.execute("")

    pool = Pool(
        conninfo,
        min_size=size,
        max_size=size,
        timeout=POOL_TIMEOUT_SECONDS,
        # The pool must not retry, because its intervals grow. Outage retries after the first failure.
        reconnect_timeout=0,
        reconnect_failed=outage.begin,
        check=check,
        configure=keep_json,
        connection_class=RequestConnection,
        kwargs=parameters,
        open=True,
    )
    return pool


def _connection_parameters(role: dict[str, str]) -> dict[str, Any]:
    settings = {
        **role,
        "timezone": "UTC",
        "lock_timeout": f"{int(LOCK_TIMEOUT_SECONDS * 1000)}ms",
        "statement_timeout": f"{STATEMENT_TIMEOUT_SECONDS}s",
        "idle_in_transaction_session_timeout": f"{IDLE_TRANSACTION_TIMEOUT_SECONDS}s",
    }
    return {
        "autocommit": True,
        # wire.py prepares the statements of the hot path. If psycopg prepared statements, it would deallocate these,
        # too, after each rollback.
        "prepare_threshold": None,
        "connect_timeout": CONNECT_TIMEOUT_SECONDS,
        "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
        "application_name": "smartdhandha",
        # Give up a host that does not acknowledge data within this time; without effect on Unix sockets.
        "tcp_user_timeout": int(POOL_TIMEOUT_SECONDS * 1000),
        "keepalives_idle": 5,
        "keepalives_interval": 1,
    }


def await_connection(pool: Pool) -> None:
    """Wait for the first connection, so that a process accepts no request before it can handle it.

    If the database cannot be reached, return after FIRST_CONNECTION_TIMEOUT_SECONDS.
    """
    with suppress(PoolTimeout, psycopg.OperationalError), pool.connection(timeout=FIRST_CONNECTION_TIMEOUT_SECONDS):
        pass


@contextmanager
def borrow_wire(pool: Pool) -> Iterator[Wire]:
    """Borrow a connection of the pool for trips. Raises Unavailable."""
    with borrow_connection(pool) as conn:
        yield wire_of(conn)


@contextmanager
def borrow_for_long_read(pool: Pool, org_id: str) -> Iterator[Connection[Row]]:
    """Borrow a connection for a long read, after other long reads of the organization have ended (LongReads.turn).

    Raises Unavailable, and LongReadRunning when another long read has not ended in time.
    """
    with pool.long_reads.turn(org_id), borrow_connection(pool) as conn:
        yield conn


@contextmanager
def borrow_connection(pool: Pool) -> Iterator[Connection[Row]]:
    """Borrow a connection of the pool, which is closed if PostgreSQL does not respond before the request's deadline.

    A transaction that the block leaves open is rolled back. Raises Unavailable.
    """
    conn = _get_connection(pool, deadline())
    try:
        yield conn
    except OUTAGE_ERRORS as error:
        raise _failure(pool, first_error(error)) from error
    finally:
        _roll_back(conn)
        if isinstance(conn, RequestConnection):
            conn.deadline = math.inf
        pool.putconn(conn)


def _roll_back(conn: Connection[Row]) -> None:
    """End a transaction that was left open, before the deadline. The pool itself would wait for it without a limit."""
    if conn.pgconn.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
        with suppress(psycopg.Error):  # the connection is closed then, and the pool replaces it
            conn.rollback()


def _get_connection(pool: Pool, until: float) -> Connection[Row]:
    left = until - time.monotonic()
    if left <= 0:
        raise Unavailable("the time of the request is over")
    try:
        conn = pool.getconn(min(pool.timeout, left))
    except (PoolTimeout, psycopg.OperationalError) as error:
        raise Unavailable(str(error)) from error
    if isinstance(conn, RequestConnection):
        conn.deadline = until
    return conn


def _failure(pool: Pool, error: Exception) -> Exception:
    """Log an error of OUTAGE_ERRORS and return Unavailable for it. Return any other error unchanged."""
    if not isinstance(error, OUTAGE_ERRORS):
        return error
    pool.failures.report(error)
    return Unavailable(reason_of(error))


def is_quiet(conn: Connection[Row]) -> bool:
    """Return whether nothing has arrived on an idle connection.

    A server that ends a connection sends a message or closes the connection. So this check finds an ended connection
    before a statement is lost on it. The check takes a microsecond; a query would take a round trip.
    """
    poll = select.poll()
    poll.register(conn.fileno(), select.POLLIN)
    return not poll.poll(0)
