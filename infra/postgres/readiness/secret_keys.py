"""Finds out whether other processes encrypt secrets of webhooks with a key that this one does not have."""

from __future__ import annotations

import time
from collections.abc import Sequence

from psycopg import Connection

from infra.postgres.database import Row
from infra.settings.secret_keys import hash_keys

OTHER_KEY = (
    "Another process encrypts the secrets of webhooks with a key that this one does not have. Give both the same "
    "SMARTDHANDHA_SECRET_KEY. If the other process has ended, this one is ready within two minutes."
)
CHECK_SECONDS = 5.0
"""How often a process looks for other keys, and records that its own one is in use."""
_USE = "SELECT use_secret_key(%s)"


class SecretKeyCheck:
    """Records the keys of a process as in use. Without keys, the check always succeeds."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._hashes = hash_keys(keys)
        self._next_at, self._succeeded = 0.0, True

    def succeeds(self, conn: Connection[Row]) -> bool:
        """Return whether no other process uses a key that this one lacks: by the last look, or by a new one after
        CHECK_SECONDS."""
        if self._hashes and time.monotonic() >= self._next_at:
            self._succeeded = conn.execute(_USE, (self._hashes,)).fetchone() == (True,)
            self._next_at = time.monotonic() + CHECK_SECONDS
        return self._succeeded
