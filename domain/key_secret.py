"""The raw API key: its shape, its checksum, and the hash that is kept of it.

`sd_live_`, 30 random base62 characters, and 6 that hold a CRC-32 of all before them: a typing error or a truncated key
is refused without a look-up, and secret scanners can tell a real key from a look-alike.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Callable

PREFIX = "sd_live_"
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SHAPE = re.compile(r"sd_live_[0-9A-Za-z]{36}", re.ASCII)


def new_secret(choose: Callable[[str], str]) -> str:
    """A new raw key of 178 random bits; `choose` picks one character of a text (`secrets.choice`)."""
    body = PREFIX + "".join(choose(_ALPHABET) for _ in range(30))
    return body + checksum(body)


def is_well_formed(raw: str) -> bool:
    """Whether the text can be a key at all: the prefix, the length, the alphabet and the checksum fit."""
    return _SHAPE.fullmatch(raw) is not None and checksum(raw[:-6]) == raw[-6:]


def checksum(body: str) -> str:
    """Six base62 digits of the CRC-32 of the text, most significant first."""
    rest, digits = zlib.crc32(body.encode()), ""
    for _ in range(6):
        rest, digit = divmod(rest, 62)
        digits = _ALPHABET[digit] + digits
    return digits


def hashed(raw: str) -> bytes:
    """The SHA-256 hash: all that is stored of a key, beside its last four characters."""
    return hashlib.sha256(raw.encode()).digest()
