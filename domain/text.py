"""Comparing texts, and whether a text has a visible character. The texts themselves are stored as they were sent."""

from __future__ import annotations

import re
import unicodedata

# Unicode 16, PropList.txt: White_Space. Python's str.isspace() also counts U+001C to U+001F, which are controls.
WHITE_SPACE = "\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_RUN_OF_WHITE_SPACE = re.compile(f"[{WHITE_SPACE}]+")

# Unicode 16, DerivedCoreProperties.txt: Default_Ignorable_Code_Point, and the braille pattern without dots. Format
# characters are not listed, because they have a category of their own (Cf).
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U000e0000\U000e0002-\U000e001f\U000e0080-\U000e0fff]"
)


def text_key(text: str) -> str:
    """Return the key of a text. Texts are compared by their keys.

    Two document numbers with equal keys are the same number. A search in a list
    looks for the key of the searched text in the stored keys.

    The key is the text in Unicode's NFKC form, case folded, without format characters (category Cf, such as a
    zero-width joiner). A run of white space becomes one space; white space at both ends is removed. The key of a key is
    the key itself.
    """
    if text.isascii():
        key = text.lower()
    else:
        key = without_format_characters(text)
        while (folded := unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", key).casefold())) != key:
            key = without_format_characters(folded)
    return _RUN_OF_WHITE_SPACE.sub(" ", key).strip(" ")


def has_visible_character(text: str) -> bool:
    """Return whether the text has a visible character. White space, controls and format characters are not visible."""
    return any(
        unicodedata.category(character) not in ("Cc", "Cf", "Zs", "Zl", "Zp") and not _INVISIBLE.match(character)
        for character in text
    )


def without_format_characters(text: str) -> str:
    """Return the text without its characters of Unicode's category Cf, which are invisible."""
    return "".join(character for character in text if unicodedata.category(character) != "Cf")
