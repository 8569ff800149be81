"""Connections to PostgreSQL: the application's role, pipelines, the transaction's organization, and undecoded JSON."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg
from psycopg import Connection, sql
from psycopg.rows import scalar_row
from psycopg.types.json import set_json_loads
from psycopg.types.string import ByteaBinaryLoader

APP_ROLE = "smartdhandha_app"
OWNER_CONNECT_TIMEOUT_SECONDS = 5

Row = tuple[Any, ...]
"""A row, when the connection has no row factory of its own."""

SET_ORGANIZATION = "SELECT set_config('app.org', %s, true)"
"""The first statement of a pipeline that reads. A pipeline is a transaction of its own, without BEGIN and COMMIT. In a
transaction without an organization, the views and policies show no rows."""


class DatabaseUnreachable(Exception):
    """No connection could be made; the message holds PostgreSQL's reason."""


def connect_as_table_owner(conninfo: str) -> Connection[Row]:
    """Connect in autocommit mode as the table owner: for migrations, the background worker and the command line.

    Raises DatabaseUnreachable.
    """
    try:
        conn = psycopg.connect(
            conninfo,
            autocommit=True,
            connect_timeout=OWNER_CONNECT_TIMEOUT_SECONDS,
            options="-c timezone=UTC",
            application_name="smartdhandha-cli",
            prepare_threshold=None,  # as in pool.py
        )
    except psycopg.OperationalError as error:
        reason = " ".join(str(error).split())
        raise DatabaseUnreachable(
            f"The database cannot be reached; check DATABASE_URL. PostgreSQL says: {reason}"
        ) from None
    keep_json(conn)
    return conn


def get_now(conn: Connection[Row]) -> datetime:
    """Return the time by the database's clock.

    Every time that is stored, or compared with a stored time, comes from this clock. The clock of another host may be
    wrong.
    """
    now = conn.cursor(row_factory=scalar_row).execute("SELECT clock_timestamp()").fetchone()
    assert isinstance(now, datetime)
    return now


def keep_json(conn: Connection[Row]) -> None:
    """Let the connection return JSON columns as bytes.

    JSON is stored in the form that the API sends, so it is never decoded.
    """
    set_json_loads(_as_bytes, conn)
    conn.adapters.register_loader("json", ByteaBinaryLoader)  # the same without a call of Python for each value


@contextmanager
def open_pipeline(conn: Connection[Row]) -> Iterator[None]:
    """Open a pipeline that sends all its statements together at its end. Fetch their results after it.

    psycopg's own pipeline sends each statement as it is executed, and wakes the server for each. The method that is
    replaced here is not public. With a version of psycopg that does not have it, statements are sent one by one again,
    with the same results (docs/decisions/0012).
    """
    with conn.pipeline() as pipeline:
        setattr(pipeline, _SEND, _send_later)
        try:
            yield
        finally:
            delattr(pipeline, _SEND)


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
