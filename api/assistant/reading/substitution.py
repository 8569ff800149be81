"""Makes a whole question of one that only names another thing: "what about a leave?" after "can I delete an invoice?".

Words are exchanged that stand for the same sort of thing: one kind of object for another, one status, field, currency,
product or change for another. A question that says anything else is not touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from api.assistant.knowledge.thread_words import CONNECTING, SORTS
from api.assistant.knowledge.vocabulary import LANGUAGES, STOP_WORDS
from api.assistant.reading.kinds import Kinds
from api.assistant.reading.words import Word

_ASKED = re.compile(r"\b(?:which|what|how many) ([a-z]+)\b", re.IGNORECASE)
_ONE = re.compile(r"\bwhich (?:one|ones|of them|of those)\b", re.IGNORECASE)
_OF_IT = re.compile(r"\bof (?:it|those|them|these)\b", re.IGNORECASE)
_MOST_WORDS = 10
"""A question of more words says more than another thing."""


def substituted(before: str, words_before: Sequence[Word], words: Sequence[Word], kinds: Kinds) -> str | None:
    """Return the question before with the thing that these words name instead; None if they say anything else."""
    named = [word for word in words if not _connects(word)]
    if len(named) != 1 or len(words) > _MOST_WORDS:
        return None
    (new,) = named
    sort = next((each for each in _sorts(kinds) if _names(new, each)), None)
    olds = [word for word in words_before if sort is not None and _names(word, sort)]
    meanings = {word.meaning for word in olds}
    adds = any(word.meaning == "also" for word in words) and new.meaning not in kinds.statuses
    if len(meanings) != 1 or new.meaning in meanings or adds:
        return None
    text = before
    for old in {word.text for word in olds}:
        text = text.replace(old, new.text)
    return None if text == before else text


def _connects(word: Word) -> bool:
    return word.meaning in CONNECTING or word.key in CONNECTING


def _sorts(kinds: Kinds) -> Iterator[frozenset[str]]:
    yield frozenset(kinds.statuses)
    yield from SORTS
    yield frozenset(LANGUAGES)


def _names(word: Word, sort: frozenset[str]) -> bool:
    return word.meaning in sort or word.key in sort


def with_noun(before: str, text: str) -> str | None:
    """Return "which scope do I need" for "which one do I need" after "which scopes are there"; None for other texts."""
    asked = _ASKED.search(before)
    if asked is None or not _ONE.search(text):
        return None
    return _ONE.sub(f"which {asked[1].removesuffix('s')}", text)


def with_subject(words_before: Sequence[Word], text: str) -> str | None:
    """Return the text with the only thing that the question before names in the place of "of them"; None for others."""
    named = {word.text: word for word in words_before if word.meaning not in STOP_WORDS and not _connects(word)}
    if len(named) != 1 or not _OF_IT.search(text):
        return None
    ((name, word),) = named.items()
    return _OF_IT.sub(name, text, count=1) if word.is_known else None
