"""Decides how a question is answered: by an error's own members, a fact, a request, a page, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from api.assistant.answers.answer import Answer
from api.assistant.answers.errors import explain_error
from api.assistant.answers.fields import explain_field
from api.assistant.answers.named import explain_named, names_code, names_status, operation_at, operation_by_title
from api.assistant.answers.passages import answer_from
from api.assistant.answers.polling import explain_interval
from api.assistant.answers.requesting import address_of, answer_with, note_of
from api.assistant.answers.requests import Request, RequestBuilder
from api.assistant.answers.scopes import explain_scope
from api.assistant.answers.statuses import explain_status
from api.assistant.knowledge.library import Library
from api.assistant.knowledge.operations import DocumentedOperation
from api.assistant.reading.changes import REVERSE
from api.assistant.reading.intent import HISTORY, PAST, SEE
from api.assistant.reading.kinds import Kinds
from api.assistant.reading.thread import Question, read_thread
from api.assistant.reading.words import Word
from api.assistant.search import SearchResult, search
from api.assistant.topics import TOPICS
from api.assistant.topics.comparisons import COMPARISON_TOPICS
from api.assistant.topics.outside import find_outside
from api.assistant.topics.topic import Match, Topic, TopicQuery
from api.ports.assistant import PassageIndex

_SURE = 2.0
"""A topic with this score or more goes before a request: it has two groups of words or more in the question itself."""
_BARE = 3
"""A question of so few words that names objects asks to see them."""
_LEAST = 0.6
"""A topic with a lower score comes after the answers about statuses, fields and requests."""
_FIRM = 1.5
"""What a topic about something that the service does not have gets on top of its score."""
_ENOUGH_IN_CONTEXT = 1.0
"""A topic with this score or more, together with the earlier questions, goes before the request of the thread."""
_IS_FACT = re.compile(
    r"(?:^|[.!?;:,–] )\s*(?:(?:and|so|but|ok|in|at|on|by|to|up to|under|with|from|until|till)\s+)?"
    r"(?:is|are|am|do|does|did|can|could|may|might|must|will|would|should|has|have|why|when|who"
    r"|(?:what|which)(?! (?:endpoint|request|url|address|call|body|route)s?\b)|how (?:many|long|big|much|often|old))\b"
)
_FOLLOWS_WITH_A_FACT = re.compile(
    r"^\W*(?:and|so|but|then|ok|okay|aur|to|phir|और|तो|फिर)?\W*(?:what|why|does|do|is|are|can|could|may|will|who|when|where"
    r"|how (?:long|many|much|often|big)|which)\b|what (?:if|happens)|\bkitn|\bkaun\b|\bkab\b|\bkyo?u?n?\b|kya hog"
    r"|कितन|कौन|कब|क्यों|क्या होग|सकत|\bsakt",
    re.IGNORECASE,
)
_ASKS_ALSO = frozenset(("which", "who", "many", "get", "getting", "know", "check"))
_SHOWS = frozenset(("show", "list", "see", "find", "display", "view", "fetch", "search", "retrieve", "read"))
"""Words that ask to see objects, while those above may also ask for a fact."""
_SEEING = frozenset(("show", "list", "which", "display", "view", "find"))
_OBJECT = r"\b(?:invoice|bill|leave)s?\b"
_SAME_FOR_ANOTHER = re.compile(
    rf"\b(?:same|works?|what about|how about|as well|too)\b.*{_OBJECT}|{_OBJECT}.*\b(?:as well|too)\b", re.IGNORECASE
)
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
        found = search(question.reading.words, self._library, self._index)
        for answer in self._attempts(question, found, origin, today):
            if answer is not None:
                return question, answer
        return question, Answer(_UNKNOWN)

    def _attempts(self, question: Question, found: SearchResult, origin: str, today: date) -> Iterator[Answer | None]:
        """Yield the answers of each way to answer, the surest way first; None where a way has no answer."""
        if question.reading.error is not None:
            yield self._error(question)
        match = TOPICS.match(TopicQuery.of(question.reading))
        outside = find_outside(question, found.unknown, match.score, is_like=match.is_like)
        if outside is not None:
            yield Answer(outside.text, outside.sources)
        yield explain_scope(question, self._library)
        yield explain_interval(question)
        request = self._requests.request_of(question, today)
        is_compared = "compare" in question.terms and match.topic not in COMPARISON_TOPICS
        if "meaning" in question.terms or is_compared:
            yield explain_status(question, self._library, is_sure=False)
        yield from self._facts(question, match, found, request, origin, today)
        yield explain_status(question, self._library, is_sure="status" in question.terms)
        yield explain_field(question, self._library, by_name=request is not None)
        requested = None if request is None else answer_with(request, question, self._library.base, origin)
        if not _is_guessed(question, request):
            yield requested
        if question.is_follow_up:
            yield self._in_context(question, 0, origin, today)
            yield self._again(question, origin, today)
        topic = match.nearest if _asks_for_a_fact(question) else match.topic
        yield self._nearest(topic, question, origin, today)
        yield requested
        if found.is_enough:
            yield answer_from(found.sources, question, origin)
        yield self._nearest(match.nearest, question, origin, today)

    def _nearest(self, topic: Topic | None, question: Question, origin: str, today: date) -> Answer | None:
        return None if topic is None else self._topic(topic, question, origin, today)

    def _facts(
        self, question: Question, match: Match, found: SearchResult, request: Request | None, origin: str, today: date
    ) -> Iterator[Answer | None]:
        """Yield the answers about an error, an address or a topic, as far as they go before the request."""
        topic, score = match.topic, match.score
        if score < _SURE or names_code(question, self._library) or names_status(question):
            yield explain_named(question, self._library, found, origin)
        if score < _SURE or not _asks_for_a_fact(question):
            yield self._at_route(question, origin, today)
        if question.is_follow_up:
            yield from self._goes_on(question, origin, today)
        if topic is None or (score < _SURE and question.is_follow_up and not topic.is_firm):
            return
        if score >= _LEAST and score + _asks_for_a_fact(question) + _FIRM * topic.is_firm >= _strength(
            question, request
        ):
            yield self._topic(topic, question, origin, today)

    def _goes_on(self, question: Question, origin: str, today: date) -> Iterator[Answer | None]:
        """Yield the facts that a follow-up question asks for, before the request of its thread."""
        if "meaning" in question.context and question.intent.kind is not None and "compare" not in question.terms:
            yield explain_status(question, self._library, is_sure=True)
        if question.before is not None and question.before.reading.error is not None:
            yield self._error(question.before)
        is_fact = question.before is not None and self._is_fact(question.before, today)
        changes = question.intent.is_explicit and "how" in question.terms and question.adds
        text = question.reading.plain
        asks_fact = _FOLLOWS_WITH_A_FACT.search(text) is not None and not _SAME_FOR_ANOTHER.search(text)
        undoes = REVERSE in question.terms and "payment" not in question.terms | question.context
        asks_fact = asks_fact or (is_fact and not changes and not question.names) or undoes
        only_firm = question.adds and not asks_fact
        yield self._in_context(question, _ENOUGH_IN_CONTEXT, origin, today, only_firm=only_firm)
        if is_fact and not question.adds:
            yield self._again(question, origin, today)

    def _is_fact(self, question: Question, today: date) -> bool:
        """Return whether a question is answered by a topic."""
        topic, score, *_ = TOPICS.match(TopicQuery.of(question.reading, question.context))
        bonus = _asks_for_a_fact(question) + (_FIRM if topic is not None and topic.is_firm else 0)
        return topic is not None and score + bonus >= _strength(question, self._requests.request_of(question, today))

    def _in_context(
        self, question: Question, least: float, origin: str, today: date, *, only_firm: bool = False
    ) -> Answer | None:
        """Return the fact that the question asks for together with the earlier ones of its thread."""
        topic, score, *_ = TOPICS.match(TopicQuery.of(question.reading, question.context))
        if topic is None or score < least or (only_firm and not topic.is_firm):
            return None
        return self._topic(topic, question, origin, today)

    def _again(self, question: Question, origin: str, today: date) -> Answer | None:
        """Return the fact that the earlier questions asked for, when this one adds nothing to them."""
        topic, score, *_ = TOPICS.match(TopicQuery(_words_before(question), question.context))
        return None if topic is None or score < _ENOUGH_IN_CONTEXT else self._topic(topic, question, origin, today)

    def _error(self, question: Question) -> Answer | None:
        assert question.reading.error is not None
        text = explain_error(question.reading.error, self._library)
        return None if text is None else Answer(text, (f"errors#{question.reading.error.code}",))

    def _topic(self, topic: Topic, question: Question, origin: str, today: date) -> Answer:
        operation = self._requests.like(topic.operation, question.intent.kind) if topic.operation else None
        if operation is None or _only_reads(question, topic, operation):
            return Answer(topic.text, topic.sources)
        request = self._requests.build(operation, question, today)
        paragraphs = (topic.text, f"{address_of(request, self._library.base)}:", note_of(request.operation, origin))
        return Answer("\n\n".join(filter(None, paragraphs)), topic.sources, request)

    def _at_route(self, question: Question, origin: str, today: date) -> Answer | None:
        operation = operation_at(question.reading.route, self._library) or operation_by_title(question, self._library)
        if operation is None:
            return None
        answer = answer_with(self._requests.build(operation, question, today), question, self._library.base, origin)
        if operation.resource is not None:
            return answer
        return msgspec.structs.replace(answer, text=f"{answer.text}\n\n{operation.text}")


def _words_before(question: Question) -> tuple[Word, ...]:
    return () if question.before is None else question.before.reading.words


def _only_reads(question: Question, topic: Topic, operation: DocumentedOperation) -> bool:
    """Return whether the topic's request would change something, and the question asks for no change."""
    if operation.method == "GET" or question.terms & {"how", "can", "whether", "code"}:
        return False
    asks_to_see = question.intent.action in (SEE, HISTORY, PAST) and bool(question.terms & _SEEING)
    return asks_to_see or (question.intent.action in (SEE, HISTORY, PAST, None) and not topic.is_firm)


def _is_guessed(question: Question, request: Request | None) -> bool:
    """Return whether the request is a list of everything that the question has no word for: a fact may fit better."""
    if request is None or request.operation.method != "GET" or request.query or request.ids or question.is_single:
        return False
    if question.language is not None:
        return False
    keys = {word.key for word in question.reading.words}
    return question.intent.action in (SEE, None) and not keys & _SHOWS and len(keys) > _BARE


def _asks_for_a_fact(question: Question) -> float:
    """Return what a topic gets on top of its score when the question asks whether, why, or what happens."""
    text = question.reading.plain.lower()
    return 1.5 if question.terms & {"can", "whether", "why", "happen"} or _IS_FACT.search(text) else 0


def _strength(question: Question, request: Request | None) -> float:
    """Return how strongly a question asks for a request: by its words for an action, and by what it names."""
    if request is None:
        return 0
    details, selection = question.details, question.details.selection
    named = (
        details.name, details.amount, details.days, details.instant, details.item, details.half, details.number,
        details.leave_type,
        selection.statuses or selection.is_overdue, selection.sort, selection.limit, details.currency,
    )  # fmt: skip
    reads = question.intent.action in (SEE, None)
    keys = {word.key for word in question.reading.words}
    is_reading = reads and bool(question.terms & {"see", "list", "which", "find"})
    is_sure = question.intent.is_explicit and not (reads and keys & _ASKS_ALSO and not keys & _SHOWS)
    chosen = len(request.query) if request.operation.id == "listEvents" else 2 * bool(details.ids)
    is_earlier = 1.5 * (question.intent.action in (HISTORY, PAST) and bool(details.ids))
    return (2 if is_sure else 1) + is_earlier + 0.75 * (sum(map(bool, named)) + chosen) + 0.5 * is_reading
