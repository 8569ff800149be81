"""Reports of leaked keys: checks GitHub's signature, and finds the working keys whose secrets were reported."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.hashes import SHA256
from psycopg.rows import args_row

from api.ports.keys import LeakedKey
from infra.identity.leaks.public_keys import PublicKeys
from infra.postgres.pool import Pool, borrow_connection

FIND_WORKING_KEYS = "SELECT org_id, key_id, hash FROM find_working_keys(%s)"


class PostgresLeakReports:
    """Implements the port LeakReports with a pool of connections and the public keys of those who report."""

    def __init__(self, pool: Pool, public_keys: PublicKeys) -> None:
        self._pool, self._public_keys = pool, public_keys

    def is_signed(self, identifier: str, signature: str, body: bytes) -> bool:
        key = self._public_keys.find(identifier)
        if key is None:
            return False
        try:
            key.verify(base64.b64decode(signature, validate=True), body, ECDSA(SHA256()))
        except (binascii.Error, ValueError, InvalidSignature):
            return False
        return True

    def find_working(self, hashes: Sequence[bytes]) -> list[LeakedKey]:
        with borrow_connection(self._pool) as conn:
            cursor = conn.cursor(binary=True, row_factory=args_row(LeakedKey))
            return cursor.execute(FIND_WORKING_KEYS, (list(hashes),)).fetchall()
