"""Whether a question is about one object or about a list of them."""

from __future__ import annotations

from itertools import pairwise

from api.assistant.reading.details import Details
from api.assistant.reading.question import Reading

_ARTICLES = frozenset(("a", "an", "one", "this", "the", "my", "ek", "kisi"))
_SEVERAL = frozenset(("all", "which", "what", "list", "many"))


def asks_for_one(reading: Reading, kind: str | None, details: Details) -> bool:
    """Return whether the question asks for one object: by its id, or as "a single invoice"."""
    if kind is None:
        return False
    terms = reading.terms
    if details.ids.get(reading.kinds.prefixes[kind]):
        return True
    finds = {"find", "number"} <= terms
    if finds or details.gstin or details.number or details.selection.limit or "list" in terms or details.days:
        return False
    if terms & {"single", "particular", "specific", "id", "ids"} and "all" not in terms:
        return True
    words = [word.key for word in reading.words]
    if any(first in _ARTICLES and second == kind for first, second in pairwise(words)):
        return not (details.selection.statuses or details.name or details.selection.is_overdue)
    return "status" in terms and kind in words and not terms & _SEVERAL
