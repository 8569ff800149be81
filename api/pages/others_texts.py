"""Texts that other people wrote, inside our pages. The direction of such a text does not change the words around it."""

from __future__ import annotations

import re
import unicodedata

from markupsafe import Markup

from api.pages.printable import printable

_OPENING, _CLOSING = "\u2066\u2067\u2068", "\u2069"
_ISOLATE = "\u2068{}\u2069"
"""A text between these marks has its own direction. They are used where an element cannot be used."""
_TURNING = frozenset({"R", "AL", "AN"})
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u2066-\u2069]")
"""What ends a paragraph, is not allowed in a page, or opens and closes the isolation of a text."""


def bdi(text: str) -> Markup:
    """Return the text in an element `<bdi>`, so that its direction does not reach the words around it."""
    return Markup("<bdi>{}</bdi>").format(_contained(str(text)))


def isolated(text: str) -> str:
    """Return the text for a title, an attribute or a choice, which cannot contain elements. Marks appear as codes."""
    shown = printable(str(text))
    turns = any(unicodedata.bidirectional(each) in _TURNING for each in shown)
    return _ISOLATE.format(shown) if turns else shown


def _contained(text: str) -> str:
    """Return the text with as many closing marks as opening ones. What would end the element is shown by its code."""
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
