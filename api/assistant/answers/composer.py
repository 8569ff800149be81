"""Makes answers from topics, operations and pasted errors."""

from __future__ import annotations

from datetime import date

import msgspec

from api.assistant.answers.answer import Answer
from api.assistant.answers.errors.named import operation_at, operation_by_title
from api.assistant.answers.errors.pasted import explain_error
from api.assistant.answers.requesting import address_of, answer_with, note_of
from api.assistant.answers.requests import Request, RequestBuilder
from api.assistant.answers.strength import asks_for_a_fact
from api.assistant.answers.webhooks.requests import webhook_operation
from api.assistant.knowledge.library import Library
from api.assistant.reading.thread import Question
from api.assistant.topics.topic import Topic
from api.assistant.topics.verdict import with_verdict


class Composer:
    """Makes answers with addresses and links of this service."""

    def __init__(self, library: Library, requests: RequestBuilder, origin: str, today: date) -> None:
        self._library, self.requests, self.origin, self._today = library, requests, origin, today

    def request_of(self, question: Question) -> Request | None:
        """Return the request that the question asks for; None if it asks for none."""
        return self.requests.request_of(question, self._today)

    def of_request(self, request: Request, question: Question) -> Answer:
        """Return the answer that shows this request."""
        return answer_with(request, question, self._library.base, self.origin)

    def request_again(self, request: Request, question: Question) -> Request | None:
        """Return the request of the answer before, with what this question names in its place."""
        return self.requests.build(request.operation, question, self._today)

    def of_topic(self, topic: Topic, question: Question) -> Answer:
        """Return the topic's answer, with its request if the question may be answered by it."""
        operation = self.requests.like(topic.operation, question.intent.kind) if topic.operation else None
        request = None if operation is None else self.requests.build(operation, question, self._today)
        if request is None or _is_unasked(request, topic, question):
            return Answer(with_verdict(topic.text, question.reading.plain, question.terms), topic.sources)
        paragraphs = (
            topic.text,
            f"{address_of(request, self._library.base)}:",
            note_of(request.operation, self.origin),
        )
        return Answer("\n\n".join(filter(None, paragraphs)), topic.sources, request)

    def of_error(self, question: Question) -> Answer | None:
        """Return the explanation of the error that the question quotes; None if there is no such code."""
        assert question.reading.error is not None
        text = explain_error(question.reading.error, self._library)
        return None if text is None else Answer(text, (f"errors#{question.reading.error.code}",))

    def about_webhook(self, question: Question) -> Answer | None:
        """Return the answer that shows the request about a webhook; None if the question asks for none."""
        id = webhook_operation(question)
        request = None if id is None else self.requests.build(self._library.operations[id], question, self._today)
        return None if request is None else self._with_text(request, question)

    def of_operation(self, id: str, question: Question) -> Answer | None:
        """Return the answer that shows this operation, or the same one of the question's kind of object."""
        operation = self.requests.like(id, question.intent.kind)
        request = self.requests.build(operation, question, self._today)
        return None if request is None else self.of_request(request, question)

    def at_route(self, question: Question) -> Answer | None:
        """Return the answer that shows the operation at a path, or with a title, that the question quotes."""
        operation = operation_at(question.reading.route, self._library) or operation_by_title(question, self._library)
        if operation is None:
            return None
        request = self.requests.build(operation, question, self._today)
        if request is None:
            return None
        return (
            self.of_request(request, question) if operation.resource is not None else self._with_text(request, question)
        )

    def _with_text(self, request: Request, question: Question) -> Answer:
        answer = self.of_request(request, question)
        return msgspec.structs.replace(answer, text=f"{answer.text}\n\n{request.operation.text}")


def _is_unasked(request: Request, topic: Topic, question: Question) -> bool:
    """Return whether the topic's request would change something, and the question only asks about something."""
    has_word = not question.terms.isdisjoint({"how", "can", "whether", "code"})
    names = question.intent.action is not None or question.details.amount is not None
    is_of_webhook = request.operation.resource is None
    asks_to_do = is_of_webhook and not (asks_for_a_fact(question) or question.is_follow_up)
    asks = has_word or names or topic.is_firm or asks_to_do
    return request.operation.method != "GET" and not asks
