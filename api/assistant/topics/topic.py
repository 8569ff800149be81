"""Topics: facts about the service that questions ask for, each found by the words of a question."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from functools import cache, cached_property
from math import inf, log
from typing import NamedTuple

import msgspec

from api.assistant.knowledge.vocabulary import STOP_WORDS
from api.assistant.reading.words import Word
from api.assistant.topics.likeness import Examples

_IN_CONTEXT = 0.6
"""The factor on a group whose words stand only in an earlier question of the thread."""
_WORDS = "can how what which whether many do all one is use api my get see it the and a in to"
_TELLS_NOTHING = frozenset(_WORDS.split())
"""Words that alone do not show that a follow-up question asks for a topic."""
_WITHOUT_CONTEXT = 0.75
"""The factor on a pattern that takes nothing from the earlier questions of a thread."""
_UNIT, _LEAST_WEIGHT, _MOST_OF_STOP_WORDS = 2.5, 0.4, 0.6
_LIKE, _ALIKE, _NEAR = 0.5, 4.0, 0.4
"""A question less like an example than _LIKE is not like it; one that has the same words gets _ALIKE × (1 - _LIKE).
When nothing else answers it, _NEAR is enough."""


class Pattern(NamedTuple):
    """Groups of words. A question matches if it has a word of each group, and none of the excluded words."""

    groups: tuple[frozenset[str], ...]
    excluded: frozenset[str]

    def score(self, terms: Set[str], context: Set[str], weights: Mapping[str, float]) -> float:
        """Return the sum of the weights of the groups; 0 if a group is missing."""
        if self.excluded & terms:
            return 0
        score, has_own, has_context = 0.0, False, not context
        for group in self.groups:
            if own := group & terms:
                score += max(weights[term] for term in own)
                has_own = has_own or not own <= _TELLS_NOTHING
            elif others := group & context:
                score, has_context = score + _IN_CONTEXT * max(weights[term] for term in others), True
            else:
                return 0
        if context and not has_own:
            return 0
        return score if has_context else _WITHOUT_CONTEXT * score


class Topic(msgspec.Struct, frozen=True):
    """A fact, and the words with which people ask for it."""

    patterns: tuple[Pattern, ...]
    text: str
    """The answer, in Markdown. Its first sentence answers the question."""
    sources: tuple[str, ...] = ()
    """The ids of the operations and sections of guides that it is from, the best first."""
    operation: str = ""
    """The id of the operation whose request the answer shows; empty for an answer without a request."""
    like: tuple[str, ...] = ()
    """Questions that it answers, as people ask them."""
    is_firm: bool = False
    """Whether it goes before a request more easily: the service does not have what the question asks for."""

    @property
    def words(self) -> frozenset[str]:
        """All words of its patterns, without those to exclude."""
        return frozenset(word for pattern in self.patterns for group in pattern.groups for word in group)


def _most(word: str) -> float:
    return _MOST_OF_STOP_WORDS if word in STOP_WORDS else inf


_FORMS = {"approve": "approved", "deny": "denied", "cancel": "cancelled", "approved": "approve", "denied": "deny"}
"""By a word: another form of it, which a pattern may have instead."""


def _with_forms(terms: Set[str]) -> Set[str]:
    return terms | {_FORMS[term] for term in terms if term in _FORMS}


class Topics:
    """Topics, and how much each word tells: a word of few topics tells more than a word of many.

    A topic is found by its patterns, and by how much the question is like one of its example questions: the patterns
    are sure of the words that they list, the examples reach questions in other words.
    """

    def __init__(self, topics: Sequence[Topic]) -> None:
        self._topics = topics
        numbers = Counter(word for each in topics for word in each.words)
        self._weights = {
            word: max(_LEAST_WEIGHT, min(log(len(topics) / number) / _UNIT, _most(word)))
            for word, number in numbers.items()
        }

    @cached_property
    def _examples(self) -> Examples:
        """The example questions. They are read with the first question, because that takes as long as many imports."""
        return Examples([each.like for each in self._topics])

    def best(
        self, words: Sequence[Word], terms: Set[str], context: Set[str] = frozenset()
    ) -> tuple[Topic | None, float]:
        """Return the topic with the highest score, the first one of several, and its score."""
        ranked = self.ranked(words, terms, context)
        return ranked[0] if ranked else (None, 0.0)

    def nearest(self, words: Sequence[Word], terms: Set[str]) -> Topic | None:
        """Return the best topic, or the one with the most similar example; None if none is similar enough."""
        topic, _ = self.best(words, terms)
        likeness = self._examples.likeness(words, frozenset())
        place = max(likeness, key=likeness.__getitem__, default=None)
        if topic is None and place is not None and likeness[place] >= _NEAR:
            return self._topics[place]
        return topic

    def ranked(
        self, words: Sequence[Word], terms: Set[str], context: Set[str] = frozenset()
    ) -> list[tuple[Topic, float]]:
        """Return all topics that match, the best first. `terms` are the words and their meanings."""
        likeness, terms, context = self._examples.likeness(words, context), _with_forms(terms), _with_forms(context)
        scores = (
            (each, self._pattern_score(each, terms, context) + _ALIKE * max(0.0, likeness.get(place, 0.0) - _LIKE))
            for place, each in enumerate(self._topics)
        )
        return sorted((pair for pair in scores if pair[1] > 0), key=lambda pair: -pair[1])

    def _pattern_score(self, topic: Topic, terms: Set[str], context: Set[str]) -> float:
        return max((pattern.score(terms, context, self._weights) for pattern in topic.patterns), default=0.0)


def topic(
    asked: str, text: str, sources: str = "", operation: str = "", *, like: str = "", is_firm: bool = False
) -> Topic:
    """Return a topic. Each line of `asked` is a pattern: groups between bars, and `!` before words to exclude.

    Each line of `like` is a question that the topic answers.
    """
    patterns = tuple(_pattern(line) for line in asked.strip().splitlines())
    questions = tuple(line.strip() for line in like.strip().splitlines())
    return Topic(patterns, re.sub(r"[ \n]+", " ", text), tuple(sources.split()), operation, questions, is_firm)


@cache
def _pattern(line: str) -> Pattern:
    groups, excluded = [], frozenset[str]()
    for part in line.split("|"):
        words = part.split()
        if words[0].startswith("!"):
            excluded = frozenset(word.lstrip("!") for word in words)
        else:
            groups.append(frozenset(words))
    return Pattern(tuple(groups), excluded)
