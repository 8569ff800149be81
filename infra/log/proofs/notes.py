"""Signed notes: texts with signatures below them (https://c2sp.org/signed-note), of which this service uses Ed25519."""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\1"
"""The byte that says how a note was signed."""
_DASH = "\N{EM DASH} "
_ID_BYTES = 4
_KEY_BYTES = 32
_MOST_BYTES = 1 << 20
_MOST_SIGNATURES = 16


class NoteRefused(Exception):
    """A note or a key cannot be used; the message says why."""


class VerifierKey(NamedTuple):
    """A public key with the name of its owner."""

    name: str
    public_key: bytes

    @property
    def id(self) -> bytes:
        """The four bytes by which a signature names its key."""
        return sha256(b"%b\n%b%b" % (self.name.encode(), ED25519, self.public_key)).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        """Return the key in the form in which keys are handed over, the "vkey"."""
        return f"{self.name}+{self.id.hex()}+{encode_base64(ED25519 + self.public_key)}"


class OpenedNote(NamedTuple):
    """The text of a note, and the known keys that have signed it: at least one."""

    text: str
    signers: list[VerifierKey]


def parse_verifier_key(text: str) -> VerifierKey:
    """Return the key of a vkey. Raises NoteRefused."""
    name, _, rest = text.partition("+")
    id, _, encoded = rest.partition("+")
    key = decode_base64(encoded) or b""
    if not is_key_name(name) or key[:1] != ED25519 or len(key) != 1 + _KEY_BYTES:
        raise NoteRefused(f"{text!r} is not the public key of a log: it must be NAME+ID+KEY, for Ed25519")
    found = VerifierKey(name, key[1:])
    if found.id.hex() != id:
        raise NoteRefused(f"the id in {text!r} is not that of this key: it was changed, or not copied as a whole")
    return found


def is_key_name(name: str) -> bool:
    """Return whether a key may have this name."""
    return bool(name) and "+" not in name and name.isprintable() and not any(map(str.isspace, name))


def sign(text: str, name: str, key: Ed25519PrivateKey) -> str:
    """Return the note with this text, which must end with a newline, and one signature."""
    verifier = VerifierKey(name, key.public_key().public_bytes_raw())
    return f"{text}\n{_DASH}{name} {encode_base64(verifier.id + key.sign(text.encode()))}\n"


def open_note(note: str, keys: Iterable[VerifierKey], most: int | None = _MOST_BYTES) -> OpenedNote:
    """Verify the signatures of known keys, and return the text. Other signatures are left out. Raises NoteRefused.

    `most` is the number of characters that the note may have; None for any number.
    """
    text, signatures = _split(note, most)
    known = {(key.name, key.id): key for key in keys}
    signers = []
    for name, signature in signatures:
        key = known.get((name, signature[:_ID_BYTES]))
        if key is not None:
            _verify(text, key, signature[_ID_BYTES:])
            signers.append(key)
    if not signers:
        names = ", ".join(f"{name} (key {signature[:_ID_BYTES].hex()})" for name, signature in signatures)
        raise NoteRefused(f"it is signed by {names}, and this is none of the keys that were given")
    return OpenedNote(text, signers)


def text_of(note: str) -> str:
    """Return the text of a note whose signatures are not verified. Raises NoteRefused."""
    return _split(note)[0]


def encode_base64(data: bytes) -> str:
    """Return bytes in base64."""
    return b64encode(data).decode()


def decode_base64(text: str) -> bytes | None:
    """Return the bytes of a base64 text; None if this is not the one text that stands for them."""
    try:
        data = b64decode(text, validate=True)
    except (Error, ValueError):
        return None
    return data if encode_base64(data) == text else None


def _verify(text: str, key: VerifierKey, signature: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key.public_key).verify(signature, text.encode())
    except InvalidSignature:
        raise NoteRefused(f"the signature of {key.name} (key {key.id.hex()}) is wrong: the text was changed") from None


def _split(note: str, most: int | None = _MOST_BYTES) -> tuple[str, list[tuple[str, bytes]]]:
    """Return the text of a note, and its signatures with the names of their keys."""
    if (most is not None and len(note) > most) or any(character < " " and character != "\n" for character in note):
        raise NoteRefused("it is no signed note: it is too long, or has control characters")
    text, blank, below = note.rpartition("\n\n")
    lines = below.removesuffix("\n").split("\n")
    if not blank or not below.endswith("\n") or len(lines) > _MOST_SIGNATURES:
        raise NoteRefused("it is no signed note: lines with signatures must follow a text and an empty line")
    return f"{text}\n", [_signature(line) for line in lines]


def _signature(line: str) -> tuple[str, bytes]:
    name, _, encoded = line.removeprefix(_DASH).rpartition(" ")
    signature = decode_base64(encoded)
    if not line.startswith(_DASH) or not is_key_name(name) or signature is None or len(signature) <= _ID_BYTES:
        raise NoteRefused(f"it is no signed note: the line {line!r} is not a signature")
    return name, signature
