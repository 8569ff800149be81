"""Functions on texts: the key by which texts are compared, visible characters, and nouns after numbers."""

from __future__ import annotations

import re
import unicodedata

# Unicode 16, PropList.txt: White_Space. Python's str.isspace() also counts U+001C to U+001F, which are controls.
WHITE_SPACE = "\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_RUN_OF_WHITE_SPACE = re.compile(f"[{WHITE_SPACE}]+")

# Unicode 16, UnicodeData.txt: the format characters (category Cf). They are listed here because the interpreter may
# know an older version of Unicode, and keys must not depend on the interpreter.
_FORMAT = (
    "\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f"
)
# Unicode 16, DerivedCoreProperties.txt: the other characters with the property Default_Ignorable_Code_Point.
_IGNORABLE = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U000e0000\U000e0002-\U000e001f\U000e0080-\U000e0fff"
)
_WITHOUT_WIDTH = re.compile(f"[{_FORMAT}{_IGNORABLE}]+")
_BLANK_BRAILLE = "\u2800"


def counted(number: int, noun: str) -> str:
    """Return a number with a noun, such as "1 event" or "2 events"."""
    return f"{number} {plural(number, noun)}"


def plural(number: int, noun: str) -> str:
    """Return the form of the noun after this number: the plural with `s`, or the noun itself after 1."""
    return noun if number == 1 else f"{noun}s"


def text_key(text: str) -> str:
    """Return the key of a text. Texts are stored as they were sent, and are compared by their keys.

    Two document numbers with equal keys are the same number. A search in a list looks for the key of its search text in
    the stored keys.

    The key is the text in Unicode's NFKC form, case folded, without the characters that have no width: format
    characters (category Cf, such as a zero-width joiner), variation selectors and fillers. A run of white space
    becomes one space; white space at both ends is removed. The key of a key is the key itself.
    """
    if text.isascii():
        key = text.lower()
        if key.isprintable() and "  " not in key:  # the only white space is single spaces
            return key.strip(" ")
    else:
        key = without_invisible_characters(text)
        while (folded := unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", key).casefold())) != key:
            key = without_invisible_characters(folded)
    return _RUN_OF_WHITE_SPACE.sub(" ", key).strip(" ")


def has_visible_character(text: str) -> bool:
    """Return whether the text has a visible character. White space, controls and format characters are not visible."""
    if text.isascii() and text.isprintable():
        return bool(text.strip(" "))
    return any(
        unicodedata.category(character) not in ("Cc", "Zs", "Zl", "Zp") and character != _BLANK_BRAILLE
        for character in without_invisible_characters(text)
    )


def without_invisible_characters(text: str) -> str:
    """Return the text without format characters and other characters that have no width. Blanks stay."""
    return _WITHOUT_WIDTH.sub("", text)
