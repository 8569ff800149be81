"""Finds the sources that answer a question. It finds none for a question about another subject than the API."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from api.assistant.intent import reading_factor
from api.assistant.knowledge.canned import CannedAnswer, find_canned
from api.assistant.knowledge.everyday import find_everyday
from api.assistant.knowledge.library import GuideSection, Library, Source
from api.assistant.knowledge.limits import find_limits
from api.assistant.named import named_sources
from api.assistant.question import Question, correct_spelling, parse_question, terms_of
from api.ports.assistant import Hit, PassageIndex, Term

ENOUGH = 0.5
"""The best source answers the question if it contains a larger share of the question's words than this (0 to 1)."""
ENOUGH_OF_SEVERAL = 0.4
"""The smallest share of words that is enough for a source with two or more words of the question (0 to 1)."""
_MAX_HITS = 30
_MAX_SOURCES = 4
_MAX_SECTIONS_OF_A_GUIDE = 2
_ERROR_FACTOR = 0.5
"""The factor on the score of a section about an error, when the question is not about a failure."""
_GUESS_WEIGHT = 0.6
"""The weight of a word that replaces a typing error. Other words have the weight 1."""


class SearchResult(msgspec.Struct, frozen=True):
    """The sources from which the answer to a question is composed."""

    question: Question
    sources: tuple[Source, ...]
    """The sources that answer the question, the best first. Empty when the search found no answer."""
    related: tuple[Source, ...]
    """The next best sources. When there is no answer, these are the sources with the highest scores."""
    best_section: GuideSection | None = None
    """The best section of the guide, if the first source is the beginning of a guide; otherwise None."""
    canned: CannedAnswer | None = None
    """The canned answer to the question; None if there is none. `sources` are then the sources of this answer."""


class _Terms(NamedTuple):
    """The search terms of a question."""

    terms: list[Term]
    guesses: set[int]
    """The indexes of terms that replace a typing error."""
    unknown: set[int]
    """The indexes of terms that no passage contains."""


class _Match(NamedTuple):
    source: Source
    positions: set[int]
    """The indexes of the search terms that the source contains."""


def search(text: str, language: str | None, library: Library, index: PassageIndex) -> SearchResult:
    """Return the sources that answer the question. Raises Unavailable when the index cannot be reached."""
    question = parse_question(text, language, library.codes, library.words)
    wanted = _look_up_words(question, library, index)
    canned = None if question.names_something else _find_canned(question, wanted, library)
    if canned is not None:
        return SearchResult(question, tuple(map(library.source, canned.sources)), (), canned=canned)
    hits = index.search(library.edition, wanted.terms, _MAX_HITS) if wanted.terms else []
    matches = _rank(question, library, hits)
    named = named_sources(question, library, [match.source for match in matches])
    sources = tuple(_distinct([*named, *(match.source for match in matches)]))
    if not named and not (matches and _is_enough(matches[0], wanted)):
        return SearchResult(question, (), sources[:_MAX_SOURCES])
    best_section = _best_section(sources[0], matches)
    return SearchResult(question, sources[:_MAX_SOURCES], sources[_MAX_SOURCES:], best_section)


def _look_up_words(question: Question, library: Library, index: PassageIndex) -> _Terms:
    """Return the search terms of the question, with typing errors corrected."""
    terms = terms_of(question.words, library.object_names)
    words = sorted({term.words[0] for term in terms})
    not_indexed = index.unknown(library.edition, words) if words else {}
    guesses, unknown = set(), set()
    for position, term in enumerate(terms):
        word = term.words[0]
        if len(term.words) > 1 or word not in not_indexed:
            continue
        if guess := correct_spelling(word, not_indexed[word]):
            terms[position] = Term(terms_of([guess])[0].words, _GUESS_WEIGHT)
            guesses.add(position)
        else:
            unknown.add(position)
    return _Terms(terms, guesses, unknown)


def _find_canned(question: Question, wanted: _Terms, library: Library) -> CannedAnswer | None:
    unknown = {word for position in wanted.unknown if not (word := wanted.terms[position].words[0]).isdigit()}
    words = frozenset(question.all_words)
    found = find_limits(question.all_words, unknown) or find_everyday(words, unknown)
    return found or find_canned(words, unknown, library.operations.values())


def _rank(question: Question, library: Library, hits: list[Hit]) -> list[_Match]:
    """Return the hits, the best first. A hit that does not fit the intent of the question gets a lower score."""

    def score(hit: Hit) -> float:
        if hit.id.startswith("errors#") and not question.is_about_failure:
            return hit.score * _ERROR_FACTOR
        operation = library.operations.get(hit.id)
        return hit.score if operation is None else hit.score * reading_factor(operation, question)

    return [_Match(library.source(hit.id), hit.positions) for hit in sorted(hits, key=score, reverse=True)]


def _is_enough(match: _Match, wanted: _Terms) -> bool:
    """Return whether the source contains enough words of the question to answer it.

    The share must be more than ENOUGH, or at least ENOUGH_OF_SEVERAL if the source contains two words or more. If the
    source lacks a word that other passages contain, the word counts only half: it still belongs to the subject of the
    API.
    """
    has = sum(_GUESS_WEIGHT if position in wanted.guesses else 1 for position in match.positions)
    elsewhere = len(wanted.terms) - len(match.positions) - len(wanted.unknown)
    share = has / (has + len(wanted.unknown) + elsewhere / 2)
    return share > ENOUGH or (len(match.positions) > 1 and share >= ENOUGH_OF_SEVERAL)


def _best_section(first: Source, matches: list[_Match]) -> GuideSection | None:
    if not isinstance(first, GuideSection) or first.section.anchor:
        return None
    sections = (match.source for match in matches if isinstance(match.source, GuideSection))
    return next((each for each in sections if each.guide == first.guide and each != first), None)


def _distinct(sources: Iterable[Source]) -> list[Source]:
    """Return each source once, and at most _MAX_SECTIONS_OF_A_GUIDE sections of the same guide."""
    kept: list[Source] = []
    for source in sources:
        slug = source.guide.slug if isinstance(source, GuideSection) else None
        siblings = [each for each in kept if isinstance(each, GuideSection) and each.guide.slug == slug]
        if source not in kept and len(siblings) < _MAX_SECTIONS_OF_A_GUIDE:
            kept.append(source)
    return kept
