"""Connections to PostgreSQL: the application's role, pipelines, the transaction's organization, and undecoded JSON."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import Connection, sql
from psycopg.types.json import set_json_loads

APP_ROLE = "smartdhandha_app"
OWNER_CONNECT_TIMEOUT_SECONDS = 5

Row = tuple[Any, ...]
"""A row of a connection without a row factory of its own."""

SET_ORGANIZATION = "SELECT set_config('app.org', %s, true)"
"""The first statement of a pipeline, whose statements are one transaction: half as many as with BEGIN, SET LOCAL and
COMMIT. In a transaction without an organization, the views and policies show nothing."""


class DatabaseUnreachable(Exception):
    """No connection could be made at the start; the message names the server's reason."""


def connect_as_table_owner(conninfo: str) -> Connection[Row]:
    """Connect in autocommit mode under the owner's own role, for migrations, the worker and the command line.

    Raises DatabaseUnreachable.
    """
    try:
        conn = psycopg.connect(
            conninfo,
            autocommit=True,
            connect_timeout=OWNER_CONNECT_TIMEOUT_SECONDS,
            options="-c timezone=UTC",
            application_name="smartdhandha-cli",
        )
    except psycopg.OperationalError as error:
        reason = " ".join(str(error).split())
        raise DatabaseUnreachable(
            f"The database cannot be reached; check DATABASE_URL. PostgreSQL says: {reason}"
        ) from None
    keep_json(conn)
    return conn


def keep_json(conn: Connection[Row]) -> None:
    """Return JSON columns as bytes: JSON is stored in the form in which it leaves the service, and never decoded."""
    set_json_loads(_as_bytes, conn)


@contextmanager
def open_pipeline(conn: Connection[Row]) -> Iterator[None]:
    """Open a pipeline that sends its statements together, at its end; their results can be fetched after it.

    psycopg's own pipeline sends each statement as it is executed, and wakes the server for each. The method that is
    replaced here is not public: should it vanish, the statements are sent one by one again, with the same results
    (docs/decisions/0012).
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

    As a statement of its own it also reaches the nodes of a distributed database; a call of set_config() does not.
    """
    return sql.SQL("SET LOCAL app.org = {}").format(sql.Literal(org_id))


def _send_later() -> Iterator[None]:
    return iter(())


def _as_bytes(data: str | bytes) -> bytes:
    return data if isinstance(data, bytes) else data.encode()
