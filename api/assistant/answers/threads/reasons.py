"""Answers to "why?" and "can it be more?": the previous answer again, with the reason from its page."""

from __future__ import annotations

import re

from api.assistant.answers.answer import Answer
from api.assistant.knowledge.library import GuideSection, Library
from api.assistant.knowledge.vocabulary import STOP_WORDS
from api.assistant.reading.question import meanings_in
from api.assistant.reading.thread import Question

_GIVES_REASON = re.compile(r"\b(?:because|so that|otherwise|so (?:no|a|the|you|it|your)|would|since|is why)\b|: an? ")
_LIMITS = re.compile(r"\b(?:at most|up to|maximum|longest|the most|not more than|within|\d to \d)\b|\d+ characters")
_MORE = frozenset(("longer", "more", "bigger", "higher", "larger", "greater", "beyond", "exceed", "extend", "increase"))
_SMALL_WORDS = frozenset(("it", "that", "this", "they", "them", "than", "whether", "allow", "not", "bhi", "one"))
_ENOUGH = 4
"""The fewest meanings that a reason must share with the answer that it explains."""
_TELLS = frozenset(("say", "tell", "give", "write", "see", "know", "must"))
"""Words that show that a "why" is about giving a reason ("must I say why?"), not a question for one."""
_RAISED = frozenset(("credits", "authentication"))
"""The guides to what an owner or admin can raise."""
_BLOCK = re.compile(r"```.*?```", re.DOTALL)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z`*\[])")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")


def explain_why(question: Question, earlier: Answer, library: Library) -> Answer | None:
    """Return the fact of the answer before with its reason, for "why?" and "why not?"; None for other questions."""
    tells = {word.key for word in question.reading.words} & _TELLS
    if "why" not in question.terms or tells or _other_words(question) or not earlier.sources:
        return None
    if earlier.request is not None or _GIVES_REASON.search(earlier.text):
        return earlier
    assert question.before is not None
    about = (meanings_in(earlier.text) | question.before.terms) - STOP_WORDS
    sentences = [each for id in earlier.sources for each in _sentences(id, library) if _GIVES_REASON.search(each)]
    shared, best = max(((len(meanings_in(each) & about), each) for each in sentences), default=(0, ""))
    return earlier if shared < _ENOUGH else Answer(f"{best} {earlier.text}", earlier.sources)


def refuse_more(question: Question, earlier: Answer) -> Answer | None:
    """Return the limit of the answer before, for "can it be longer?"; None for other questions."""
    pages = {source.partition("#")[0] for source in earlier.sources}
    asks = "can" in question.terms and not _MORE.isdisjoint(question.terms) and not _other_words(question) - _MORE
    if not asks or earlier.request is not None or pages & _RAISED or not _LIMITS.search(earlier.text):
        return None
    return Answer(f"No, that is the limit. {earlier.text}", earlier.sources)


def _other_words(question: Question) -> set[str]:
    """Return the words of the question that say what it is about."""
    words = (word for word in question.reading.words if word.key not in STOP_WORDS and word.meaning not in STOP_WORDS)
    return {word.key for word in words} - _SMALL_WORDS


def _sentences(id: str, library: Library) -> list[str]:
    source = library.source(id)
    text = source.section.text if isinstance(source, GuideSection) else source.text
    plain = _LINK.sub(r"\1", _BLOCK.sub("\n\n", text))
    paragraphs = (part.strip().replace("\n", " ") for part in re.split(r"\n\s*\n|\n- ", plain))
    return [each for part in paragraphs if part and part[0] not in "|#" for each in _SENTENCE.split(part)]
