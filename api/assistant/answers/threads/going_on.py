"""How a follow-up question is answered: by a fact about what its thread is about, or by the answer before."""

from __future__ import annotations

import re
from collections.abc import Iterator

from api.assistant.answers.answer import Answer
from api.assistant.answers.composer import Composer
from api.assistant.answers.strength import asks_for_a_fact, strength_of
from api.assistant.answers.tables.fields import explain_field_of, explain_required, find_part
from api.assistant.answers.tables.responses import explain_response
from api.assistant.answers.tables.statuses import explain_status
from api.assistant.answers.threads.languages import answer_in_language
from api.assistant.answers.threads.reasons import explain_why, refuse_more
from api.assistant.answers.threads.refining import refine
from api.assistant.knowledge.library import Library
from api.assistant.knowledge.operations import DocumentedOperation
from api.assistant.knowledge.outside_words import ANCHORS
from api.assistant.knowledge.vocabulary import STOP_WORDS
from api.assistant.reading.changes import REVERSE
from api.assistant.reading.intent import asks_for_past
from api.assistant.reading.thread import Question
from api.assistant.topics import TOPICS
from api.assistant.topics.matching.pattern import TopicQuery
from api.assistant.topics.matching.topics import FIRM, Match
from api.operation import OperationKind

_ENOUGH_IN_CONTEXT = 1.0
"""A topic with this score or more, together with the earlier questions, goes before the request of the thread."""
_FOLLOWS_WITH_A_FACT = re.compile(
    r"^\W*(?:and|so|but|then|ok|okay|aur|to|phir|और|तो|फिर)?\W*(?:what|why|does|do|is|are|can|could|may|will|who|when|where|if|agar|अगर"
    r"|how (?:long|many|much|often|big)|which)\b|what (?:if|happens)|\bkitn|\bkaun\b|\bkab\b|\bkyo?u?n?\b|kya hog"
    r"|कितन|कौन|कब|क्यों|क्या होग|सकत|\bsakt",
    re.IGNORECASE,
)
_BLOCK = re.compile(r"```.*?```", re.DOTALL)
_OBJECT = r"\b(?:invoice|bill|leave)s?\b"
_SAME_FOR_ANOTHER = re.compile(
    rf"\b(?:same|works?|what about|how about|as well|too)\b.*{_OBJECT}|{_OBJECT}.*\b(?:as well|too)\b", re.IGNORECASE
)


_OF_A_FIELD = frozenset(
    ("which", "what", "field", "set", "sets", "send", "use", "call", "called", "name", "for", "there", "ok", "so")
)


def _asks_which_field(question: Question) -> bool:
    """Return whether the question only asks which field does what the answer before says."""
    keys = {word.meaning for word in question.reading.words} - STOP_WORDS
    return "field" in question.terms and not question.names and keys <= _OF_A_FIELD


class FollowUp:
    """A question that goes on from the one before it, whose answer was `earlier`."""

    def __init__(self, question: Question, earlier: Answer, composer: Composer, library: Library) -> None:
        self._question, self._earlier = question, earlier
        self._composer, self._library = composer, library
        pages = {source.partition("#")[0] for source in earlier.sources}
        self._near = frozenset((*earlier.sources, *pages))

    @property
    def operation(self) -> DocumentedOperation | None:
        """The operation that the answer before is about: that of its request, or of its page; None without one."""
        if self._earlier.request is not None:
            return self._earlier.request.operation
        ids = (source for source in self._earlier.sources if source in self._library.operations)
        id = next(ids, None)
        return None if id is None else self._library.operations[id]

    def declines(self) -> Answer | None:
        """Return the answer before once more, if it declined and the question has no word about the service."""
        is_declined = not self._earlier.sources and self._earlier.request is None
        question = self._question
        is_about_it = ANCHORS.isdisjoint(question.terms) and not question.details.ids and not question.reading.error
        return self._earlier if is_declined and is_about_it else None

    def facts(self) -> Iterator[Answer | None]:
        """Yield the facts that the question asks for, before the request of its thread."""
        question, before = self._question, self._question.before
        assert before is not None
        if "meaning" in question.context and question.intent.kind is not None and "compare" not in question.terms:
            yield explain_status(question, self._library, is_sure=True)
        if before.reading.error is not None and not question.intent.is_explicit:
            yield self._composer.of_error(before)
        yield self._example()
        yield answer_in_language(question, self._earlier, self._composer, self._library)
        yield explain_why(question, self._earlier, self._library)
        yield refuse_more(question, self._earlier)
        yield explain_response(self.operation, question, self._library.base)
        yield refine(question, self._earlier, self._composer)
        yield self._narrowed()
        if asks_for_past(question.reading):
            return
        yield self._part()
        if self.operation is not None and not question.reading.language:
            yield explain_required(self.operation, question)
            yield explain_field_of(self.operation, question, self._library)
        is_fact = self._is_fact(before)
        if is_fact and _asks_which_field(question) and "`" in self._earlier.text:
            yield self._earlier
        yield self.in_context(
            _ENOUGH_IN_CONTEXT, only_firm=self._narrows() or (question.adds and not self._asks_for_a_fact(is_fact))
        )
        if is_fact and not question.adds:
            yield self.again()

    def _example(self) -> Answer | None:
        """Return the error response that the guide shows for the error of the answer before, if one is asked for."""
        section = self._library.sections.get(self._earlier.sources[0]) if self._earlier.sources else None
        if section is None or section.guide.slug != "errors" or "example" not in self._question.terms:
            return None
        block = _BLOCK.search(section.section.text)
        return Answer(f"For example:\n\n{block[0]}", (section.id,)) if block else None

    def _narrowed(self) -> Answer | None:
        """Return the webhook of the answer before with the type of event that the question names: "only for bills"."""
        request = self._earlier.request
        if request is None or request.operation.id != "createWebhook" or "only" not in self._question.terms:
            return None
        again = self._composer.request_again(request, self._question)
        return None if again is None else self._composer.of_request(again, self._question)

    def _part(self) -> Answer | None:
        """Return the answer to "only its payments": in which field the object of the earlier answer has this part."""
        request = self._earlier.request
        if request is None or request.operation.kind is not OperationKind.GET or self._question.adds:
            return None
        field = find_part(request.operation, self._question, self._library)
        if field is None:
            return None
        text = f"`{field.name}` is in this answer, too: {field.schema['description']}"
        return Answer(text, (request.operation.id,), self._composer.request_again(request, self._question))

    def in_context(self, least: float, *, only_firm: bool = False) -> Answer | None:
        """Return the fact that the question asks for together with the earlier ones of its thread."""
        topic, score, *_ = self._match(self._question)
        if topic is None or score < least or (only_firm and not topic.is_firm):
            return None
        return self._composer.of_topic(topic, self._question)

    def again(self) -> Answer | None:
        """Return the answer before, when the question adds nothing to the one before it."""
        return self._earlier if self._earlier.sources and self._earlier.request is None else None

    def _match(self, question: Question) -> Match:
        return TOPICS.match(TopicQuery.of(question.reading, question.context, self._near))

    def _narrows(self) -> bool:
        """Return whether the question only makes the list of the answer before smaller: "only the paid ones"."""
        return self._earlier.request is not None and self._question.adds and "only" in self._question.terms

    def _asks_for_a_fact(self, is_fact: bool) -> bool:
        question, text = self._question, self._question.reading.plain
        changes = question.intent.is_explicit and "how" in question.terms and question.adds
        undoes = REVERSE in question.terms and "payment" not in question.terms | question.context
        asks_fact = _FOLLOWS_WITH_A_FACT.search(text) is not None and not _SAME_FOR_ANOTHER.search(text)
        return asks_fact or (is_fact and not changes and not question.names) or undoes

    def _is_fact(self, question: Question) -> bool:
        """Return whether a question is answered by a topic."""
        topic, score, *_ = TOPICS.match(TopicQuery.of(question.reading, question.context))
        bonus = asks_for_a_fact(question) + (FIRM if topic is not None and topic.is_firm else 0)
        return topic is not None and score + bonus >= strength_of(question, self._composer.request_of(question))
