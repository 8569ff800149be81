"""Hashes of passwords. PostgreSQL stores and compares them; this module only computes them."""

from __future__ import annotations

import base64
import secrets
from typing import NamedTuple

from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import ARGON2_VERSION, hash_secret

from domain.accounts.password import MAX_CHARACTERS, InvalidPassword, prepare_password

MAX_SENT_CHARACTERS = 4 * MAX_CHARACTERS
"""Only this many characters of a text are prepared as a password. `prepare_password` joins at most four characters into
one, so a text that was cut off here is still too long for a password."""

# These are OWASP's lowest values for argon2id (password storage cheat sheet). Higher values need more memory. Anyone
# can try to log in, and attempts must not use up the memory that requests need.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class Hashes(NamedTuple):
    """The hashes of a text that was typed as a password: of its prepared form, and of the raw text.

    Earlier versions stored the hash of the raw text. `raw` is None if both forms of the text are the same.
    """

    prepared: str
    raw: str | None


def hash_password(password: str) -> str:
    """Return the hash of a new password, with a new salt. Raises InvalidPassword."""
    return HASHER.hash(prepare_password(password))


def random_setting() -> str:
    """Return a setting for `hash_as` that belongs to no user. It has a random salt, and no password has its hash."""
    costs = f"v={ARGON2_VERSION}$m={HASHER.memory_cost},t={HASHER.time_cost},p={HASHER.parallelism}"
    salt, hashed = (secrets.token_bytes(size) for size in (HASHER.salt_len, HASHER.hash_len))
    return f"$argon2id${costs}${_base64(salt)}${_base64(hashed)}"


def hash_as(setting: str, text: str) -> Hashes:
    """Return the hashes of a typed text, made with the method, the costs and the salt of a stored hash.

    `setting` is the stored hash. If the text cannot be a password, only its raw form is hashed.
    """
    raw = text[: MAX_CHARACTERS + 1]
    try:
        prepared = prepare_password(text[:MAX_SENT_CHARACTERS])[: MAX_CHARACTERS + 1]
    except InvalidPassword:
        prepared = raw
    return Hashes(_hash(setting, prepared), None if prepared == raw else _hash(setting, raw))


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode().rstrip("=")


def _hash(setting: str, text: str) -> str:
    costs = extract_parameters(setting)
    salt = setting.split("$")[4]
    return hash_secret(
        text.encode(),
        base64.b64decode(salt + "=" * (-len(salt) % 4)),
        time_cost=costs.time_cost,
        memory_cost=costs.memory_cost,
        parallelism=costs.parallelism,
        hash_len=costs.hash_len,
        type=costs.type,
        version=costs.version,
    ).decode()
