"""How much a question is like the example questions of a topic: by the meanings of its words, the rare ones above all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from math import inf, log, sqrt

from api.assistant.knowledge.vocabulary import STOP_WORDS
from api.assistant.reading.question import meanings_in
from api.assistant.reading.words import Word

_BORROWED = 0.5
"""The factor on a word that stands only in an earlier question of the thread."""
_STRANGE = 4.0
"""The weight of an ordinary word that is in no example: the question asks for something more."""
_FEW, _OF_A_FEW_WORDS = 3, 0.75
"""A follow-up question of so few words is less sure to ask what the same words ask alone."""
_LEAST = 25.0
"""The least weight of an example: one of few words is not like each question that has them."""
_MOST_OF_STOP_WORDS = 12.0
"""The most weight of a word that does not show what a question is about, however few examples have it."""
_NAMED = 1.0
"""The weight of a word that may be a name."""


class Examples:
    """The example questions of topics, each topic known by its place."""

    def __init__(self, questions: Sequence[Sequence[str]]) -> None:
        self._examples = [(place, meanings_in(text)) for place, texts in enumerate(questions) for text in texts]
        numbers = Counter(word for _, words in self._examples for word in words)
        self._weights = {
            word: min(log(len(self._examples) / number) ** 2, _MOST_OF_STOP_WORDS if word in STOP_WORDS else inf)
            for word, number in numbers.items()
        }
        self._norms = [max(_LEAST, sum(self._weights[word] for word in words)) for _, words in self._examples]
        self._by_word: dict[str, list[int]] = defaultdict(list)
        for number, (_, words) in enumerate(self._examples):
            for word in words:
                self._by_word[word].append(number)

    def words(self, place: int) -> frozenset[str]:
        """Return all meanings in the examples of a topic."""
        return frozenset[str]().union(*(words for of, words in self._examples if of == place))

    def likeness(self, words: Sequence[Word], context: Set[str]) -> dict[int, float]:
        """Return how much the words are like the best example of each topic, from 0 to 1.

        Topics without a word of the question are left out.
        """
        own = {word.meaning: self._weight(word) for word in words if word.meaning and not word.meaning[0].isdigit()}
        shared: dict[int, float] = defaultdict(float)
        for word, weight in own.items():
            for number in self._by_word.get(word, ()):
                shared[number] += weight
        norm, best = sum(own.values()), dict[int, float]()
        trust = _OF_A_FEW_WORDS if context and len(own) <= _FEW else 1.0
        for number, value in shared.items():
            place, example = self._examples[number]
            borrowed = self._borrowed((example & context) - own.keys()) if context else 0.0
            cosine = (value + borrowed) / sqrt((norm + borrowed) * self._norms[number])
            if (likeness := trust * cosine) > best.get(place, 0.0):
                best[place] = likeness
        return best

    def _borrowed(self, words: Set[str]) -> float:
        return _BORROWED * sum(self._weights[word] for word in words)

    def _weight(self, word: Word) -> float:
        return self._weights.get(word.meaning, _STRANGE if word.is_known else _NAMED)
