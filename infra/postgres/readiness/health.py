"""The checks for `/readyz`: the database, the connections that serve requests, the keys for secrets, and the worker."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from psycopg import Connection

from commands.unit_of_work import Unavailable
from infra.postgres.database import Row
from infra.postgres.migrate import MigrationError, list_pending
from infra.postgres.pool import Pool, borrow_connection
from infra.postgres.readiness.secret_keys import OTHER_KEY, SecretKeyCheck
from infra.postgres.readiness.writes import WriteCheck


class DatabaseHealth:
    """Implements the port Health with a pool of connections.

    The database is checked, and the pool's connections, and that no other process has other keys for the secrets of
    webhooks than `secret_keys`. `others` return the problems of other parts of the process, or None.
    """

    def __init__(
        self, pool: Pool, secret_keys: Sequence[str] = (), others: Sequence[Callable[[], str | None]] = ()
    ) -> None:
        self._pool, self._writes, self._keys = pool, WriteCheck(), SecretKeyCheck(secret_keys)
        self._others = others

    def problem(self) -> str | None:
        try:
            with borrow_connection(self._pool) as conn:
                found = self._problem_of(conn)
        except Unavailable:
            return "The database cannot be reached."
        except MigrationError as error:
            return str(error)
        return found or next((problem for other in self._others if (problem := other())), None)

    def _problem_of(self, conn: Connection[Row]) -> str | None:
        """Return the first problem of the database, or of the connection. Raises MigrationError."""
        problem = self._pool.sessions.problem(conn)
        if problem is not None:
            return problem
        if waiting := list_pending(conn):
            return f"Migrations are missing: {len(waiting)}. Run 'smartdhandha db migrate'."
        if not self._writes.succeed(conn):
            return "The database cannot write. The log of the service says why."
        return None if self._keys.succeeds(conn) else OTHER_KEY
