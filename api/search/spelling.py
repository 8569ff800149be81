"""Finds the words of the index that a mistyped word may mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

SHORTEST = 4
"""Only words with at least this many letters are corrected. Shorter words are too similar to each other."""


class Spelling:
    """Finds words by spellings: each word is stored under itself and under each form with one letter left out.

    Words that share a spelling need at most one letter removed from each to be equal: one letter was added, left out,
    replaced or moved. So a few look-ups find the similar words, without a comparison with each word of the index.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words: dict[str, list[str]] = {}
        for word in words:
            if len(word) >= SHORTEST and word.isalpha():
                for spelling in _spellings(word):
                    self._words.setdefault(spelling, []).append(word)

    def near(self, word: str) -> list[str]:
        """Return the words of which this word may be a misspelling, without duplicates."""
        if len(word) < SHORTEST:
            return []
        found = (each for spelling in _spellings(word) for each in self._words.get(spelling, ()))
        return [each for each in dict.fromkeys(found) if _begins_alike(word, each)]


def _spellings(word: str) -> Iterator[str]:
    """Yield the word, and the word without each of its letters."""
    yield word
    yield from {word[:place] + word[place + 1 :] for place in range(len(word))}


def _begins_alike(word: str, other: str) -> bool:
    """Return whether the first letters are equal, or have changed places. People rarely mistype the first letter."""
    return word[0] == other[0] or sorted(word[:2]) == sorted(other[:2])
