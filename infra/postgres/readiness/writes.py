"""Checks whether the database can write."""

from __future__ import annotations

import logging
import threading
import time

import psycopg
from psycopg import Connection

from infra.postgres.database import Row
from infra.postgres.failures import facts_of, reason_of

logger = logging.getLogger("smartdhandha.database")

WRITE_INTERVAL_SECONDS = 5.0
"""The shortest time between two attempts of a process to write. Further requests for `/readyz` start no attempt."""

_IS_READ_ONLY = "SELECT current_setting('transaction_read_only')::boolean"
_SPILL = ("SET LOCAL work_mem = '64kB'", "SELECT count(*) FROM generate_series(1, 20000)")
"""Makes PostgreSQL write a temporary file, because the query needs more memory than allowed. Fails on a full disk."""
_APPEND = "SELECT pg_logical_emit_message(true, 'smartdhandha', 'ready')"
"""Writes a message to the write-ahead log at the commit. No table is changed."""


class WriteCheck:
    """Tries to write every few seconds, and remembers whether the last attempt succeeded."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next_at = 0.0
        self._can_write = True

    def succeed(self, conn: Connection[Row]) -> bool:
        """Return whether the last attempt to write succeeded.

        If the last attempt was more than WRITE_INTERVAL_SECONDS ago, make a new attempt first. Each change of the
        result is logged.
        """
        if time.monotonic() < self._next_at or not self._lock.acquire(blocking=False):
            return self._can_write
        try:
            self._attempt(conn)
            self._next_at = time.monotonic() + WRITE_INTERVAL_SECONDS
        finally:
            self._lock.release()
        return self._can_write

    def _attempt(self, conn: Connection[Row]) -> None:
        could_write = self._can_write
        try:
            _write(conn)
            self._can_write = True
        except psycopg.OperationalError as error:
            if conn.broken:
                raise
            self._can_write = False
            if could_write:
                logger.error("the database cannot write: %s", reason_of(error), extra=facts_of(error))
        if self._can_write and not could_write:
            logger.warning("the database can write again")


def _write(conn: Connection[Row]) -> None:
    """Write to the database. Raises OperationalError when the database cannot write."""
    with conn.transaction():
        if conn.execute(_IS_READ_ONLY).fetchone() == (True,):
            raise ReadOnly("it is read-only")
        for statement in (*_SPILL, _APPEND):
            conn.execute(statement)


class ReadOnly(psycopg.OperationalError):
    """The database does not accept writes: it is a standby, or somebody has set it to read-only."""

    sqlstate = "25006"
