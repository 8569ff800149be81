"""What each error code means, in the words of the guide about errors."""

from __future__ import annotations

import re
from functools import cache

from api.docs.guides import guide_sources
from api.http.errors import GUIDE

_LINK = re.compile(r"\[([^]]*)\]\([^)]*\)")
_SENTENCE_END = re.compile(r"(?<=[.!?]) (?=[A-Z`])")


@cache
def cause_of(code: str) -> str:
    """Return what an error code means: the first two sentences of its section in the guide, without the status."""
    guide = next(guide for guide in guide_sources() if guide.path == GUIDE)
    text = next((section.text for section in guide.sections if section.anchor == code), "")
    plain = _LINK.sub(r"\1", " ".join(text.partition("\n\n")[0].split())).replace("`", "").replace("*", "")
    return " ".join(_SENTENCE_END.split(plain)[1:3])
