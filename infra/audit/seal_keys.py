"""Keys of seals that an operator keeps in a file, apart from the keys of the installation."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from infra.audit.proofs.log_keys import Signer
from infra.audit.proofs.verifier_keys import read_keys
from infra.audit.refusals import SealRefused
from infra.log.proofs.notes import VerifierKey

NAME = "smartdhandha-seal"
"""The name of each key in a file."""
_HEX = re.compile(r"[0-9a-fA-F]{64}")


def file_signer(path: Path) -> Signer:
    """Return the signer with the key in a PEM file. If the file is missing, create it with mode 0600.

    Raises SealRefused.
    """
    try:
        if not path.exists():
            _make_key(path)
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise SealRefused(f"The key {path} cannot be used: {error}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise SealRefused(f"The key {path} is not an Ed25519 key.")
    return Signer(NAME, key)


def read_seal_keys(given: Iterable[str]) -> list[VerifierKey]:
    """Return the public keys that were given: as `read_keys` does, and those of PEM files in hexadecimal digits, too.

    Raises ProofRefused.
    """
    return [key for each in given for key in _keys_of(each)]


def _keys_of(given: str) -> list[VerifierKey]:
    return [VerifierKey(NAME, bytes.fromhex(given))] if _HEX.fullmatch(given) else read_keys([given])


def _make_key(path: Path) -> None:
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(pem)
