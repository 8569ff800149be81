"""How the messages of refusals repeat what a client has sent, and names of the API."""

from __future__ import annotations

MAX_REPEATED = 64
"""How many characters of a client's text a message repeats at most. Valid ids and numbers are not longer."""


def shorten(text: str) -> str:
    """Return a client's text as messages repeat it: the first MAX_REPEATED characters, then `…` if there are more."""
    return text if len(text) <= MAX_REPEATED else f"{text[:MAX_REPEATED]}…"


def words(name: str) -> str:
    """Return a name of the API, such as `partially_paid`, as words."""
    return name.replace("_", " ")
