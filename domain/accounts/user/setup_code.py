"""The one-time code that `serve` prints, with which somebody sets up the first organization of an installation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: without I, L, O and U, which are easily mistaken for other characters."""
_READ_AS = str.maketrans("ILO", "110")
_CHARACTERS, _GROUP = 20, 5
"""100 random bits."""
LIFETIME = timedelta(hours=1)
MAX_TRIES = 5
"""After so many wrong codes, the right one does not work any more."""


def new_code(choose: Callable[[str], str]) -> str:
    """Return a new code, as people read it: in groups. `choose` returns one of the characters of a text, at random."""
    characters = "".join(choose(_ALPHABET) for _ in range(_CHARACTERS))
    return "-".join(characters[start : start + _GROUP] for start in range(0, _CHARACTERS, _GROUP))


def prepare_code(text: str) -> str:
    """Return the form in which typed codes are compared: without spaces and hyphens, in capital letters.

    The letters I, L and O count as the digits that look like them.
    """
    return "".join(character for character in text.upper() if character.isalnum()).translate(_READ_AS)
