"""Corrects words that are misspelt: to the word of a list from which they differ by a letter or two.

The list is stored under what is left of each word when letters are left out. Two words that differ by one letter have
such a remainder in common, so only few words of the list are compared, however long the list is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_SHORT, _LONG = 5, 8
"""Words of up to _SHORT letters must begin alike; words of _LONG letters or more may differ in two places."""
_MAX_LETTERS = 24
_EDIT = 10
_CONFUSED = ("aeiou", "iy", "ck", "sz", "mn", "vw", "td")
"""Letters that people write for each other."""


class Spelling:
    """A list of words, by which others are corrected. Of words that are equally near, the first one is taken."""

    def __init__(self, words: Iterable[str]) -> None:
        self._ranks: dict[str, int] = {}
        self._by_remainder: dict[str, str] = {}
        for rank, word in enumerate(dict.fromkeys(words)):
            if 3 < len(word) <= _MAX_LETTERS and word.isalpha() and word.isascii():
                self._ranks[word] = rank
                for remainder in _remainders(word):
                    others = self._by_remainder.get(remainder)
                    self._by_remainder[remainder] = word if others is None else f"{others} {word}"

    def correct(self, word: str) -> str | None:
        """Return the word that was meant; None if none is near enough."""
        if not (3 < len(word) <= _MAX_LETTERS and word.isalpha() and word.isascii()):
            return None
        candidates = {other for each in _remainders(word) for other in self._by_remainder.get(each, "").split()}
        limit = (2 if len(word) >= _LONG else 1) * _EDIT + _EDIT // 2
        near = [
            (distance, self._ranks[other], other)
            for other in candidates
            if _begin_alike(word, other) and (distance := edits(word, other, limit)) < limit
        ]
        return min(near)[2] if near else None


def _remainders(word: str) -> set[str]:
    """Return the word, and what is left of it without one letter; of a long word, also without two letters."""
    one = set(_shorter(word))
    two = {each for shorter in one for each in _shorter(shorter)} if len(word) >= _LONG - 1 else set()
    return {word} | one | two


def _shorter(word: str) -> Iterator[str]:
    return (word[:place] + word[place + 1 :] for place in range(len(word)))


def _begin_alike(word: str, other: str) -> bool:
    return other[0] == word[0] or (min(len(other), len(word)) > _SHORT and other[1:3] == word[1:3])


def edits(a: str, b: str, limit: int) -> int:
    """Return how far two words are apart; `limit` if that far or farther.

    A letter that is missing, too many, or swapped with the next one counts _EDIT. A wrong letter counts a little more,
    but a little less if the two are often confused.
    """
    before: list[int] = []
    last = [_EDIT * j for j in range(len(b) + 1)]
    for i, letter in enumerate(a, 1):
        row = [_EDIT * i]
        for j, other in enumerate(b, 1):
            least = min(last[j] + _EDIT, row[j - 1] + _EDIT, last[j - 1] + _replacement(letter, other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                least = min(least, before[j - 2] + _EDIT)
            row.append(least)
        if min(row) >= limit:
            return limit
        before, last = last, row
    return min(last[-1], limit)


def _replacement(letter: str, other: str) -> int:
    if letter == other:
        return 0
    return _EDIT - 1 if any(letter in group and other in group for group in _CONFUSED) else _EDIT + 1
