"""Checks for `/readyz` whether the database responds, has every migration, and can write, and the keys for secrets."""

from __future__ import annotations

from collections.abc import Sequence

from commands.unit_of_work import Unavailable
from infra.postgres.migrate import MigrationError, list_pending
from infra.postgres.pool import Pool, borrow_connection
from infra.postgres.readiness.secret_keys import OTHER_KEY, SecretKeyCheck
from infra.postgres.readiness.writes import WriteCheck


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
