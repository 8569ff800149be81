"""The request that a question asks for: its operation, with what the question names in its place."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from api.assistant.answers.bodies import body_of
from api.assistant.answers.queries import query_of
from api.assistant.knowledge.intent_words import SHOWS
from api.assistant.knowledge.operations import DocumentedOperation
from api.assistant.reading.changes import CREATE, PAY, REFUND, REVERSE, STATUS_ACTIONS, UPDATE
from api.assistant.reading.details import Details
from api.assistant.reading.intent import HISTORY, PAST, SEE
from api.assistant.reading.kinds import named_kinds
from api.assistant.reading.thread import Question
from api.operation import OperationKind
from api.samples.request import SampleRequest

_BARE = 2
"""A question of so few words that names a kind of object asks to see such objects."""


class Request(msgspec.Struct, frozen=True):
    """A request to the API, and the operation that it calls."""

    operation: DocumentedOperation
    query: dict[str, str] = {}
    body: dict[str, Any] | None = None
    ids: dict[str, str] = {}
    """The ids that the question names, by the name of the parameter of the path."""

    @property
    def path(self) -> str:
        """The path with the ids that the question names, and the names of the others in braces."""
        path = self.operation.path
        for name, id in self.ids.items():
            path = path.replace(f"{{{name}}}", id)
        return path

    def sample(self, root: str) -> SampleRequest:
        """Return the request as samples send it. `root` is the URL of the API; missing ids are those of examples."""
        path = self.path
        for parameter in self.operation.parameters:
            if parameter["in"] == "path":
                path = path.replace(f"{{{parameter['name']}}}", parameter["example"])
        return SampleRequest(
            self.operation.method, root + path, self.query, self.body, needs_key=self.operation.needs_key
        )


class RequestBuilder:
    """Builds requests from questions."""

    def __init__(self, operations: dict[str, DocumentedOperation]) -> None:
        self._operations = operations

    def request_of(self, question: Question, today: date) -> Request | None:
        """Return the request that the question asks for; None if it asks for none."""
        intent, details = question.intent, question.details
        if _asks_for_events(question):
            return self.build(self._operations["listEvents"], question, today)
        is_bare = len(question.reading.words) <= _BARE or _names_object(question)
        if intent.kind is None or (intent.action is None and not (is_bare or _selects(details))):
            return None
        operation = self._operation(intent.kind, intent.action or SEE, question)
        return None if operation is None else self.build(operation, question, today)

    def like(self, id: str, kind: str | None) -> DocumentedOperation:
        """Return the operation with this id, or the one that does the same with this kind of object."""
        operation = self._operations[id]
        if operation.resource is None or kind in (None, operation.resource.aggregate.kind):
            return operation
        ending = operation.path.partition("}")[2]
        others = (each for each in self._operations.values() if each.resource and each.resource.aggregate.kind == kind)
        same = (each for each in others if each.kind is operation.kind and each.path.partition("}")[2] == ending)
        return next(same, operation)

    def build(self, operation: DocumentedOperation, question: Question, today: date) -> Request | None:
        """Return the request of an operation, with what the question names in its place.

        Return None for a change when the question asks to see. All requests of answers are made here, so no answer to
        such a question can show a change.
        """
        if operation.method != "GET" and asks_to_see(question) and not quotes(operation, question):
            return None
        ids = _ids(operation, question.details)
        if operation.method == "GET":
            return Request(operation, query_of(operation, question, today), None, ids)
        return Request(operation, {}, body_of(operation, question, today), ids)

    def _operation(self, kind: str, action: str, question: Question) -> DocumentedOperation | None:
        wanted = {
            CREATE: OperationKind.CREATE, UPDATE: OperationKind.UPDATE, "shorten": OperationKind.UPDATE,
            HISTORY: OperationKind.OBJECT_EVENTS, PAST: OperationKind.GET, PAY: OperationKind.ACTION,
            REVERSE: OperationKind.ACTION, REFUND: OperationKind.ACTION,
            **dict.fromkeys(STATUS_ACTIONS, OperationKind.UPDATE),
        }.get(action)  # fmt: skip
        if wanted is None:
            wanted = OperationKind.GET if question.is_single else OperationKind.LIST
        of_kind = [each for each in self._operations.values() if each.resource and each.resource.aggregate.kind == kind]
        if wanted is OperationKind.GET or action == SEE:
            pdf = next((each for each in of_kind if each.path.endswith("/pdf")), None)
            if pdf is not None and _asks_for_pdf(question):
                return pdf
        if wanted is OperationKind.ACTION:
            ending = {REVERSE: "/reversal", REFUND: "/refunds"}.get(action, "/payments")
            return next((each for each in of_kind if each.path.endswith(ending)), None)
        return next((each for each in of_kind if each.kind is wanted), None)


def asks_to_see(question: Question) -> bool:
    """Return whether the question asks to see something, and for no change."""
    action = question.intent.action
    return action in (SEE, HISTORY, PAST) or (action is None and not SHOWS.isdisjoint(_keys(question)))


def _keys(question: Question) -> set[str]:
    return {word.key for word in question.reading.words}


def quotes(operation: DocumentedOperation, question: Question) -> bool:
    """Return whether the question has the method of the operation, or its title, as they are written."""
    route = question.reading.route
    return (
        route is not None and route[0] == operation.method
    ) or operation.title.lower() in question.reading.plain.lower()


def _asks_for_pdf(question: Question) -> bool:
    """Return whether the question, or the thread from which it takes its kind of object, is about a PDF."""
    return "pdf" in question.terms or ("pdf" in question.context and not named_kinds(question.reading))


def _asks_for_events(question: Question) -> bool:
    """Return whether the question asks for the log of events, or goes on from one that does."""
    if question.intent.action not in (SEE, None) or question.is_single:
        return False
    if "event" in question.terms:
        return question.intent.is_explicit or "poll" in question.terms
    narrows = "only" in question.terms or not named_kinds(question.reading)
    return question.before is not None and narrows and _asks_for_events(question.before)


def _names_object(question: Question) -> bool:
    """Return whether the question names one object by its id: without a word for a change it asks about this object."""
    kinds, kind = question.reading.kinds, question.intent.kind
    return kind is not None and kinds.prefixes[kind] in question.details.ids


def _selects(details: Details) -> bool:
    selection = details.selection
    named = (
        selection.statuses,
        selection.is_overdue,
        details.name,
        selection.limit,
        details.days,
        details.instant,
        details.gstin,
    )
    return any(named)


def _ids(operation: DocumentedOperation, details: Details) -> dict[str, str]:
    """Return the ids of the path that the question names. The example of each parameter shows its prefix."""
    wanted = {
        each["name"]: str(each["example"]).partition("_")[0] for each in operation.parameters if each["in"] == "path"
    }
    return {name: details.ids[prefix] for name, prefix in wanted.items() if prefix in details.ids}
