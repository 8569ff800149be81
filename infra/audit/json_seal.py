"""Seals of earlier versions: JSON with a signature of its own. They are read, and no longer made."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from infra.log.proofs.notes import NoteRefused, VerifierKey

FORMAT = "smartdhandha-seal-1"


class JsonHead(msgspec.Struct, frozen=True):
    """The end of one log at the time of the seal."""

    org: str
    position: int
    hash: str


class JsonSeal(msgspec.Struct, rename="camel"):
    """Signed heads. The signature covers the JSON of all other fields."""

    format: str
    sealed_at: str
    heads: list[JsonHead]
    public_key: str
    signature: str = ""

    def message(self) -> bytes:
        """Return the bytes that the signature covers."""
        return msgspec.json.encode(msgspec.structs.replace(self, signature=""))


def open_json_seal(content: bytes, keys: Sequence[VerifierKey]) -> JsonSeal:
    """Return the seal after verifying its signature. Raises NoteRefused.

    It must be signed by one of `keys`. Without keys, it is believed which key has signed, because the file says so.
    """
    try:
        found = msgspec.json.decode(content, type=JsonSeal)
        if keys and found.public_key not in {key.public_key.hex() for key in keys}:
            raise NoteRefused(f"it was made with another key: {found.public_key}")
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(found.public_key))
        public.verify(bytes.fromhex(found.signature), found.message())
    except (ValueError, msgspec.MsgspecError) as error:
        raise NoteRefused(f"it cannot be read: {error}") from None
    except InvalidSignature:
        raise NoteRefused("its signature is wrong: the seal was altered") from None
    if found.format != FORMAT:
        raise NoteRefused(f"its format is {found.format!r}; this version reads {FORMAT!r}")
    return found
