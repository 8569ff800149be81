"""The keys with which secrets of webhooks are encrypted: SMARTDHANDHA_SECRET_KEY, or a file in the data folder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet

from infra.settings.parsers import MayBeSecret

FILE_NAME = "secret.key"


def parse_secret_keys(text: str) -> tuple[str, ...]:
    """Return the keys of a list with commas. The first one encrypts, and all decrypt."""
    keys = tuple(part.strip() for part in text.split(","))
    try:
        for key in keys:
            Fernet(key)
    except ValueError:
        raise MayBeSecret(
            "must be keys separated by commas, each 32 random bytes in URL-safe base64. Make one with: "
            "openssl rand -base64 32 | tr '+/' '-_'"
        ) from None
    return keys


def hash_keys(keys: Iterable[str]) -> list[str]:
    """Return a hash of each key, by which two processes find out whether they have the same ones."""
    return [hashlib.sha256(b"smartdhandha secret key\0" + key.encode()).hexdigest()[:32] for key in keys]


def read_or_create_keys(folder: Path) -> tuple[str, ...]:
    """Return the keys in the file of the data folder. Without a file, create one with a new key.

    Only its owner can read the file. Raises OSError if the file cannot be read or created, and MayBeSecret if it holds
    no valid keys.
    """
    path = folder / FILE_NAME
    if not path.exists():
        _create(path)
    return parse_secret_keys(path.read_text().strip())


def _create(path: Path) -> None:
    """Write a new key. If another process does so at the same time, its file stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    file_descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(file_descriptor, "wb") as file:
        file.write(Fernet.generate_key() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        with suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()
