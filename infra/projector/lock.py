"""The lock that allows only one rebuild of a table at a time in the whole database."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from psycopg import Connection

from infra.postgres.database import Row

LOCK = 0x5D_4E_B0
"""The number of the advisory lock that a rebuild holds. It may be any number that no other lock has."""
LOCK_TIMEOUT_SECONDS = 3.0
"""How long the server may take to notice that a rebuild was killed."""


class AnotherRebuild(Exception):
    """Another rebuild is running; only one runs at a time."""


@contextmanager
def only_rebuild(conn: Connection[Row], timeout_seconds: float = LOCK_TIMEOUT_SECONDS) -> Iterator[None]:
    """Hold the lock of rebuilds. Raises AnotherRebuild when another one still holds it after the timeout."""
    with suppress(psycopg.errors.InvalidParameterValue):  # not every operating system has this check
        conn.execute("SET client_connection_check_interval = '500ms'")  # ends the statement of a killed rebuild
    deadline = time.monotonic() + timeout_seconds
    while conn.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone() != (True,):
        if time.monotonic() > deadline:
            raise AnotherRebuild("Another rebuild is running; wait until it ends, or stop it.")
        time.sleep(0.1)
    yield
    conn.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))  # after an error, the end of the connection releases it
