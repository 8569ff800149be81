"""The names, ids and numbers that a question names: of a client, a vendor, an employee, an invoice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from api.assistant.knowledge.vocabulary import STOP_WORDS
from api.assistant.reading.hindi import latin
from api.assistant.reading.words import Word
from domain.text import text_key

_ID = re.compile(r"\b([a-z]{2,6})_(?=[0-9A-Za-z]*\d)[0-9A-Za-z]+\b")
_NUMBER = re.compile(
    r"\b(?=[A-Z0-9/-]{0,24}\d)(?:[A-Z]{1,6}[/-](?:\d[\dA-Z]{0,8}[/-]){0,4}\d[\dA-Z]{0,8}|[A-Z]{2,4}\d{3,12})\b",
    re.IGNORECASE,
)
_PARTY_ID = re.compile(
    r"(?i:\b(?:client|customer|vendor|supplier|employee|staff|emp|grahak|karmchari|id)\b|ग्राहक|विक्रेता|वेंडर|कर्मचारी)\s+(?:id\s+)?[\w-]*\d[\w-]*"
    r"|\b(?!inv|bill)[a-z]{3,}-\d[\w-]*"
)
"""The id of a client, a vendor or an employee, which looks like the number of a document."""
_OWN_NUMBERED = re.compile(r"[a-z]{3,}-\d{1,6}")
_IDENTIFIER = re.compile(r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)+")
_BEFORE = {"for": 2, "of": 2, "from": 2, "to": 1, "by": 1, "with": 1, "at": 0, "named": 3, "called": 3}
_PARTIES = frozenset(("client", "vendor", "employee"))
_ONLY = frozenset(("only", "just", "now", "", "and", "those", "show", "list"))
"""Words before an id that say no more than that it chooses: "only acme-traders"."""
_SHORTEST_NAME = 3
"""A word of fewer letters is no name, unless it begins with a capital one."""
_PLACES = frozenset(("in", "near", "at", "into"))
_ORDINARY = """
api ur i.e e.g usd eur inr gbp aed post patch get put mark node.js nodejs smartdhandha tally crm http https id
ids acl utr gst pan curl java c json rest url pl plz pls kya neft rtgs imps upi
"""
_NOT_NAMES = frozenset(_ORDINARY.split())


class Name(NamedTuple):
    """The name or the id of a client, a vendor or an employee."""

    text: str

    @property
    def is_id(self) -> bool:
        """Whether it has the form of an id, such as `acme-traders`; not of a name, such as "Acme Traders"."""
        return _IDENTIFIER.fullmatch(self.text) is not None

    @property
    def as_id(self) -> str:
        """An id made of the name."""
        text = self.text if self.text.isascii() else latin(text_key(self.text))
        return text if self.is_id else re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "client-1"


def find_ids(text: str) -> dict[str, str]:
    """Return the ids of objects in a text, by their prefix: `inv`, `bill`, `leave`, `pay`."""
    return {match[1]: match[0] for match in _ID.finditer(text)}


def find_number(text: str) -> str | None:
    """Return the number of a document in a text, such as `INV-2026-27-0042`."""
    without_days = re.sub(r"\b\d{4}-\d\d-\d\d\b|\bgstr-?\d\w*", " ", text, flags=re.IGNORECASE)
    without_days = _PARTY_ID.sub(" ", without_days)
    found = (match[0] for match in _NUMBER.finditer(without_days))
    return next(
        (each for each in found if not each.lower().startswith(("emp", "utr", "http", "client", "vendor"))), None
    )


def find_name(words: Sequence[Word]) -> Name | None:
    """Return the name that most probably is that of a client, a vendor or an employee."""
    candidates = list(_candidates(words))
    best = max(candidates, key=lambda each: each[0], default=None)
    return Name(best[1]) if best is not None and best[0] > 0 else None


def _candidates(words: Sequence[Word]) -> Iterator[tuple[float, str]]:
    place = 0
    while place < len(words):
        end = _end_of_name(words, place)
        if end == place:
            place += 1
            continue
        run = words[place:end]
        text = " ".join(re.sub(r"['’]s$", "", each.text) for each in run)
        before = words[place - 1].key if place else ""
        is_place = place > 0 and words[place - 1].text.lower() in _PLACES
        kinds = {each.meaning for each in (*words[max(0, place - 2) : place], *words[end : end + 1])}
        yield 0 if is_place else _score(run, before, kinds, words[end : end + 1]), text
        place = end


def _score(run: Sequence[Word], before: str, kinds: set[str], after: Sequence[Word]) -> float:
    if before in _PLACES and not kinds & _PARTIES:
        return 0
    if len(run) == 1 and len(run[0].text) < _SHORTEST_NAME and not run[0].is_capitalized:
        return 0
    is_marked = run[0].is_capitalized or not run[0].text.isalpha() or not run[0].text.isascii()
    follows = (
        bool(after) and after[0].key in ("of", "by", "to", "from") and (is_marked or after[0].key != after[0].text)
    )
    possessive = run[-1].text.endswith(("'s", "’s")) or follows
    score: float = _BEFORE.get(before, 0) + 2 * possessive + 3 * bool(kinds & _PARTIES)
    score += 1 if all(each.is_capitalized for each in run) else 0
    score += 1 if _OWN_NUMBERED.fullmatch(run[0].text) else 0
    score += 1 if before in _ONLY and _IDENTIFIER.fullmatch(run[0].text) else 0
    return score + (1.5 if score and _IDENTIFIER.fullmatch(run[0].text) else 0)


def _end_of_name(words: Sequence[Word], place: int) -> int:
    """Return the place after the name that begins at `place`; the same place if none begins there."""
    first = words[place]
    is_of_party = place > 0 and words[place - 1].meaning in _PARTIES and _IDENTIFIER.fullmatch(first.text) is not None
    is_ordinary = (first.is_known and not is_of_party) or first.key in _NOT_NAMES
    if is_ordinary or _ID.fullmatch(first.text) or find_number(first.text):
        return place
    end = place + 1
    while end < len(words) and end - place < 4 and first.is_capitalized and words[end].is_capitalized:
        if words[end].text.lower() in STOP_WORDS:
            break
        if words[end].text.isupper() and len(words[end].text) < 4 and words[end].is_known:
            break
        end += 1
    return end
