"""E-mail addresses, in the form in which they are stored and compared."""

from __future__ import annotations

import re

from domain.reading import InvalidValue
from domain.text import text_key

MAX_EMAIL_LENGTH = 254
_EMAIL = re.compile(r"[^\s@\0]+@[^\s@\0]+\.[^\s@\0]+|[^\s@\0]+@localhost")
_FULL_STOP = "\u3002"
"""Names of hosts may have it in place of a dot (UTS 46). The text key has made it of the others of its kind."""


def parse_email(text: str) -> str:
    """Return the text key of an e-mail address. Raises InvalidValue for another text."""
    email = text_key(text)
    is_other_spelling = _FULL_STOP in email.rpartition("@")[2]
    if len(email) > MAX_EMAIL_LENGTH or is_other_spelling or not _EMAIL.fullmatch(email) or not email.isprintable():
        raise InvalidValue("must be an e-mail address, such as asha@example.in")
    return email
