"""Ids that sort by creation time: a prefix and a ULID (48 bits of milliseconds, 80 random bits)."""

from __future__ import annotations

from datetime import datetime

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32, which leaves out I, L, O and U
_PAIRS = [a + b for a in _ALPHABET for b in _ALPHABET]


def new_id(prefix: str, at: datetime, random: bytes) -> str:
    """Return an id such as `inv_01JZ…`; `random` must be ten random bytes."""
    number = int(at.timestamp() * 1000) << 80 | int.from_bytes(random, "big")
    return f"{prefix}_{''.join([_PAIRS[number >> shift & 1023] for shift in range(120, -1, -10)])}"
