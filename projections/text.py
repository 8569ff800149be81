"""Text as it is searched."""

from __future__ import annotations

_SEPARATOR = "\x01"


def folded(*texts: str | None) -> str:
    """The texts without case, and apart from each other, whatever the database's locale."""
    return _SEPARATOR.join(text for text in texts if text).casefold()
