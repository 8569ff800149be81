"""Secrets of webhooks: made here, encrypted at rest, and used to sign deliveries (Standard Webhooks 1.0)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

PREFIX = "whsec_"
_SECRET_BYTES = 24


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


def new_webhook_secret() -> str:
    """Return a new random secret."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signature_header(used_secrets: Iterable[str], id: str, timestamp: int, body: bytes) -> str:
    """Return the value of `webhook-signature`: a signature with each secret. `timestamp` is in seconds since 1970."""
    signed = b"%b.%d.%b" % (id.encode(), timestamp, body)
    return " ".join(f"v1,{_sign(secret, signed)}" for secret in used_secrets)


def _sign(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
