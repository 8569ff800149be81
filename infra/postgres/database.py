"""Functions on connections to PostgreSQL: connect as the table owner, open a pipeline, read the database's clock.

Further functions choose the organization whose rows a transaction sees, and return JSON columns as bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg
from psycopg import Connection, sql
from psycopg.rows import scalar_row
from psycopg.types.json import set_json_loads
from psycopg.types.string import ByteaBinaryLoader

from infra.postgres.poolers import is_shared, refuses_options

APP_ROLE = "smartdhandha_app"
OWNER_CONNECT_TIMEOUT_SECONDS = 5

Row = tuple[Any, ...]
"""A row as psycopg returns it by default: a tuple of the columns' values."""

SET_ORGANIZATION = "SELECT set_organization(%s)"
"""Sets the organization whose rows the transaction sees. Without this, views and policies show no rows. The same
statement for the wire is in `infra/log/admission.py`."""

IS_DISTRIBUTED = """
SELECT EXISTS (
    SELECT FROM pg_attribute WHERE attrelid = to_regclass('public.credits') AND attname = 'org_id' AND NOT attisdropped
)
"""
"""Whether `smartdhandha db distribute` has prepared the tables. It has added this column."""


DATABASE = "current_database(), (SELECT system_identifier FROM pg_control_system())"
"""SQL expressions for the name of the database, and for the cluster that the database is in. A standby has the cluster
of its primary. Reading it costs PostgreSQL a look into a file."""

COMMIT_LATER = "SET LOCAL synchronous_commit = off"
"""Lets the transaction's COMMIT return before the transaction is on disk. Use it only for what is computed from the log
or the ledger, and would be computed again after a crash: never for events."""

OLDEST_SERVER = 17
"""The oldest version of PostgreSQL that the service works with."""


class DatabaseUnreachable(Exception):
    """No connection to PostgreSQL could be made, or the server is older than OLDEST_SERVER. The message says why."""


class PoolerFound(DatabaseUnreachable):
    """DATABASE_URL leads to a pooler with which the owner's connections cannot work. The message says why."""

    def __init__(self, why: str) -> None:
        """`why` completes the sentence "DATABASE_URL leads to a pooler that …"."""
        super().__init__(
            f"DATABASE_URL leads to a pooler that {why}. Set DATABASE_URL to the address of PostgreSQL itself, and "
            'only SMARTDHANDHA_APP_DATABASE_URL to the pooler: see "Poolers" in docs/operations.md.'
        )


_SHARED = (
    "gives one session of PostgreSQL to several clients, such as PgBouncer in transaction mode: the locks on which "
    "migrations, rebuilds and the background worker rely would belong to several of them"
)
_OWNER_PARAMETERS: Mapping[str, Any] = {
    "autocommit": True,
    "connect_timeout": OWNER_CONNECT_TIMEOUT_SECONDS,
    "options": "-c timezone=UTC",
    "application_name": "smartdhandha-cli",
    "prepare_threshold": None,  # psycopg must not prepare statements by itself (see pool.py)
}


def connect_as_table_owner(conninfo: str) -> Connection[Row]:
    """Connect in autocommit mode as the table owner: for migrations, the background worker and the command line.

    Raises DatabaseUnreachable, also when the connection leads to a pooler that shares sessions (PoolerFound).
    """
    try:
        conn: Connection[Row] = psycopg.connect(conninfo, **_OWNER_PARAMETERS)
    except psycopg.OperationalError as error:
        raise _unreachable(error) from None
    try:
        _check_server(conn, conninfo)
    except psycopg.OperationalError as error:
        conn.close()
        raise _unreachable(error) from None
    except DatabaseUnreachable:
        conn.close()
        raise
    configure(conn)
    return conn


def _check_server(conn: Connection[Row], conninfo: str) -> None:
    """Raise DatabaseUnreachable for a server that is too old, and for a pooler that shares sessions."""
    if conn.info.server_version < OLDEST_SERVER * 10_000:
        version = conn.info.parameter_status("server_version")
        raise DatabaseUnreachable(
            f"The database is PostgreSQL {version}; use PostgreSQL {OLDEST_SERVER} or newer, or the bundled one."
        )
    if is_shared(conn, conninfo, _OWNER_PARAMETERS):
        raise PoolerFound(_SHARED)


def _unreachable(error: psycopg.OperationalError) -> DatabaseUnreachable:
    """Return the error for a connection that could not be made."""
    reason = " ".join(str(error).split())
    if refuses_options(reason):
        return PoolerFound(f"refuses the settings of the service ({reason})")
    return DatabaseUnreachable(f"The database cannot be reached; check DATABASE_URL. PostgreSQL says: {reason}")


def get_now(conn: Connection[Row]) -> datetime:
    """Return the time of the database's clock.

    Use it for every time that is stored or compared with a stored time. The clock of another host may be wrong.
    """
    now = conn.cursor(row_factory=scalar_row).execute("SELECT clock_timestamp()").fetchone()
    assert isinstance(now, datetime)
    return now


def configure(conn: Connection[Row]) -> None:
    """Prepare a new connection, in autocommit mode: find out what database it leads to (see `is_distributed`)."""
    keep_json(conn)
    vars(conn)["is_distributed"] = conn.execute(IS_DISTRIBUTED).fetchone() == (True,)


def is_distributed(conn: Connection[Row]) -> bool:
    """Return whether the database is distributed over several machines, as was found when the connection began."""
    return bool(vars(conn).get("is_distributed"))


def keep_json(conn: Connection[Row]) -> None:
    """Let the connection return JSON columns as bytes.

    The API sends the stored JSON unchanged, so decoding would only take time.
    """
    set_json_loads(_as_bytes, conn)
    conn.adapters.register_loader("json", ByteaBinaryLoader)  # for binary results: needs no Python call for each value


@contextmanager
def open_pipeline(conn: Connection[Row]) -> Iterator[None]:
    """Open a pipeline that sends all its statements together at the end of the block. Fetch the results after that.

    psycopg's own pipeline sends each statement at once, so the server wakes up for each. This function replaces a
    private method of psycopg. If a later version of psycopg lacks the method, each statement is sent at once again. The
    results stay the same (docs/decisions/0012).
    """
    with conn.pipeline() as pipeline:
        setattr(pipeline, _SEND, _send_later)
        try:
            yield
        finally:
            delattr(pipeline, _SEND)


@contextmanager
def open_pipeline_of(conn: Connection[Row], org_id: str) -> Iterator[None]:
    """Open a pipeline that is a transaction of this organization. Fetch the results of its statements after the block.

    Up to its end, a pipeline is one transaction, even without BEGIN and COMMIT. In a distributed database, only BEGIN
    lets the setting reach the nodes. If the block fails, the pool rolls the transaction back.
    """
    with open_pipeline(conn):
        if is_distributed(conn):
            conn.execute("BEGIN")
        conn.execute(SET_ORGANIZATION, (org_id,))
        yield
        if is_distributed(conn):
            conn.execute("COMMIT")


_SEND = "_communicate_gen"


def set_organization(org_id: str) -> sql.Composed:
    """Return the statement that sets the transaction's organization.

    Unlike a call of set_config(), this statement also reaches the nodes of a distributed database.
    """
    return sql.SQL("SET LOCAL app.org = {}").format(sql.Literal(org_id))


def _send_later() -> Iterator[None]:
    return iter(())


def _as_bytes(data: str | bytes) -> bytes:
    return data if isinstance(data, bytes) else data.encode()
