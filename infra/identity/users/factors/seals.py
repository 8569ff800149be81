"""Sealed factors: what is needed to check an answer, encrypted, with random bytes that prove who could decrypt it.

The database stores a hash of these bytes, and accepts an answer only together with them. So an answer is accepted only
from a process that has the key, and not from everybody who can send SQL as the application.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import NamedTuple, TypeVar

import msgspec

from infra.settings.secret_box import SecretBox, SecretUnreadable

_PROOF_BYTES = 32


class AppFacts(msgspec.Struct, frozen=True):
    """What the code of an authenticator app is checked with."""

    proof: bytes
    secret: str


class PasskeyFacts(msgspec.Struct, frozen=True):
    """What the signature of a passkey is checked with."""

    proof: bytes
    id: bytes
    public_key: bytes
    host: str
    """The host of the service for which the browser has made the passkey (the "RP ID")."""


Facts = TypeVar("Facts", AppFacts, PasskeyFacts)


class SealedFactor(NamedTuple):
    """What the database stores of a factor. The names are those of its columns."""

    sealed: bytes
    proof_hash: bytes
    identity_hash: bytes


def seal_app(box: SecretBox, secret: str) -> SealedFactor:
    """Return an authenticator app as it is stored."""
    return _seal(box, AppFacts(_new_proof(), secret), secret.encode())


def seal_passkey(box: SecretBox, id: bytes, public_key: bytes, host: str) -> SealedFactor:
    """Return a passkey as it is stored."""
    return _seal(box, PasskeyFacts(_new_proof(), id, public_key, host), id)


def open_sealed(box: SecretBox | None, sealed: str, facts: type[Facts]) -> Facts | None:
    """Return what was sealed; None if no key decrypts it."""
    if box is None:
        return None
    try:
        return msgspec.json.decode(box.decrypt(sealed.encode()), type=facts)
    except SecretUnreadable:
        return None


def _seal(box: SecretBox, facts: AppFacts | PasskeyFacts, identity: bytes) -> SealedFactor:
    sealed = box.encrypt(msgspec.json.encode(facts).decode())
    return SealedFactor(sealed, hashlib.sha256(facts.proof).digest(), hashlib.sha256(identity).digest())


def _new_proof() -> bytes:
    return secrets.token_bytes(_PROOF_BYTES)
