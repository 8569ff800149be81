"""Authenticator apps: their secrets, and the codes that they show (TOTP, RFC 6238)."""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp

ISSUER = "SmartDhandha"


def new_secret() -> str:
    """Return a new random secret of 160 bits, in base 32."""
    return pyotp.random_base32()


def uri_of(secret: str, email: str) -> str:
    """Return the URI that an app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def find_step(secret: str, code: str, now: datetime) -> int | None:
    """Return the number of the 30 seconds since 1970 for which the app shows this code; None if there is none.

    The clock of the app may be 30 seconds ahead or behind.
    """
    totp = pyotp.TOTP(secret)
    step = int(now.timestamp()) // totp.interval
    steps = (step, step - 1, step + 1)
    return next((each for each in steps if hmac.compare_digest(totp.generate_otp(each), code)), None)
