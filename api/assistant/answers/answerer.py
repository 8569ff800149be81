"""Decides how a question is answered: by an error's own members, a fact, a request, a page, or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from api.assistant.answers.answer import Answer
from api.assistant.answers.composer import Composer
from api.assistant.answers.errors.named import explain_named, names_code, names_status, operation_at
from api.assistant.answers.passages import answer_from
from api.assistant.answers.requests import Request, RequestBuilder
from api.assistant.answers.strength import asks_for_a_fact, is_guessed, strength_of
from api.assistant.answers.tables.failures import explain_failures
from api.assistant.answers.tables.fields import explain_field, explain_field_of, explain_named_field
from api.assistant.answers.tables.headers import explain_header
from api.assistant.answers.tables.polling import explain_interval
from api.assistant.answers.tables.responses import explain_response
from api.assistant.answers.tables.scopes import explain_scope
from api.assistant.answers.tables.statuses import asks_about_status, explain_status
from api.assistant.answers.tables.writable import explain_writable
from api.assistant.answers.threads.going_on import FollowUp
from api.assistant.knowledge.library import Library
from api.assistant.knowledge.operations import DocumentedOperation
from api.assistant.reading.kinds import Kinds
from api.assistant.reading.thread import Question, read_thread
from api.assistant.search import SearchResult, search
from api.assistant.topics import TOPICS
from api.assistant.topics.comparisons import COMPARISON_TOPICS
from api.assistant.topics.matching.pattern import TopicQuery
from api.assistant.topics.matching.topics import FIRM, Match
from api.assistant.topics.outside import find_outside
from api.ports.assistant import PassageIndex

_SURE = 2.0
"""A topic with this score or more goes before a request: it has two groups of words or more in the question itself."""
_FIRM_FROM = 1.0
"""A firm topic (`is_firm`) is preferred to a request only with this score or more."""
_LEAST = 0.6
"""A topic with a lower score comes after the answers about statuses, fields and requests."""
_UNKNOWN = (
    "I do not know that. I answer questions about the SmartDhandha API: its endpoints, authentication, code samples, "
    "limits and errors."
)


class Answerer:
    """Answers questions from the library. It keeps nothing of them."""

    def __init__(self, library: Library, index: PassageIndex) -> None:
        self._library, self._index = library, index
        self._requests = RequestBuilder(library.operations)
        self._kinds = Kinds.of(each.resource for each in library.operations.values() if each.resource is not None)

    def answer(self, texts: Sequence[str], origin: str, today: date) -> tuple[Question, Answer]:
        """Answer the last of these questions of a thread. Raises Unavailable when the index cannot be reached."""
        question = read_thread(texts, today, self._kinds)
        composer = Composer(self._library, self._requests, origin, today)
        return question, self._answer(question, composer)

    def _answer(self, question: Question, composer: Composer) -> Answer:
        earlier = None if question.before is None else self._answer(question.before, composer)
        follow_up = None if earlier is None else FollowUp(question, earlier, composer, self._library)
        found = search(question.reading.words, self._library, self._index)
        attempts = self._attempts(question, follow_up, found, composer)
        return next((answer for answer in attempts if answer is not None), Answer(_UNKNOWN))

    def _attempts(
        self, question: Question, follow_up: FollowUp | None, found: SearchResult, composer: Composer
    ) -> Iterator[Answer | None]:
        """Yield the answers of each way to answer, the surest way first; None where a way has no answer."""
        if question.reading.error is not None:
            yield composer.of_error(question)
        if follow_up is not None:
            yield follow_up.declines()
        match = TOPICS.match(TopicQuery.of(question.reading))
        outside = find_outside(question, found.unknown, match.score, is_like=match.is_like)
        if outside is not None:
            yield Answer(outside.text, outside.sources)
        yield explain_scope(question, self._library)
        yield explain_interval(question)
        yield composer.about_webhook(question)
        request = composer.request_of(question)
        yield explain_failures(question, request, self._library, composer.origin)
        yield explain_response(_operation(question, request, self._library), question, self._library.base)
        yield explain_named_field(question, self._library)
        yield explain_writable(question, self._library)
        is_compared = "compare" in question.terms and match.topic not in COMPARISON_TOPICS
        if "meaning" in question.terms or is_compared or asks_about_status(question):
            yield explain_status(question, self._library, is_sure=False)
        yield from self._facts(question, follow_up, match, found, composer)
        yield from self._tables(question, request)
        requested = None if request is None else composer.of_request(request, question)
        if not is_guessed(question, request):
            yield requested
        if follow_up is not None:
            yield follow_up.in_context(0)
            yield follow_up.again()
        topic = match.nearest if asks_for_a_fact(question) else match.topic
        yield None if topic is None else composer.of_topic(topic, question)
        yield requested
        if found.is_enough:
            yield answer_from(found.sources, question, composer.origin)
        yield None if match.nearest is None else composer.of_topic(match.nearest, question)

    def _tables(self, question: Question, request: Request | None) -> Iterator[Answer | None]:
        """Yield the answers about a status, a header or a field that the question names."""
        yield explain_status(question, self._library, is_sure="status" in question.terms)
        yield explain_header(question)
        yield explain_field(question, self._library, by_name=request is not None)
        if request is not None and "where" in question.terms:
            yield explain_field_of(request.operation, question, self._library)

    def _facts(
        self, question: Question, follow_up: FollowUp | None, match: Match, found: SearchResult, composer: Composer
    ) -> Iterator[Answer | None]:
        """Yield the answers about an error, an address or a topic, as far as they go before the request."""
        topic, score = match.topic, match.score
        if score < _SURE or names_code(question, self._library) or names_status(question):
            operation = None if follow_up is None else follow_up.operation
            yield explain_named(question, self._library, found, composer.origin, operation)
        if score < _SURE or not asks_for_a_fact(question):
            yield composer.at_route(question)
        if follow_up is not None:
            yield from follow_up.facts()
        if topic is None or (score < _SURE and follow_up is not None and not topic.is_firm):
            return
        firm = FIRM if topic.is_firm and score >= _FIRM_FROM else 0
        strength = strength_of(question, composer.request_of(question))
        if score >= _LEAST and score + asks_for_a_fact(question) + firm >= strength:
            yield composer.of_topic(topic, question)


def _operation(question: Question, request: Request | None, library: Library) -> DocumentedOperation | None:
    """Return the operation that the question itself names by its route, or by what it asks to do."""
    at_route = operation_at(question.reading.route, library)
    return at_route or (None if request is None or question.is_follow_up else request.operation)
