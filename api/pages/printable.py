"""Makes texts printable in one line: shows codes in place of characters that are invisible or would change the line."""

from __future__ import annotations

import re
import unicodedata

_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}

_SHAPING = "\u0620-\u0963\u0966-\u109f\u1700-\u1cff\ua800-\uabff\U00010a00-\U00011fff"
"""The scripts of West, South and Southeast Asia, in which joiners change the shape of letters."""
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
"""The scripts without blanks between words. In them, U+200B marks the end of a word."""
_IDEOGRAPHS = "\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_EMOJI = "\u2194\u2195\u2600-\u27bf\u2b1b\U0001f300-\U0001faff"
_SYMBOLS = "\xa9\xae\u203c\u2049\u2100-\u2bff\U0001f000-\U0001faff"

# Matches invisible characters in places where ordinary texts need them.
_SPELLING = re.compile(
    rf"(?<=[{_SHAPING}])(?<!\d)[\u200c\u200d]"
    rf"|(?<=[{_EMOJI}\ufe0f])\u200d(?=[{_EMOJI}])"
    rf"|(?<=[{_UNSPACED}])\u200b(?=[{_UNSPACED}])"
    rf"|(?<=[{_SYMBOLS}{_IDEOGRAPHS}{_UNSPACED}])[\ufe00-\ufe0f]"
    r"|(?<=[0-9#*])\ufe0f(?=\u20e3)"
    rf"|(?<=[{_IDEOGRAPHS}])[\U000e0100-\U000e01ef]"
    r"|(?<=[\u1820-\u18aa])[\u180b-\u180f]"
    r"|(?<=\U0001f3f4)[\U000e0020-\U000e007e]+\U000e007f"
    # Signs that are visible, although Unicode counts them as format characters.
    r"|[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd]"
)
# Matches invisible characters that Unicode counts as letters, marks or symbols.
_FORMLESS = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


def printable(text: str) -> str:
    """Return the text in a form that can be printed in one line of a terminal or a log, between other words.

    Some characters are shown by their codes, such as `\\n`, `\\x1b` or `\\u202e`. These are control characters, line
    breaks, bidirectional marks, and invisible, private or unassigned characters. All other text stays as it is, in any
    script, with the joiners that shape letters and emoji. Calling the function on its own result changes nothing.
    """
    if text.isprintable() and not _FORMLESS.search(text):
        return text
    pieces, start = [], 0
    for spelling in _SPELLING.finditer(text):
        pieces += [*map(_shown, text[start : spelling.start()]), spelling[0]]
        start = spelling.end()
    return "".join([*pieces, *map(_shown, text[start:])])


def _shown(character: str) -> str:
    is_blank = unicodedata.category(character) == "Zs"
    if is_blank or (character.isprintable() and not _FORMLESS.match(character)):
        return character
    return _ESCAPES.get(character) or _code(ord(character))


def _code(number: int) -> str:
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
