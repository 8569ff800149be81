"""Tokens for forms that must take effect only once, also when they are sent again by a reload or a second click."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import UTC, datetime, timedelta

from api.http.request import Request
from commands.command import Retry

FORM_LIFETIME = timedelta(hours=12)
"""How long a form may be sent after it was shown. It is shorter than the 24 hours for which a retry is remembered."""
_TOKEN = re.compile(r"([0-9]{1,12})-[A-Za-z0-9_-]{22}")


def new_form_token(now: datetime) -> str:
    """Return the token of a form: the Unix time at which it was shown, and random characters."""
    return f"{int(now.timestamp())}-{secrets.token_urlsafe(16)}"


def retry_of(req: Request) -> Retry | None:
    """Return the retry key under which the form's effect is stored: its user, its page and its token.

    None when the form has no token, or was shown too long ago. The key contains a space, so that no API client can send
    the same key.
    """
    token, member = req.context.sent_form.text("form_token"), req.context.signed_in
    parts = _TOKEN.fullmatch(token)
    if parts is None or member.now - datetime.fromtimestamp(int(parts[1]), UTC) > FORM_LIFETIME:
        return None
    text = f"{member.user_id} {req.path} {token}"
    return Retry(f"form {hashlib.sha256(text.encode()).hexdigest()}", b"")
