"""Answers to "show me in Go": what the answer before was about, in the language that the question names."""

from __future__ import annotations

import re

from api.assistant.answers.answer import Answer
from api.assistant.answers.composer import Composer
from api.assistant.knowledge.library import Library
from api.assistant.knowledge.vocabulary import LANGUAGES, STOP_WORDS
from api.assistant.reading.thread import Question

_WITH_LANGUAGE = frozenset(("go", "same", "code", "example", "sample", "show", "give", "want", "please", "version", ""))
"""Words that name nothing else beside the language: "the same as PHP code please"."""
_HEADINGS = {"python": "With Python", "javascript": "With Node.js", "php": "With PHP", "go": "With Go"}
"""By language: the heading of the section of a guide that has its code."""
_BLOCK = re.compile(r"```.*?```", re.DOTALL)
_OPERATIONS = {
    "lists": "listInvoices", "credits": "getUsage", "events": "listEvents", "retries": "createInvoice",
    "authentication": "getAccount", "leaves": "createLeave", "payments": "recordInvoicePayment",
    "metadata": "listInvoices", "quickstart": "createInvoice", "receiving-webhooks": "createWebhook",
}  # fmt: skip
"""By guide: the operation that its code calls first."""


def names_only_language(question: Question) -> bool:
    """Return whether the question names a language of samples and nothing else: "and in PHP?"."""
    if question.reading.language is None:
        return False
    others = {word.key for word in question.reading.words if word.meaning not in STOP_WORDS}
    return not others - LANGUAGES.keys() - STOP_WORDS - _WITH_LANGUAGE


def answer_in_language(question: Question, earlier: Answer, composer: Composer, library: Library) -> Answer | None:
    """Return what the answer before was about in the language that the question names; None for other questions."""
    if not names_only_language(question) or not earlier.sources:
        return None
    is_of_object = earlier.request is None or earlier.request.operation.resource is not None
    if is_of_object and composer.request_of(question) is not None:
        return None
    if earlier.request is not None:
        return earlier
    return _of_guide(question, earlier, library) or _of_operation(question, earlier, composer, library)


def _of_guide(question: Question, earlier: Answer, library: Library) -> Answer | None:
    """Return the code of the guide of the answer before, if it has a section for the language."""
    guides = {source.partition("#")[0] for source in earlier.sources}
    heading = _HEADINGS.get(question.reading.language or "")
    for section in library.sections.values():
        block = _BLOCK.search(section.section.text)
        if section.guide.slug in guides and section.section.heading == heading and block is not None:
            before = section.section.text[: block.start()].strip().replace("\n", " ")
            return Answer(f"{section.title}. {before}\n\n{block[0]}", (section.id,))
    return None


def _of_operation(question: Question, earlier: Answer, composer: Composer, library: Library) -> Answer | None:
    """Return the request that the answer before is about, as far as it names one by an operation or by a guide."""
    ids = [
        source if source in library.operations else _OPERATIONS.get(source.partition("#")[0])
        for source in earlier.sources
    ]
    id = next(filter(None, ids), None)
    return None if id is None else composer.of_operation(id, question)
