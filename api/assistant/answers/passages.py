"""Answers from a page: the sentences of a section that say most of what a question asks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from api.assistant.answers.answer import Answer
from api.assistant.answers.errors.pasted import advice_of, status_of
from api.assistant.knowledge.library import GuideSection, Source
from api.assistant.knowledge.operations import DocumentedOperation
from api.assistant.knowledge.vocabulary import STOP_WORDS
from api.assistant.reading.thread import Question
from api.assistant.reading.words import words_of

_BLOCK = re.compile(r"```.*?```", re.DOTALL)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z`*\[])")
_LINK = re.compile(r"\]\(/")
_MAX_SENTENCES = 4


def answer_from(sources: Sequence[Source], question: Question, origin: str) -> Answer:
    """Return the answer from the first of these sources, which are not empty."""
    source = sources[0]
    if isinstance(source, DocumentedOperation):
        return Answer(f"{source.title}: `{source.method} /api/v1{source.path}`. {source.text}", (source.id,))
    sections = [each for each in sources[:3] if isinstance(each, GuideSection) and each.guide == source.guide]
    best = max(sections, key=lambda each: _score_of(each, question), default=source)
    is_error = best.guide.slug == "errors" and best.section.anchor
    text = (
        f"{status_of(best)} `{best.section.anchor}`: {advice_of(best)}" if is_error else _best_sentences(best, question)
    )
    return Answer(_LINK.sub(f"]({origin}/", text), tuple(dict.fromkeys([source.id, best.id])))


def _score_of(section: GuideSection, question: Question) -> int:
    return max((_overlap(each, question) for each in _sentences(section)), default=0)


def _best_sentences(section: GuideSection, question: Question) -> str:
    """Return the sentence that fits best, and the ones after it."""
    sentences = _sentences(section)
    if not sentences:
        return f"See {section.title}."
    start = max(range(len(sentences)), key=lambda place: _overlap(sentences[place], question))
    return " ".join(sentences[start : start + _MAX_SENTENCES])


def _sentences(section: GuideSection) -> list[str]:
    text = _BLOCK.sub("\n\n", section.section.text)
    paragraphs = (part.strip() for part in re.split(r"\n\s*\n", text))
    prose = (part for part in paragraphs if part and not part.startswith(("|", "#")) and not part.endswith(":"))
    return [sentence.strip("- ") for part in prose for sentence in _SENTENCE.split(part.replace("\n", " "))]


def _overlap(sentence: str, question: Question) -> int:
    own = {word.meaning for word in words_of(sentence)}
    return len({word.meaning for word in question.reading.words if word.key not in STOP_WORDS} & own)
