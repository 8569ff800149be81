"""The hidden fields of a form: a token, so that it takes effect only once, and the version that the page showed.

With the token, a reload or a second click that sends the form again changes nothing. With the version, nobody
overwrites what somebody else has changed meanwhile.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from api.http.request import Request
from commands.command import Retry
from domain.reading import InvalidValue, parse_whole_number

FORM_LIFETIME = timedelta(hours=12)
"""How long after it was shown a form can be sent. This must be less than the 24 hours for which retries are stored."""
_TOKEN = re.compile(r"([0-9]{1,12})-[A-Za-z0-9_-]{22}")


def new_form_token(now: datetime) -> str:
    """Return the token of a form: the Unix time at which it was shown, and random characters."""
    return f"{int(now.timestamp())}-{secrets.token_urlsafe(16)}"


def retry_of(req: Request, *purpose: str) -> Retry | None:
    """Return the Retry that makes the form take effect once. Its key is a hash of the user, the path and the token.

    If several forms of a page have the same path, `purpose` says what this one does.

    Returns None when the form has no valid token, or when the time in the token is in the future or more than
    FORM_LIFETIME ago: such a form could take effect a second time after its Retry was deleted. The key contains a
    space, so that no API client can send the same key as an Idempotency-Key.
    """
    token, member = req.context.sent_form.text("form_token"), req.context.signed_in_member
    parts = _TOKEN.fullmatch(token)
    if parts is None or not 0 <= member.now.timestamp() - int(parts[1]) <= FORM_LIFETIME.total_seconds():
        return None
    text = " ".join((member.user_id, req.path, token, *purpose))
    return Retry(f"form {hashlib.sha256(text.encode()).hexdigest()}", b"")


def read_version(text: str) -> int | None:
    """Return the version of an object that a form names; None if it is no number."""
    try:
        return parse_whole_number(text)
    except InvalidValue:
        return None
