"""The lock that allows only one rebuild of a whole table at a time in the database."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from psycopg import Connection

from infra.postgres.database import Row

LOCK = 0x5D_4E_B0
"""The number of the advisory lock that a rebuild holds. The number is arbitrary; no other lock may use it."""
LOCK_TIMEOUT_SECONDS = 3.0
"""How long a rebuild waits for the lock. PostgreSQL may need this time to notice that another rebuild was killed."""


class AnotherRebuild(Exception):
    """Another rebuild is running. Only one rebuild can run at a time."""


@contextmanager
def only_rebuild(conn: Connection[Row], timeout_seconds: float = LOCK_TIMEOUT_SECONDS) -> Iterator[None]:
    """Hold the lock of rebuilds during the block. Raises AnotherRebuild when the lock is not free after the timeout."""
    end_with_client(conn)
    deadline = time.monotonic() + timeout_seconds
    while conn.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone() != (True,):
        if time.monotonic() > deadline:
            raise AnotherRebuild("Another rebuild is running; wait until it ends, or stop it.")
        time.sleep(0.1)
    yield
    conn.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))  # after an error, the end of the connection releases it


def is_rebuilding(conn: Connection[Row]) -> bool:
    """Return whether a rebuild runs at this moment. If not, none begins before the present transaction ends."""
    return conn.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", (LOCK,)).fetchone() != (True,)


def end_with_client(conn: Connection[Row]) -> None:
    """Let the server end a statement of this connection soon after the process that sent it was killed."""
    with suppress(psycopg.errors.InvalidParameterValue):  # not every operating system supports this setting
        conn.execute("SET client_connection_check_interval = '500ms'")
