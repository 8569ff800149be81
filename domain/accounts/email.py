"""E-mail addresses, in the form in which they are stored and compared."""

from __future__ import annotations

import re

from domain.reading import InvalidValue
from domain.text import text_key

MAX_EMAIL_LENGTH = 254
_EMAIL = re.compile(r"[^\s@\0]+@[^\s@\0]+\.[^\s@\0]+|[^\s@\0]+@localhost")


def parse_email(text: str) -> str:
    """Return the text key of an e-mail address. Raises InvalidValue for another text."""
    email = text_key(text)
    if len(email) > MAX_EMAIL_LENGTH or not _EMAIL.fullmatch(email) or not email.isprintable():
        raise InvalidValue("must be an e-mail address, such as asha@example.in")
    return email
