"""Ranks what can be found by the words of a search. It holds all words in memory, and a search reads no file.

The score of an entry sums, over the words of the search, how rare the word is and how much the entry is about it
(BM25 with weighted fields). A word of the index also counts, for less, when the search has only its beginning or has it
mistyped.
"""

from __future__ import annotations

import bisect
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from api.search.entries import Entry
from api.search.spelling import Spelling
from api.search.words import query_words, without_gaps, words_of

MAX_WORDS = 12
"""The most words of a search that are looked up."""
_MAX_COMPLETIONS = 40
_TITLE, _WORDS, _CONTEXT, _TEXT = 6.0, 5.0, 1.0, 1.0
"""How much a word counts in each part of an entry."""
_BEGINNING, _MISTYPED = 0.6, 0.5
"""How much a word counts that was found by its beginning, or as the correction of a typing error."""
_SATURATION, _LENGTH = 1.2, 0.6
"""BM25's k1 and b: how soon a repeated word stops to count, and how much long texts are held back."""
_KINDS = {"Guide": 1.0, "Operation": 1.0, "Error": 0.85, "Field": 0.7, "Parameter": 0.65}
_BEGINNING_OF_GUIDE, _FOR_OPERATORS, _EXACT_TITLE = 1.3, 0.5, 1.8
"""The factors on a guide as a whole, on guides for operators, and on a title that is what was searched for."""
_ENOUGH = 0.4
"""The least share of the search's words, by their rarity, that an entry must have."""


class _Found(NamedTuple):
    """A word of the index that stands for a word of the search."""

    word: str
    factor: float


class Index:
    """Everything that can be found, by its words."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self._titles = [without_gaps(entry.title) for entry in entries]
        self._postings: dict[str, list[tuple[int, float]]] = {}
        lengths = [len(words_of(entry.text)) for entry in entries]
        average = sum(lengths) / len(lengths)
        for place, entry in enumerate(entries):
            norm = 1 - _LENGTH + _LENGTH * lengths[place] / average
            for word, weight in _weights(entry, norm).items():
                self._postings.setdefault(word, []).append((place, weight / (weight + _SATURATION)))
        self._words = sorted(self._postings)
        self._spelling = Spelling(self._words)

    def search(self, text: str, limit: int) -> list[Entry]:
        """Return at most `limit` entries for a search, the best first."""
        words = query_words(text, MAX_WORDS)
        title = without_gaps(text)
        scores = self._score([list(self._look_up(word, is_last=word == words[-1])) for word in words])
        best = sorted(scores, key=lambda place: (-scores[place] * self._factor(place, title), place))
        return [self._entries[place] for place in best[:limit]]

    def _score(self, found: Sequence[Sequence[_Found]]) -> dict[int, float]:
        """Return the scores of the entries that have enough of the words. `found` has what stands for each word."""
        scores: dict[int, float] = defaultdict(float)
        matched: dict[int, float] = defaultdict(float)
        total = 0.0
        for options in found:
            weight = max((self._rarity(each.word) for each in options), default=self._unknown)
            total += weight
            for place, score in self._best(options).items():
                scores[place] += score
                matched[place] += weight
        shares = {place: matched[place] / total for place in scores}
        return {place: scores[place] * share**2 for place, share in shares.items() if share >= _ENOUGH}

    def _look_up(self, word: str, *, is_last: bool) -> Iterator[_Found]:
        """Yield the words of the index that stand for this one. The last word of a search may still be unfinished."""
        if word in self._postings:
            yield _Found(word, 1.0)
        longer = self._completions(word) if is_last and len(word) > 1 else []
        yield from (_Found(each, _BEGINNING * math.sqrt(len(word) / len(each))) for each in longer)
        if word not in self._postings and not longer:
            yield from (_Found(each, _MISTYPED) for each in self._spelling.near(word))

    def _completions(self, word: str) -> list[str]:
        start = bisect.bisect_right(self._words, word)
        following = self._words[start : start + _MAX_COMPLETIONS]
        return [each for each in following if each.startswith(word)]

    def _best(self, options: Sequence[_Found]) -> dict[int, float]:
        """Return the best score of each entry for one word of the search."""
        best: dict[int, float] = {}
        for word, factor in options:
            rarity = self._rarity(word) * factor
            for place, weight in self._postings[word]:
                best[place] = max(best.get(place, 0.0), rarity * weight)
        return best

    def _rarity(self, word: str) -> float:
        return math.log(1 + len(self._entries) / len(self._postings[word]))

    @property
    def _unknown(self) -> float:
        """The weight of a word that is nowhere: it counts against every entry."""
        return math.log(1 + len(self._entries)) / 2

    def _factor(self, place: int, wanted: str) -> float:
        entry = self._entries[place]
        factor = _KINDS[entry.kind]
        if entry.kind == "Guide" and "#" not in entry.path:
            factor *= _BEGINNING_OF_GUIDE
        if entry.is_for_operators:
            factor *= _FOR_OPERATORS
        return factor * _EXACT_TITLE if self._titles[place] == wanted else factor


def _weights(entry: Entry, norm: float) -> dict[str, float]:
    """Return how much the entry is about each of its words."""
    weights: dict[str, float] = defaultdict(float)
    for text, weight in ((entry.title, _TITLE), (entry.words, _WORDS), (entry.context, _CONTEXT)):
        for word in set(words_of(text)):
            weights[word] += weight
    for word, times in Counter(words_of(entry.text)).items():
        weights[word] += _TEXT * times / norm
    return weights
