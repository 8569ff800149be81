"""What a saved view may be: filters and an order of a list, which a user has saved under a name."""

from __future__ import annotations

import unicodedata

from domain.text import has_visible_character

MAX_NAME_CHARACTERS = 64
MAX_QUERY_CHARACTERS = 2_000
MAX_VIEWS = 50
"""How many views of a list a user may have saved, and how many of a list may be shared in an organization."""


def parse_view_name(text: str) -> str | None:
    """Return the name without blanks around it; None if it is empty, too long, or has invisible characters."""
    name = " ".join(text.split())
    has_control = any(unicodedata.category(each) in ("Cc", "Cf") and each not in "\u200c\u200d" for each in name)
    return name if len(name) <= MAX_NAME_CHARACTERS and has_visible_character(name) and not has_control else None
