"""Finds the words of the index that a mistyped word may stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

SHORTEST = 4
"""The fewest letters of a word that is corrected. Shorter words are too near to each other."""


class Spelling:
    """The words of the index by their spellings with one letter left out.

    Two words that share such a spelling differ by one letter that was added, left out or replaced, or by two letters
    that changed places. So a mistyped word is looked up, and not compared with each word of the index.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words: dict[str, list[str]] = {}
        for word in words:
            if len(word) >= SHORTEST and word.isalpha():
                for spelling in _spellings(word):
                    self._words.setdefault(spelling, []).append(word)

    def near(self, word: str) -> list[str]:
        """Return the words for which this one may be a typing error, without duplicates."""
        if len(word) < SHORTEST:
            return []
        found = (each for spelling in _spellings(word) for each in self._words.get(spelling, ()))
        return [each for each in dict.fromkeys(found) if _begins_alike(word, each)]


def _spellings(word: str) -> Iterator[str]:
    """Yield the word, and the word without each of its letters."""
    yield word
    yield from {word[:place] + word[place + 1 :] for place in range(len(word))}


def _begins_alike(word: str, other: str) -> bool:
    """Whether the first letters are the same, or changed places: few people mistype the beginning of a word."""
    return word[0] == other[0] or sorted(word[:2]) == sorted(other[:2])
