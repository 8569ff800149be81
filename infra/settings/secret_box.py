"""Encrypts what the database must not know: secrets of webhooks and of second factors."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class SecretUnreadable(Exception):
    """No key decrypts a secret: it was encrypted with another key."""


class SecretBox:
    """Encrypts and decrypts secrets. The first key encrypts; all keys decrypt."""

    def __init__(self, keys: Sequence[str]) -> None:
        self.keys = keys
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def encrypt(self, secret: str) -> bytes:
        return self._fernet.encrypt(secret.encode())

    def decrypt(self, encrypted: bytes) -> str:
        """Return the secret. Raises SecretUnreadable."""
        try:
            return self._fernet.decrypt(encrypted).decode()
        except InvalidToken:
            raise SecretUnreadable from None
