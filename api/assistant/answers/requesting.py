"""Answers a question that asks for a request: one sentence, the request, and what may refuse it."""

from __future__ import annotations

from api.assistant.answers.answer import Answer
from api.assistant.answers.requests import Request
from api.assistant.answers.tables.statuses import article_of
from api.assistant.knowledge.operations import DocumentedOperation
from api.assistant.reading.changes import REVERSE, STATUS_ACTIONS
from api.assistant.reading.intent import PAST
from api.assistant.reading.kinds import NOTES
from api.assistant.reading.thread import Question
from api.operation import OperationKind

_OF_EVERY_WRITE = frozenset(
    [
        "validation_failed",
        "unknown_field",
        "read_only_field",
        "idempotency_key_reused",
        "conflict",
        "not_found",
        "precondition_failed",
    ]
)
_FOR_MORE_DAYS = "an approved leave only becomes shorter: request another one for more days"
_MAX_ERRORS = 3
_AFTER_NOTE = (
    " Its invoice or bill is then as it would be without it, and its number stays taken; one of which something "
    "was refunded cannot become void before the refund is reversed."
)
_AFTER_STATUS = {
    "issued": " In the same step, it changes its invoice or bill.",
    "sent": " It only records that you sent it: no e-mail goes out.",
    "open": " It is then owed, and payments can be recorded.",
    "void": " It is for good, and nothing is deleted; with a payment, reverse that first.",
    "approved": " A decision is final.",
    "denied": " A decision is final.",
    "archived": " Nothing is deleted: it stays in the list, no new object can name it, and `active` brings it back.",
    "cancelled": " An approved leave can be cancelled until the day before it begins.",
}


def answer_with(request: Request, question: Question, base: str, origin: str) -> Answer:
    """Return the answer that shows the request. `base` is the path of the API, `origin` the address of the service."""
    operation = request.operation
    address = address_of(request, base)
    is_sure = question.intent.is_explicit and "not" not in question.terms and request.operation.method != "GET"
    yes = "Yes: " if question.terms & {"can", "whether"} and is_sure and not _is_denied(question) else ""
    paragraphs = [f"{yes}{_sentence(request, question, address)}{_which_id(request, question, base)}"]
    if note := note_of(operation, origin):
        paragraphs.append(note)
    return Answer("\n\n".join(paragraphs), (operation.id,), request)


def _is_denied(question: Question) -> bool:
    """Return whether the question asks to delete what can only be archived, or made void."""
    is_of_note = question.intent.kind in NOTES and question.intent.action == "void"
    return (question.intent.action == "archive" or is_of_note) and "delete" in question.terms


def address_of(request: Request, base: str) -> str:
    """Return the method and the address of a request, as code."""
    query = "&".join(f"{name}={value}" for name, value in request.query.items())
    return f"`{request.operation.method} {base}{request.path}{'?' if query else ''}{query}`"


def _sentence(request: Request, question: Question, address: str) -> str:
    operation = request.operation
    sentence = {
        OperationKind.LIST: _of_list,
        OperationKind.GET: _of_object,
        OperationKind.OBJECT_EVENTS: _of_history,
        OperationKind.UPDATE: _of_update,
    }.get(operation.kind) if operation.kind else None  # fmt: skip
    if sentence is not None:
        return sentence(request, question, address)
    if question.intent.action == REVERSE:
        return f"Take the payment back with a reversal and its `reason`, {address}: it stays in the list, uncounted."
    lines = "; `items` has one entry for each line" if _asks_for_lines(request, question) else ""
    return f"{operation.title} with {address}{_named(request)}{lines}."


def _asks_for_lines(request: Request, question: Question) -> bool:
    return "item" in question.terms and "items" in (request.body or {})


def _of_list(request: Request, question: Question, address: str) -> str:
    return f"List {_described(request, request.operation.tag.lower())} with {address}."


_TIMES = {
    "invoice": "`sentAt`, `paidAt` and `voidedAt`",
    "bill": "`openedAt`, `paidAt` and `voidedAt`",
    "leave": "`decidedAt`",
    **dict.fromkeys(("credit_note", "debit_note", "vendor_credit"), "`issuedAt` and `voidedAt`"),
}
"""By kind: the fields that say since when the status is what it is."""


def _of_object(request: Request, question: Question, address: str) -> str:
    resource = request.operation.resource
    noun, kind = (resource.aggregate.noun, resource.aggregate.kind) if resource else ("object", "")
    if question.intent.action == PAST:
        return f"Read the {noun} as it was with {address}: send `asOf` with a time, or `version` with a number."
    when = f", {_TIMES[kind]} since when" if kind in _TIMES else ""
    return f"Read the {noun} with {address}: `status` says where it stands{when}."


def _of_history(request: Request, question: Question, address: str) -> str:
    return f"The history is {address}: each event says what changed, when, and who did it (`actor`)."


def _of_update(request: Request, question: Question, address: str) -> str:
    body, resource = request.body or {}, request.operation.resource
    if _is_denied(question) and resource is not None:
        noun, status = resource.aggregate.noun, STATUS_ACTIONS[question.intent.action or ""]
        return (
            f"No, {article_of(noun)} {noun} is not deleted: set its `status` to `{status}` with {address}."
            f"{_AFTER_NOTE if status == 'void' else _AFTER_STATUS[status]}"
        )
    if question.intent.kind in NOTES and body.get("status") == "void":
        return f"Set `status` to `void` with {address}.{_AFTER_NOTE}"
    if question.intent.action in STATUS_ACTIONS and "status" in body:
        return f"Set `status` to `{body['status']}` with {address}.{_AFTER_STATUS.get(body['status'], '')}"
    if not body or "status" in body:
        return f"{request.operation.title} with {address}."
    if "extend" in question.terms and "endDate" in body:
        return f"Change `endDate` with {address}, while it is pending; {_FOR_MORE_DAYS}."
    return f"Change {', '.join(f'`{name}`' for name in body)} with {address}."


def _described(request: Request, nouns: str) -> str:
    query = request.query
    words = []
    if "status" in query:
        words.append(" or ".join(f"`{status}`" for status in query["status"].split(",")))
    if "overdue" in query:
        words.append("overdue")
    return f"the {nouns} that are {' and '.join(words)}" if words else f"the {nouns}"


def _named(request: Request) -> str:
    body = request.body or {}
    names = [name for name in ("kind", "currency", "dayPart", "type") if name in body]
    return f", {', '.join(f'`{name}` `{body[name]}`' for name in names)}" if names else ""


def _which_id(request: Request, question: Question, base: str) -> str:
    """Say how to find the id, if the question names an object by its number or its client."""
    operation, details = request.operation, question.details
    if "{id}" not in request.path or operation.resource is None:
        return ""
    wanted = details.number or (details.name.text if details.name else None)
    if wanted is None:
        return ""
    return f" Its `id`: `GET {base}/{operation.resource.path}?search={wanted}`."


def note_of(operation: DocumentedOperation, origin: str) -> str:
    """Return which scope the key needs, and for a change, what refuses it."""
    scopes = " or ".join(f"`{scope}`" for scope in operation.scopes)
    scope = f"The key needs the scope {scopes}." if scopes else ""
    codes = [
        code for status in ("409", "422") for code in operation.failures.get(status, ()) if code not in _OF_EVERY_WRITE
    ]
    if operation.method == "GET" or not codes:
        return scope
    links = " or ".join(f"[`{code}`]({origin}/docs/guides/errors#{code})" for code in codes[:_MAX_ERRORS])
    return f"{scope} It may be refused with {links}."
