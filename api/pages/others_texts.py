"""Shows texts that other people wrote. Their writing direction must not change the order of the words around them."""

from __future__ import annotations

import re
import unicodedata

from markupsafe import Markup

from api.pages.printable import printable

_MAX_SHORT = 60
_OPENING, _CLOSING = "\u2066\u2067\u2068", "\u2069"
_ISOLATE = "\u2068{}\u2069"
"""Marks that give the text between them its own writing direction. They are used where `<bdi>` is not possible."""
_TURNING = frozenset({"R", "AL", "AN"})
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u2066-\u2069]")
"""Matches characters that end a paragraph, are not allowed in HTML, or begin or end the isolation of a text."""


def bdi(text: str) -> Markup:
    """Return the text in an element `<bdi>`, so that its writing direction does not affect the words around it."""
    return Markup("<bdi>{}</bdi>").format(_contained(str(text)))


def short(text: str) -> str:
    """Return the text as a list shows it: a very long one is cut, and stands in full on the page of what it names."""
    return text if len(text) <= _MAX_SHORT else f"{text[:_MAX_SHORT]}…"


def isolated(text: str) -> str:
    """Return the text for a title, an attribute or a choice, which cannot contain elements.

    Control characters are shown by their codes. A text from right to left gets the marks of _ISOLATE.
    """
    line = printable(str(text))
    turns = any(unicodedata.bidirectional(each) in _TURNING for each in line)
    return _ISOLATE.format(line) if turns else line


def _contained(text: str) -> str:
    """Return the text with as many closing marks of isolation as opening marks, so that it cannot end the isolation of
    the element around it. Surplus closing marks are shown by their codes."""
    if not _UNSAFE.search(text):
        return text
    open_, pieces = 0, []
    for each in text:
        if each in _OPENING:
            open_ += 1
        elif each == _CLOSING and open_:
            open_ -= 1
        elif _UNSAFE.match(each):
            pieces.append(printable(each))
            continue
        pieces.append(each)
    return "".join(pieces) + _CLOSING * open_
