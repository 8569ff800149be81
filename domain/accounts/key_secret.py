"""The secret of an API key: its format, its checksum and its hash.

A secret consists of `sd_live_` or `sd_test_`, 30 random base62 characters, and 6 base62 characters. The last 6
characters are the CRC-32 checksum of all characters before them, so a key whose prefix was changed is not well-formed.
The checksum shows a typing error or a truncated key without a query. It also lets secret scanners distinguish a real
key from similar text.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Callable
from typing import Any

LIVE_PREFIX, TEST_PREFIX = PREFIXES = "sd_live_", "sd_test_"
"""How the keys of live mode and those of test mode begin. Both have the same length."""
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM_CHARACTERS = 30
_CHECKSUM_CHARACTERS = 6
SECRET_CHARACTERS = len(LIVE_PREFIX) + _RANDOM_CHARACTERS + _CHECKSUM_CHARACTERS
_ANY_PREFIX = f"(?:{'|'.join(PREFIXES)})"
_FORMAT = re.compile(rf"{_ANY_PREFIX}[0-9A-Za-z]{{{_RANDOM_CHARACTERS + _CHECKSUM_CHARACTERS}}}", re.ASCII)
_BEGINNING = re.compile(rf"{_ANY_PREFIX}[0-9A-Za-z]+", re.ASCII)


def new_secret(choose: Callable[[str], str], prefix: str = LIVE_PREFIX) -> str:
    """Return a new secret with 178 random bits. `choose` picks a random character of a string (`secrets.choice`).

    `prefix` is one of PREFIXES.
    """
    body = prefix + "".join(choose(_ALPHABET) for _ in range(_RANDOM_CHARACTERS))
    return body + checksum(body)


def is_well_formed(secret: str) -> bool:
    """Return whether the prefix, the length, the characters and the checksum of a secret are correct."""
    body, tail = secret[:-_CHECKSUM_CHARACTERS], secret[-_CHECKSUM_CHARACTERS:]
    return _FORMAT.fullmatch(secret) is not None and checksum(body) == tail


def contains_secret(text: str) -> bool:
    """Return whether a secret with a correct checksum is somewhere in the text."""
    return any(is_well_formed(match[:SECRET_CHARACTERS]) for match in _BEGINNING.findall(text))


def has_prefix(text: str) -> bool:
    """Return whether one of PREFIXES is somewhere in the text, as in a secret, or in a part of one."""
    return LIVE_PREFIX in text or TEST_PREFIX in text


def mask_secrets(text: str) -> str:
    """Return the text with only the prefix and `…` of each secret, also of an incomplete or mistyped one."""
    return _BEGINNING.sub(lambda match: f"{match[0][: len(LIVE_PREFIX)]}…", text)


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


def stored_parts(secret: str) -> dict[str, Any]:
    """Return the two fields that events store instead of the secret: `key_hash` (in hex) and `last_four`."""
    return {"key_hash": hash_secret(secret).hex(), "last_four": secret[-4:]}
