"""Finds the pages that contain the words of a question: what the recognisers leave open, the ranking decides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from api.assistant.knowledge.library import GuideSection, Library, Source
from api.assistant.knowledge.vocabulary import STOP_WORDS, SYNONYMS
from api.assistant.reading.words import Word
from api.ports.assistant import PassageIndex, Term

ENOUGH = 0.5
"""The best source answers the question if it contains a larger share of the question's words than this (0 to 1)."""
ENOUGH_OF_SEVERAL = 0.4
"""The smallest share of words that is enough for a source with two or more words of the question (0 to 1)."""
_MAX_HITS = 30
_MAX_SOURCES = 4
MAX_TERMS = 50
"""The most words of a question that are searched for. Each one takes time, above all a word that is in no passage."""
_MAX_SECTIONS_OF_A_GUIDE = 2
_WORD = re.compile(r"[a-z0-9]+")


class SearchResult(NamedTuple):
    """The pages with the words of a question."""

    sources: tuple[Source, ...]
    """The pages, the best first."""
    is_enough: bool
    """Whether the best page contains enough words of the question to answer it."""
    unknown: int
    """How many words of the question no page contains."""


def search(words: Sequence[Word], library: Library, index: PassageIndex) -> SearchResult:
    """Return the pages with the words of a question. Raises Unavailable when the index cannot be reached."""
    terms = _terms(words, library)
    if not terms:
        return SearchResult((), False, 0)
    names = sorted({term.words[0] for term in terms})
    not_indexed = index.unknown(library.edition, names)
    unknown = {place for place, term in enumerate(terms) if len(term.words) == 1 and term.words[0] in not_indexed}
    hits = index.search(library.edition, terms, _MAX_HITS)
    sources = tuple(_distinct(library.source(hit.id) for hit in hits))
    is_enough = bool(hits) and _is_enough(hits[0].positions, len(terms), unknown)
    return SearchResult(sources, is_enough, len(unknown))


def _terms(words: Sequence[Word], library: Library) -> list[Term]:
    # A kind of object with several words is one word of the question, but several of the pages.
    texts = (word.meaning if "_" in word.meaning else word.key for word in words)
    parts = dict.fromkeys(part for text in texts for part in _WORD.findall(text))
    searched = [part for part in parts if part not in STOP_WORDS and (len(part) > 1 or part.isdigit())][:MAX_TERMS]
    return [Term((part,) if part in library.object_names else _with_synonyms(part)) for part in searched]


def _with_synonyms(word: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys([word, *SYNONYMS.get(word, "").split()]))


def _is_enough(positions: set[int], terms: int, unknown: set[int]) -> bool:
    """Return whether a source with the terms at these positions contains enough of them.

    If the source lacks a word that other passages contain, the word counts only half: it still belongs to the
    subject of the API.
    """
    elsewhere = terms - len(positions) - len(unknown)
    share = len(positions) / (len(positions) + len(unknown) + elsewhere / 2)
    return share > ENOUGH or (len(positions) > 1 and share >= ENOUGH_OF_SEVERAL)


def _distinct(sources: Iterable[Source]) -> list[Source]:
    """Return each source once, and at most _MAX_SECTIONS_OF_A_GUIDE sections of the same guide."""
    kept: list[Source] = []
    for source in sources:
        slug = source.guide.slug if isinstance(source, GuideSection) else None
        siblings = [each for each in kept if isinstance(each, GuideSection) and each.guide.slug == slug]
        if source not in kept and len(siblings) < _MAX_SECTIONS_OF_A_GUIDE:
            kept.append(source)
    return kept[: 2 * _MAX_SOURCES]
