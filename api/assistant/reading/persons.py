"""Whether a question is about a client or a vendor as an object of its own, and not about documents that name it."""

from __future__ import annotations

from collections.abc import Sequence

from api.assistant.reading.values.names import find_name
from api.assistant.reading.words import Word

PARTY, EMPLOYEE = "party", "employee"
PERSONS = frozenset((PARTY, EMPLOYEE))
ROLES = ("client", "vendor")
_FIELDS = frozenset(("gstin", "pan", "address", "phone", "email", "externalid", "gsttreatment", "role"))
"""What a party has, and a document has not."""
_CHANGES = frozenset(("update", "create", "enter", "delete", "record"))
_STEPS = frozenset(("archive", "archived", "activate", "adopt", "gsttreatment", "rename"))
"""Words that are about parties and employees alone."""
_SEES = frozenset(("see", "list"))
_OTHERS = """
payment tds overdue unpaid partially_paid balance duedate send sent draft webhook event key scope poll approve
approved deny denied pending sick earned half history header portal login page pdf total many most filter by per
sort search number write off writeoff roundoff reverse reversecharge bounce record_payment paid discount
currency metadata import sync zapier get receive tell reminder notes date one two several same different limit
api status void opening open cost
"""
_DOCUMENTS = frozenset(_OTHERS.split())
"""Words with which a question that names a client is about documents, or about something else."""
_OF_A_CHANGE = frozenset(("number", "status", "one", "get", "by", "search", "void"))
"""Of these, the words that a question which changes a party may have, too."""
_PREPOSITIONS = frozenset(("for", "from", "to", "by", "with", "without"))
_OF_IT = frozenset(("ka", "ki", "ke", "ko", "ne", "का", "की", "के", "को", "ने"))


def is_about_party(words: Sequence[Word], terms: frozenset[str]) -> bool:
    """Return whether the question adds, changes or lists clients or vendors. It names no document."""
    places = [place for place, word in enumerate(words) if word.meaning in ROLES]
    if not places or terms & _STEPS:
        return bool(places)
    if "delete" in terms or (terms & _FIELDS and terms & _CHANGES):
        return terms.isdisjoint(_DOCUMENTS - _OF_A_CHANGE)
    if terms & {"history", "changed"}:
        return terms.isdisjoint(_DOCUMENTS - {"history"}) and find_name(words) is None
    if not terms.isdisjoint(_DOCUMENTS):
        return False
    if "create" in terms:
        return any(_is_object(words, place) for place in places)
    return bool(terms & _SEES) and find_name(words) is None


def _is_object(words: Sequence[Word], place: int) -> bool:
    """Return whether the word at the place is what is created, and not somebody for whom something is."""
    before = [word.key for word in words[max(0, place - 2) : place]]
    behind = words[place + 1].text.lower() if place + 1 < len(words) else ""
    return _PREPOSITIONS.isdisjoint(before) and behind not in _OF_IT


def role_of(terms: frozenset[str]) -> str | None:
    """Return the role that the words name; None if they name none or both."""
    named = [role for role in ROLES if role in terms]
    return named[0] if len(named) == 1 else None
