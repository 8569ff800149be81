"""Seals: the heads of all logs, signed with Ed25519 (RFC 8032).

Keep seals where people who can change a log cannot change them.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from infra.audit.refusals import SealRefused

FORMAT = "smartdhandha-seal-1"


class SealedHead(msgspec.Struct, frozen=True):
    """The end of one log at the time of the seal."""

    org: str
    position: int
    hash: str


class Seal(msgspec.Struct, rename="camel"):
    """Signed heads. The signature covers the JSON of all other fields."""

    format: str
    sealed_at: str
    heads: list[SealedHead]
    public_key: str
    signature: str = ""

    def message(self) -> bytes:
        """Return the bytes that the signature covers."""
        return msgspec.json.encode(msgspec.structs.replace(self, signature=""))


def private_key(path: Path) -> Ed25519PrivateKey:
    """Return the signing key in a PEM file. If the file is missing, create it with mode 0600. Raises SealRefused."""
    try:
        if not path.exists():
            made = Ed25519PrivateKey.generate()
            pem = made.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            path.touch(mode=0o600, exist_ok=False)
            path.write_bytes(pem)
            return made
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise SealRefused(f"The key {path} cannot be used: {error}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise SealRefused(f"The key {path} is not an Ed25519 key.")
    return key


def seal(heads: list[SealedHead], sealed_at: str, key: Ed25519PrivateKey) -> Seal:
    """Return a seal: these heads, signed with the key."""
    public = key.public_key().public_bytes_raw().hex()
    made = Seal(FORMAT, sealed_at, heads, public)
    made.signature = key.sign(made.message()).hex()
    return made


def read_seal(path: Path, trusted: str | None = None) -> Seal:
    """Return the seal in a file, after verifying its signature. Raises SealRefused.

    With `trusted`, the seal must be signed with this public key (hex).
    """
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Seal)
        if trusted is not None and found.public_key != trusted:
            raise SealRefused(f"The seal {path} was made with another key: {found.public_key}.")
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(found.public_key))
        public.verify(bytes.fromhex(found.signature), found.message())
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        raise SealRefused(f"The seal {path} cannot be read: {error}") from None
    except InvalidSignature:
        raise SealRefused(f"The signature of {path} is wrong: the seal was altered.") from None
    if found.format != FORMAT:
        raise SealRefused(f"The format of {path} is {found.format!r}; this version reads {FORMAT!r}.")
    return found
