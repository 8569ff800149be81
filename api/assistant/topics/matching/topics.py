"""All topics, and the one that fits a question best."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from functools import cached_property
from math import inf, log
from typing import NamedTuple

from api.assistant.knowledge.vocabulary import STOP_WORDS
from api.assistant.reading.question import meanings_in
from api.assistant.topics.matching.likeness import Examples
from api.assistant.topics.matching.pattern import TopicQuery
from api.assistant.topics.topic import Topic

_OF_A_SENTENCE = 0.9
"""The factor on how much one sentence of several is like an example."""
_UNIT, _LEAST_WEIGHT, _MOST_OF_STOP_WORDS = 2.5, 0.4, 0.6
_LIKE, _ALIKE, _NEAR, _SURELY, _VERY, _VERY_ALIKE = 0.5, 4.0, 0.4, 0.72, 0.75, 6.0
"""A question less like an example than _LIKE is not like it; one that has the same words gets _ALIKE × (1 - _LIKE), and beyond _VERY also _VERY_ALIKE times the rest.
When nothing else answers it, _NEAR is enough."""


FIRM = 1.5
"""What a topic about something that the service does not have gets on top of its score."""
_EXCLUDED = 0.6
"""The factor on the likeness of a topic with a word that its first pattern excludes."""
_UNCOVERED = 0.5
"""The factor on the score of a topic that knows none of the words that a follow-up question adds."""
_SAME_PAGE = 0.3
"""What is added to the score of a topic if the previous answer named a page of the topic."""


def _most(word: str) -> float:
    return _MOST_OF_STOP_WORDS if word in STOP_WORDS else inf


_FORMS = {
    "approve": "approved",
    "deny": "denied",
    "cancel": "cancelled",
    "approved": "approve",
    "denied": "deny",
    "cancelled": "cancel",
}
"""By a word: another form of it, which a pattern may have instead."""


def _with_forms(terms: Set[str]) -> Set[str]:
    return terms | {_FORMS[term] for term in terms if term in _FORMS}


class Match(NamedTuple):
    """The topic that fits a question best."""

    topic: Topic | None
    score: float
    nearest: Topic | None
    """The topic, or the one with the most similar example when no topic has a score; None if none is similar enough."""
    is_like: bool
    """Whether the question is surely like an example, whatever words it has besides."""


class Topics:
    """Topics, and how much each word tells: a word of few topics tells more than a word of many.

    A topic is found by its patterns, and by how much the question is like one of its example questions: the patterns
    are sure of the words that they list, the examples reach questions in other words.
    """

    def __init__(self, topics: Sequence[Topic]) -> None:
        self.all = topics
        numbers = Counter(word for each in topics for word in each.words)
        self._weights = {
            word: max(_LEAST_WEIGHT, min(log(len(topics) / number) / _UNIT, _most(word)))
            for word, number in numbers.items()
        }
        self._patterns = [(place, pattern) for place, each in enumerate(topics) for pattern in each.patterns]
        self._by_first_words: dict[str, list[int]] = defaultdict(list)
        for number, (_, pattern) in enumerate(self._patterns):
            for word in pattern.groups[0]:
                self._by_first_words[word].append(number)

    @cached_property
    def _examples(self) -> Examples:
        """The example questions. They are read with the first question, because that takes as long as many imports."""
        return Examples([each.like for each in self.all])

    def match(self, query: TopicQuery) -> Match:
        """Return the topic that fits best, the first one of several."""
        likeness = self._likeness(query)
        terms, context = _with_forms(query.terms), _with_forms(query.context)
        of_patterns = self._scores_of_patterns(query.terms, terms, context)
        best, score = None, 0.0
        for place in sorted(likeness.keys() | of_patterns.keys()):
            topic = self.all[place]
            own = _gain(likeness[place]) * (_EXCLUDED if topic.excluded & terms else 1) if place in likeness else 0.0
            own += of_patterns.get(place, 0.0)
            if own > 0 and context:
                own = own * self._covered(place, query) + self._nearness(topic, query)
            if own > score:
                best, score = topic, own
        place, most = max(likeness.items(), key=lambda pair: pair[1], default=(0, 0.0))
        nearest = self.all[place] if best is None and most >= _NEAR else best
        is_like = most >= _SURELY and all(word.is_known for word in query.words)
        return Match(best, score, nearest, is_like)

    def _scores_of_patterns(self, named: Set[str], terms: Set[str], context: Set[str]) -> dict[int, float]:
        """Return the best score of a pattern of each topic, by its place. Only words that are `named` exclude one.

        Most patterns have no word of the question in their first group, and then no score.
        """
        best: dict[int, float] = {}
        for number in {each for word in terms | context for each in self._by_first_words.get(word, ())}:
            place, pattern = self._patterns[number]
            if pattern.excluded & named:
                continue
            best[place] = max(best.get(place, 0.0), pattern.score(terms, context, self._weights))
        return best

    def _covered(self, place: int, query: TopicQuery) -> float:
        """Return a factor: 1 if the topic knows each word that a follow-up question adds, _UNCOVERED if it knows none."""
        weights = {
            word.meaning: self._weights.get(word.meaning, 0.0) for word in query.words if not word.meaning[:1].isdigit()
        }
        total = sum(weights.values())
        if not total:
            return 1.0
        covered = sum(weight for word, weight in weights.items() if word in self._vocabularies[place])
        return _UNCOVERED + (1 - _UNCOVERED) * covered / total

    @staticmethod
    def _nearness(topic: Topic, query: TopicQuery) -> float:
        own = {*topic.sources, *(source.partition("#")[0] for source in topic.sources)} - {"errors"}
        return _SAME_PAGE if own & query.near else 0.0

    @cached_property
    def _vocabularies(self) -> list[frozenset[str]]:
        """By the place of a topic: all words of its patterns, its examples and its answer."""
        return [
            each.words | meanings_in(each.text) | self._examples.words(place) for place, each in enumerate(self.all)
        ]

    def _likeness(self, query: TopicQuery) -> dict[int, float]:
        """Return how much the question, or a sentence of it, is like an example of each topic, by its place."""
        found = self._examples.likeness(query.words, query.context)
        for sentence in query.sentences:
            for place, value in self._examples.likeness(sentence, query.context).items():
                found[place] = max(found.get(place, 0.0), _OF_A_SENTENCE * value)
        return found


def _gain(likeness: float) -> float:
    """Return what a topic gets for an example: the more, the more it is the very question."""
    return _ALIKE * max(0.0, likeness - _LIKE) + _VERY_ALIKE * max(0.0, likeness - _VERY)
