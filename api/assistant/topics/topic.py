"""Topics: facts about the service that questions ask for, each found by the words of a question."""

from __future__ import annotations

import re
from functools import cache

import msgspec

from api.assistant.topics.matching.paraphrases import PARAPHRASES
from api.assistant.topics.matching.pattern import Pattern


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
    """Whether it says that the service does not have what the question asks for. It is then preferred to a request."""

    @property
    def words(self) -> frozenset[str]:
        """All words of its patterns, without those to exclude."""
        return frozenset(word for pattern in self.patterns for group in pattern.groups for word in group)

    @property
    def excluded(self) -> frozenset[str]:
        """The words that its first pattern excludes: a question that has one is rather about something else."""
        return self.patterns[0].excluded if self.patterns else frozenset()


def topic(
    asked: str, text: str, sources: str = "", operation: str = "", *, like: str = "", is_firm: bool = False
) -> Topic:
    """Return a topic. Each line of `asked` is a pattern: groups between bars, and `!` before words to exclude.

    Each line of `like` is a question that the topic answers.
    """
    patterns = tuple(_pattern(line) for line in asked.strip().splitlines())
    questions = [line.strip() for line in like.strip().splitlines()]
    questions += [other for each in questions for other in PARAPHRASES.get(each, ())]
    return Topic(patterns, re.sub(r"[ \n]+", " ", text), tuple(sources.split()), operation, tuple(questions), is_firm)


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
