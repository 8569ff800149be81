"""The index of the search: finds and ranks entries by the words of a search. All words are in memory.

The score of an entry is a sum over the words of the search (BM25 with weighted fields). A word adds more if it is rare,
and if the entry contains it often or in its title. A word of the index adds less if the search has only the beginning
of the word, or has the word mistyped.
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
"""How many words of a search are looked up at most."""
_MAX_COMPLETIONS = 40
_TITLE, _WORDS, _CONTEXT, _TEXT = 6.0, 5.0, 1.0, 1.0
"""The weight of a word in each part of an entry."""
_BEGINNING, _MISTYPED = 0.6, 0.5
"""The factor on a word that was found by its beginning, or by the correction of a typing error."""
_SATURATION, _LENGTH = 1.2, 0.6
"""The parameters k1 and b of BM25: the effect of repeated words, and the effect of the length of a text."""
_KINDS = {"Guide": 1.0, "Operation": 1.0, "Error": 0.85, "Field": 0.7, "Parameter": 0.65}
_BEGINNING_OF_GUIDE, _FOR_OPERATORS, _EXACT_TITLE = 1.3, 0.5, 1.8
"""The factors on a whole guide, on guides for operators, and on an entry whose title equals the search."""
_ENOUGH = 0.4
"""A result contains at least this share of the words of the search, weighted by their rarity."""


class _Found(NamedTuple):
    """A word of the index that matches a word of the search, and the factor on its score."""

    word: str
    factor: float


class Index:
    """All entries of the search, by their words."""

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
        """Return the scores of the entries that contain enough of the words.

        `found` holds, for each word of the search, the matching words of the index.
        """
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
        """Yield the words of the index that match this word. The last word of a search may be unfinished."""
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
        """Return the best score of each entry for one word of the search.

        If the word itself is in the index, a longer word is worth no more: "key" does not mean the rare "keychain".
        """
        best: dict[int, float] = {}
        most = min((self._rarity(word) for word, factor in options if factor == 1), default=math.inf)
        for word, factor in options:
            rarity = min(self._rarity(word) * factor, most)
            for place, weight in self._postings[word]:
                best[place] = max(best.get(place, 0.0), rarity * weight)
        return best

    def _rarity(self, word: str) -> float:
        return math.log(1 + len(self._entries) / len(self._postings[word]))

    @property
    def _unknown(self) -> float:
        """The weight of a word that no entry contains. Such a word lowers the share of every entry."""
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
    """Return the weight of each word of the entry."""
    weights: dict[str, float] = defaultdict(float)
    for text, weight in ((entry.title, _TITLE), (entry.words, _WORDS), (entry.context, _CONTEXT)):
        for word in set(words_of(text)):
            weights[word] += weight
    for word, times in Counter(words_of(entry.text)).items():
        weights[word] += _TEXT * times / norm
    return weights
