"""The installation's keys that sign checkpoints: the newest one signs, and the public keys of all are published.

A private key is stored encrypted with SMARTDHANDHA_SECRET_KEY, as secrets of webhooks are. Its name, which does not
change when the key is replaced, begins the names of all logs of the installation.
"""

from __future__ import annotations

import logging
import secrets
from datetime import datetime
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from psycopg import Connection
from psycopg.errors import OperationalError, ReadOnlySqlTransaction
from psycopg.rows import args_row

from domain.calendar import instant
from infra.audit.refusals import ProofRefused
from infra.log.proofs.checkpoints import Checkpoint, origin_of
from infra.log.proofs.notes import VerifierKey, decode_base64, encode_base64, sign
from infra.postgres.database import Row
from infra.settings.secret_box import SecretBox, SecretUnreadable
from projections.views.proofs import LogKeyFacts

logger = logging.getLogger("smartdhandha.server")

SELECT_KEYS = "SELECT name, public_key, created_at, retired_at FROM log_key_list ORDER BY number DESC"
SELECT_SIGNING_KEY = "SELECT name, sealed FROM log_signing_key()"
LOCK_KEYS = "LOCK TABLE log_keys IN SHARE ROW EXCLUSIVE MODE"
INSERT_KEY = "INSERT INTO log_keys (key_id, name, public_key, sealed) VALUES (%s, %s, %s, %s)"
RETIRE_KEYS = "UPDATE log_keys SET retired_at = now(), sealed = NULL WHERE retired_at IS NULL"


class LogKey(NamedTuple):
    """A public key: a row of SELECT_KEYS."""

    name: str
    public_key: bytes
    created_at: datetime
    retired_at: datetime | None

    @property
    def verifier(self) -> VerifierKey:
        """The public key with its name."""
        return VerifierKey(self.name, self.public_key)

    @property
    def facts(self) -> LogKeyFacts:
        """The key as it is published."""
        return LogKeyFacts(
            key_id=self.verifier.id.hex(),
            name=self.name,
            verifier_key=str(self.verifier),
            created_at=instant(self.created_at),
            retired_at=instant(self.retired_at) if self.retired_at else None,
        )


class SealedKey(NamedTuple):
    """The key that signs, with its encrypted private half: the row of SELECT_SIGNING_KEY."""

    name: str
    sealed: bytes


class Signer(NamedTuple):
    """A key that signs checkpoints or seals."""

    name: str
    key: Ed25519PrivateKey

    def sign(self, org_id: str, size: int, root: bytes) -> str:
        """Return the signed checkpoint of an organization's log."""
        return self.sign_text(str(Checkpoint(origin_of(self.name, org_id), size, root)))

    def sign_text(self, text: str) -> str:
        """Return the signed note with this text, which must end with a newline."""
        return sign(text, self.name, self.key)

    @property
    def verifier(self) -> VerifierKey:
        """The public key with its name."""
        return VerifierKey(self.name, self.key.public_key().public_bytes_raw())


def list_keys(conn: Connection[Row]) -> list[LogKey]:
    """Return all public keys, the newest first."""
    return conn.cursor(binary=True, row_factory=args_row(LogKey)).execute(SELECT_KEYS).fetchall()


def open_signer(key: SealedKey, box: SecretBox) -> Signer | None:
    """Return the signer with this key; None if it was encrypted with a key that the box does not have."""
    try:
        private = decode_base64(box.decrypt(key.sealed))
    except SecretUnreadable:
        return None
    return None if private is None else Signer(key.name, Ed25519PrivateKey.from_private_bytes(private))


def get_signer(conn: Connection[Row], box: SecretBox) -> Signer:
    """Return the key that signs. The first call makes it. Raises ProofRefused if it cannot be decrypted."""
    make_first_key(conn, box)
    key = conn.cursor(binary=True, row_factory=args_row(SealedKey)).execute(SELECT_SIGNING_KEY).fetchone()
    signer = None if key is None else open_signer(key, box)
    if signer is None:
        raise ProofRefused(
            "The key that signs checkpoints was encrypted with another SMARTDHANDHA_SECRET_KEY: give that one, too, or "
            "make a new key with: smartdhandha audit rotate-key"
        )
    return signer


def make_first_key(conn: Connection[Row], box: SecretBox) -> None:
    """Make a key if there is none."""
    if not list_keys(conn):
        make_key(conn, box, only_first=True)


def try_first_key(conn: Connection[Row], box: SecretBox) -> None:
    """Make a key if there is none. While the database cannot be written, none is made, and that is logged."""
    try:
        make_first_key(conn, box)
    except (ReadOnlySqlTransaction, OperationalError) as error:
        logger.warning("no key that signs checkpoints could be made, so start the service again later: %s", error)


def make_key(conn: Connection[Row], box: SecretBox, *, only_first: bool = False) -> LogKey:
    """Make a new key, which replaces the present one, and return it. Of the one before, only the public key stays.

    With `only_first`, return the present key if there is one.
    """
    with conn.transaction():
        conn.execute(LOCK_KEYS)
        present = list_keys(conn)
        if not present or not only_first:
            name = present[0].name if present else f"smartdhandha-{secrets.token_hex(8)}"
            key = Ed25519PrivateKey.generate()
            verifier = VerifierKey(name, key.public_key().public_bytes_raw())
            sealed = box.encrypt(encode_base64(key.private_bytes_raw()))
            conn.execute(RETIRE_KEYS)
            conn.execute(INSERT_KEY, (verifier.id.hex(), name, verifier.public_key, sealed))
        return list_keys(conn)[0]
