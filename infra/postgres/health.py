"""Checks for `/readyz` whether the database responds, has every migration, and can write, and the keys for secrets."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence

import psycopg
from psycopg import Connection

from commands.unit_of_work import Unavailable
from infra.postgres.database import Row
from infra.postgres.failures import facts_of, reason_of
from infra.postgres.migrate import MigrationError, list_pending
from infra.postgres.pool import Pool, borrow_connection
from infra.postgres.secret_keys import OTHER_KEY, SecretKeyCheck

logger = logging.getLogger("smartdhandha.database")

WRITE_INTERVAL_SECONDS = 5.0
"""The shortest time between two attempts of a process to write. Further requests for `/readyz` start no attempt."""

_IS_READ_ONLY = "SELECT current_setting('transaction_read_only')::boolean"
_SPILL = ("SET LOCAL work_mem = '64kB'", "SELECT count(*) FROM generate_series(1, 20000)")
"""Makes PostgreSQL write a temporary file, because the query needs more memory than allowed. Fails on a full disk."""
_APPEND = "SELECT pg_logical_emit_message(true, 'smartdhandha', 'ready')"
"""Writes a message to the write-ahead log at the commit. No table is changed."""


class DatabaseHealth:
    """Implements the port Health with a pool of connections. The database is checked, and that no other process has
    other keys for the secrets of webhooks than `secret_keys`."""

    def __init__(self, pool: Pool, secret_keys: Sequence[str] = ()) -> None:
        self._pool, self._writes, self._keys = pool, WriteCheck(), SecretKeyCheck(secret_keys)

    def problem(self) -> str | None:
        try:
            with borrow_connection(self._pool) as conn:
                waiting = list_pending(conn)
                can_write = not waiting and self._writes.succeed(conn)
                has_keys = not can_write or self._keys.succeeds(conn)
        except Unavailable:
            return "The database cannot be reached."
        except MigrationError as error:
            return str(error)
        if waiting:
            return f"Migrations are missing: {len(waiting)}. Run 'smartdhandha db migrate'."
        if not can_write:
            return "The database cannot write. The log of the service says why."
        return None if has_keys else OTHER_KEY


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
