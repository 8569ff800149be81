"""The words with which a topic is asked for, and what of a question they are compared with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from typing import NamedTuple

from api.assistant.reading.question import Reading
from api.assistant.reading.words import Word

_IN_CONTEXT = 0.6
"""The factor on a group whose words stand only in an earlier question of the thread."""
_WORDS = "can how what which whether many do all one is use api my get see it the and a in to"
_TELLS_NOTHING = frozenset(_WORDS.split())
"""A follow-up question that shares only these words with a topic does not ask for it."""
_WITHOUT_CONTEXT = 0.75
"""The factor on a pattern that takes nothing from the earlier questions of a thread."""


_ASKING = "who when why where long many often much can whether which"
ASKING = frozenset(_ASKING.split())
"""The words that say what is asked. A follow-up question without one asks what the question before it asked."""


_KINDS = frozenset(("invoice", "bill", "leave"))
"""What a thread may be about: a pattern that excludes the kind of its thread does not fit a question that names none."""
_SUPPOSES = re.compile(r"\bif\b|\bagar\b|अगर", re.IGNORECASE)


class Pattern(NamedTuple):
    """Groups of words. A question matches if it has a word of each group, and none of the excluded words."""

    groups: tuple[frozenset[str], ...]
    excluded: frozenset[str]

    def score(self, terms: Set[str], context: Set[str], weights: Mapping[str, float]) -> float:
        """Return the sum of the weights of the groups; 0 if a group is missing."""
        kinds = context & _KINDS
        if len(kinds) == 1 and not terms & _KINDS and self.excluded & kinds:
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


class TopicQuery(NamedTuple):
    """What is asked, as topics compare it."""

    words: Sequence[Word]
    terms: Set[str]
    """The words and their meanings."""
    sentences: Sequence[Sequence[Word]] = ()
    context: Set[str] = frozenset()
    """The words and meanings of the earlier questions of the thread."""
    near: Set[str] = frozenset()
    """The sources of the answer before, and the guides that they belong to: a follow-up question is rather about them."""

    @classmethod
    def of(cls, reading: Reading, context: Set[str] = frozenset(), near: Set[str] = frozenset()) -> TopicQuery:
        """Return what a question asks, alone or within its thread."""
        terms = (
            reading.terms
            if _SUPPOSES.search(reading.plain) or reading.terms & ASKING
            else reading.terms | (context & ASKING)
        )
        return cls(reading.words, terms, reading.sentences, context, near)
