"""The secret of an API key: its format, its checksum and its hash.

A secret consists of `sd_live_`, 30 random base62 characters, and 6 base62 characters. The last 6 characters are the
CRC-32 checksum of all characters before them. The checksum shows a typing error or a truncated key without a query. It
also lets secret scanners distinguish a real key from similar text.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Callable

PREFIX = "sd_live_"
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM_CHARACTERS = 30
_CHECKSUM_CHARACTERS = 6
SECRET_CHARACTERS = len(PREFIX) + _RANDOM_CHARACTERS + _CHECKSUM_CHARACTERS
_FORMAT = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{_RANDOM_CHARACTERS + _CHECKSUM_CHARACTERS}}}", re.ASCII)
_BEGINNING = re.compile(rf"{PREFIX}[0-9A-Za-z]+", re.ASCII)


def new_secret(choose: Callable[[str], str]) -> str:
    """Return a new secret with 178 random bits. `choose` picks a random character of a string (`secrets.choice`)."""
    body = PREFIX + "".join(choose(_ALPHABET) for _ in range(_RANDOM_CHARACTERS))
    return body + checksum(body)


def is_well_formed(secret: str) -> bool:
    """Return whether the prefix, the length, the characters and the checksum of a secret are correct."""
    body, tail = secret[:-_CHECKSUM_CHARACTERS], secret[-_CHECKSUM_CHARACTERS:]
    return _FORMAT.fullmatch(secret) is not None and checksum(body) == tail


def contains_secret(text: str) -> bool:
    """Return whether a secret with a correct checksum is somewhere in the text."""
    return any(is_well_formed(match[:SECRET_CHARACTERS]) for match in _BEGINNING.findall(text))


def mask_secrets(text: str) -> str:
    """Return the text with `sd_live_…` in place of each secret, also of an incomplete or mistyped one."""
    return _BEGINNING.sub(f"{PREFIX}…", text)


def checksum(body: str) -> str:
    """Return the CRC-32 of the text as six base62 digits, the most significant first."""
    rest, digits = zlib.crc32(body.encode()), ""
    for _ in range(_CHECKSUM_CHARACTERS):
        rest, digit = divmod(rest, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits


def hash_secret(secret: str) -> bytes:
    """Return the SHA-256 hash of a secret. Only this hash and the last four characters are stored."""
    return hashlib.sha256(secret.encode()).digest()


def stored_parts(secret: str) -> dict[str, str]:
    """Return the two fields that events store instead of the secret: `key_hash` (in hex) and `last_four`."""
    return {"key_hash": hash_secret(secret).hex(), "last_four": secret[-4:]}
