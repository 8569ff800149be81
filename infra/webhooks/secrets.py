"""Secrets of webhooks: made here, and used to sign deliveries (Standard Webhooks 1.0)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"
_SECRET_BYTES = 24


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
