"""What a question asks to do, and with which kind of object: to see open bills, to approve a leave.

Reading and changing are never confused: a question that asks to see something reads, and when in doubt it reads.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from api.assistant.knowledge.intent_words import CHANGED, PARTICIPLES, PAST_PHRASES
from api.assistant.reading.changes import asks_to_see, find_change, places_of_seeing
from api.assistant.reading.kinds import LEAVE, find_kind, named_kinds
from api.assistant.reading.question import Reading

_WANTS = re.compile(r"\bch[ah]+i?[yi]+e+\b|चाहिए|चाहिये", re.IGNORECASE)
_NEW = re.compile(r"\bna[iy][aei]?\b|\bnew\b|नय[ाेी]|नई|\bpdf\b", re.IGNORECASE)
WHO_MAY = re.compile(r"\bwho (?:can|may|must|(?:is|are) (?:allowed|able))\b|\bkaun kar sak|कौन कर सक", re.IGNORECASE)
SEE, HISTORY, PAST = "see", "history", "past"


class Intent(NamedTuple):
    """What a question asks to do."""

    action: str | None
    kind: str | None
    """The kind of object; None if the question names none."""
    is_explicit: bool
    """Whether the question has a word for the action. Otherwise it was concluded from the rest."""


def find_intent(reading: Reading) -> Intent:
    """Return what the question asks to do."""
    kind, terms = find_kind(reading), reading.terms
    if _asks_for_history(reading, kind):
        return Intent(HISTORY, kind, True)
    if (
        kind is not None
        and ("past" in terms or asks_for_past(reading))
        and not terms & {"ifmatch", "code", "sdk"}
        and reading.language is None
    ):
        return Intent(PAST, kind, True)
    if "why" in terms and "list" not in terms:
        return Intent(None, None, False)
    change = find_change(reading, kind)
    sees = bool(places_of_seeing(reading)) or (change is None and _wants_objects(reading, kind))
    if change is not None and not asks_to_see(reading, change):
        return Intent(change, kind, True)
    if sees or (change is not None and kind is not None):
        return Intent(SEE, kind, sees)
    return Intent(None, kind, False)


def asks_for_past(reading: Reading) -> bool:
    """Return whether the question has a phrase for an earlier state, such as "as of"."""
    return PAST_PHRASES.search(reading.plain.lower()) is not None


def _wants_objects(reading: Reading, kind: str | None) -> bool:
    """Return whether the question says in Hindi that it wants to have documents: "is mahine ke invoice chahiye"."""
    return kind not in (None, LEAVE) and _WANTS.search(reading.plain) is not None and not _NEW.search(reading.plain)


def _names_several(reading: Reading, kind: str) -> bool:
    """Return whether the question names objects in the plural, or a status: it is not about one object."""
    plural = any(word.meaning == kind and word.text.lower().endswith("s") for word in reading.words)
    return plural or not reading.terms.isdisjoint((*PARTICIPLES, "overdue"))


def _asks_for_history(reading: Reading, kind: str | None) -> bool:
    terms = reading.terms
    if "history" in terms:
        return True
    if "who" in terms and not WHO_MAY.search(reading.plain) and terms & {*CHANGED, "voided", "sent"}:
        return kind != LEAVE or not terms.isdisjoint(CHANGED)
    by_id = kind is not None and f"{reading.kinds.prefixes[kind]}_" in reading.plain
    is_of_one = kind is not None and (len(named_kinds(reading)) == 1 or by_id) and not _names_several(reading, kind)
    return is_of_one and "event" in terms and "poll" not in terms and bool(terms & {"see", "all", "which"})
