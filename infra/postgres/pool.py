"""The pool of connections that handle requests, with the rights of the application's role."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any, TypeVar

import psycopg
from psycopg import Connection
from psycopg.abc import RV, PQGen
from psycopg_pool import ConnectionPool, PoolTimeout

from api.ports.request.deadline import deadline
from commands.unit_of_work import Unavailable
from infra.postgres.database import Row, configure
from infra.postgres.failures import FailureLog, first_error, reason_of
from infra.postgres.logins import Logins
from infra.postgres.long_reads import LongReads
from infra.postgres.outage import Outage
from infra.postgres.outcome import IDLE, IN_TRANSACTION
from infra.postgres.readiness.sessions import SessionCheck
from infra.postgres.wire import DeadlinePassed, Wire, wire_of

T = TypeVar("T")

POOL_TIMEOUT_SECONDS = 1.0
"""How long a request waits for a connection. The time is short so that the client gets a response within 2 seconds."""
STANDBY_TIMEOUT_SECONDS = 0.1
"""How long a request waits for a connection to a standby. Then the primary answers."""
FIRST_CONNECTION_TIMEOUT_SECONDS = 5.0
"""How long a new process waits for its first connection before it accepts requests."""
CONNECT_TIMEOUT_SECONDS = 2

OUTAGE_ERRORS = (
    psycopg.OperationalError,  # includes lost connections, lock and statement timeouts, and shutdowns
    psycopg.InterfaceError,
    psycopg.errors.ReadOnlySqlTransaction,  # the database is a standby, or is set to read-only
    psycopg.errors.IdleInTransactionSessionTimeout,  # this process was suspended, or the database's clock was set ahead
    psycopg.errors.TransactionTimeout,
)


class RequestConnection(Connection[Row]):
    """A connection that is closed when PostgreSQL does not respond to psycopg before the deadline.

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


class _Stack(deque[Any]):
    """A queue that gives out what was put in last."""

    popleft = deque.pop


class Pool(ConnectionPool[Connection[Row]]):
    """A pool of connections under the application's role. It lends the connection that was returned last.

    So a service with little to do uses few processes of PostgreSQL, whose caches stay warm. (psycopg's pool would lend
    one connection after the other.) `failures` logs the errors on these connections, and `sessions` checks what they
    are.
    """

    def __init__(self, conninfo: str, kwargs: dict[str, Any], name: str, **options: Any) -> None:
        self.failures, self.long_reads = FailureLog(name=name), LongReads()
        self.sessions = SessionCheck(conninfo, kwargs)
        super().__init__(conninfo, kwargs=kwargs, **options)
        with self._lock:  # the pool's own threads may add connections already
            self._pool = _Stack(self._pool)

    def getconn(self, timeout: float | None = None) -> Connection[Row]:
        """Lend a connection. If an idle one is still open, this takes a third of the time of psycopg's method."""
        with self._lock:
            conn = self._pool.popleft() if self._pool else None
        if conn is None:
            return super().getconn(timeout)
        if not wire_of(conn).is_quiet():
            with self._lock:
                self._pool.append(conn)
            return super().getconn(timeout)  # finds that the connection has ended
        conn._pool = self  # noqa: SLF001 -- as psycopg's method does
        return conn

    def putconn(self, conn: Connection[Row]) -> None:
        """Take a connection back. If it can be lent again, this takes a third of the time of psycopg's method."""
        if conn.pgconn.transaction_status == IDLE and self._is_lasting(conn):
            conn._pool = None  # noqa: SLF001 -- as psycopg's method does
            with self._lock:
                if not self._waiting and not self._closed:
                    self._pool.append(conn)
                    return
            conn._pool = self  # noqa: SLF001
        super().putconn(conn)

    def _is_lasting(self, conn: Connection[Row]) -> bool:
        """Whether the connection is this pool's and its time is not over."""
        return conn._pool is self and self._drained_at < conn._created_at and time.monotonic() < conn._expire_at  # noqa: SLF001


def open_pool(logins: Logins, size: int) -> Pool:
    """Open a pool of `size` connections. Call this after the process was forked: processes cannot share connections.

    The connections use the log-in of the application. If there is none, they log in as the owner and set the
    application's role.
    """
    return _open(logins.for_requests, connection_parameters(logins), size, "the database", POOL_TIMEOUT_SECONDS)


def open_standby_pool(logins: Logins, size: int) -> Pool | None:
    """Open a pool of `size` connections to a standby, as `open_pool` does; return None if the log-ins name no standby.

    Nobody waits for a standby: the primary answers, too.
    """
    if logins.standby is None:
        return None
    return _open(logins.standby, connection_parameters(logins), size, "the standby", STANDBY_TIMEOUT_SECONDS)


def _open(conninfo: str, parameters: dict[str, Any], size: int, name: str, timeout_seconds: float) -> Pool:
    outage = Outage(conninfo, parameters, name)

    def check(conn: Connection[Row]) -> None:
        if not wire_of(conn).is_quiet():
            pool.check()  # the other connections have probably ended, too: replace them all now
            conn.execute("")

    pool = Pool(
        conninfo,
        parameters,
        name,
        min_size=size,
        max_size=size,
        timeout=timeout_seconds,
        # After the first failure, Outage retries at a fixed interval. The pool itself would wait longer each time.
        reconnect_timeout=0,
        reconnect_failed=outage.begin,
        check=check,
        configure=configure,
        connection_class=RequestConnection,
        open=True,
    )
    return pool


def connection_parameters(logins: Logins) -> dict[str, Any]:
    """Return the arguments of psycopg.connect() for connections that serve requests."""
    return {
        "autocommit": True,
        # psycopg must not prepare statements: after each rollback, it would deallocate all prepared statements, also
        # the statements of wire.py.
        "prepare_threshold": None,
        "connect_timeout": CONNECT_TIMEOUT_SECONDS,
        "options": logins.options,
        "application_name": "smartdhandha",
        # Close a TCP connection if the host does not acknowledge data within this time.
        "tcp_user_timeout": int(POOL_TIMEOUT_SECONDS * 1000),
        "keepalives_idle": 5,
        "keepalives_interval": 1,
    }


def await_connection(pool: Pool) -> None:
    """Wait for the first connection, so that a new process accepts no requests before it can handle them. Check it.

    If the database cannot be reached, return after FIRST_CONNECTION_TIMEOUT_SECONDS.
    """
    with (
        suppress(PoolTimeout, psycopg.OperationalError),
        pool.connection(timeout=FIRST_CONNECTION_TIMEOUT_SECONDS) as conn,
    ):
        pool.sessions.problem(conn)


def borrow_wire(pool: Pool) -> AbstractContextManager[Wire]:
    """Borrow a connection of the pool as a Wire, for trips. Raises Unavailable."""
    return _Loan(pool, wire_of)


@contextmanager
def borrow_for_long_read(pool: Pool, org_id: str) -> Iterator[Connection[Row]]:
    """Wait until the organization has no other long read in this process. Then borrow a connection (LongReads.turn).

    Raises Unavailable, and LongReadRunning when the other long read has not ended in time.
    """
    with pool.long_reads.turn(org_id), borrow_connection(pool) as conn:
        yield conn


def borrow_connection(pool: Pool) -> AbstractContextManager[Connection[Row]]:
    """Borrow a connection of the pool. If PostgreSQL does not respond before the request's deadline, close it.

    A transaction that the block leaves open is rolled back. Raises Unavailable.
    """
    return _Loan(pool, lambda conn: conn)


class _Loan(AbstractContextManager[T]):
    """A connection of the pool for the time of a block. The block gets what `give` makes of it.

    Each request borrows one, and a class takes half the time of a generator.
    """

    def __init__(self, pool: Pool, give: Callable[[Connection[Row]], T]) -> None:
        self._pool, self._give = pool, give

    def __enter__(self) -> T:
        self._conn = _get_connection(self._pool, deadline())
        return self._give(self._conn)

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        try:
            if isinstance(error, OUTAGE_ERRORS):
                raise _failure(self._pool, first_error(error)) from error
        finally:
            _roll_back(self._conn)
            if isinstance(self._conn, RequestConnection):
                self._conn.deadline = math.inf
            self._pool.putconn(self._conn)


def _roll_back(conn: Connection[Row]) -> None:
    """Roll back a transaction that was left open. The pool would do so too, but without the deadline."""
    if conn.pgconn.transaction_status in IN_TRANSACTION:
        with suppress(psycopg.Error):  # after an error the connection is closed, and the pool replaces it
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
