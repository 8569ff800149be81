"""Whether a field of an invoice or a bill can still change in a status, from the rules of the domain."""

from __future__ import annotations

from collections.abc import Sequence, Set

from api.assistant.answers.answer import Answer
from api.assistant.answers.tables.statuses import article_of
from api.assistant.knowledge.library import Library
from api.assistant.reading.intent import SEE
from api.assistant.reading.thread import Question
from api.resource_type import ResourceType
from domain.document import Document, camel

_CHANGES = frozenset(("update", "delete", "reduce", "extend"))
_LATER = frozenset(("later", "after", "afterwards", "still", "again", "when", "long", "until", "anymore", "baad"))
_ASKS = frozenset(("can", "whether"))
_STATES = (
    ("void", frozenset(("void", "voided"))),
    ("paid", frozenset(("paid",))),
    ("partially_paid", frozenset(("partially_paid",))),
    ("issued", frozenset(("sent", "send", "open", "opened", "opening"))),
)
"""Statuses, each with the words for it; `issued` is `sent` of an invoice and `open` of a bill."""
_WORDS = (
    ("due_date", frozenset(("duedate", "deadline"))),
    ("currency", frozenset(("currency",))),
    ("notes", frozenset(("notes",))),
    ("items", frozenset(("item", "quantity", "unitprice", "description", "tax", "hsn", "total", "price"))),
    ("number", frozenset(("number", "invoicenumber", "billnumber"))),
    ("party", frozenset(("client", "vendor", "clientid", "vendorid", "name"))),
    ("date", frozenset(("date", "invoicedate", "billdate"))),
)
"""Fields, each with the words for it, the surest first. The names of the last three depend on the kind of document."""


def explain_writable(question: Question, library: Library) -> Answer | None:
    """Return whether the field of the question can change in its status, or until when; None for other questions."""
    terms, intent = question.terms, question.intent
    sees = intent.action == SEE and intent.is_explicit
    if sees or terms.isdisjoint(_ASKS) or terms.isdisjoint(_CHANGES):
        return None
    of_kind = (each.resource for each in library.operations.values() if _is_of(each.resource, intent.kind))
    resource = next(of_kind, None)
    state, field = _named(terms, _STATES), _named(terms, _WORDS) or _named(question.context, _WORDS)
    if resource is None or field is None:
        return None
    document = resource.aggregate
    assert issubclass(document, Document)
    if state is None:
        return _when(resource, document, _name_of(field, document)) if _asks_when(question) else None
    status = document.issued_status if state == "issued" else state
    return _answer(resource, document, status, _name_of(field, document))


def _named(terms: Set[str], table: Sequence[tuple[str, frozenset[str]]]) -> str | None:
    return next((name for name, words in table if not words.isdisjoint(terms)), None)


def _asks_when(question: Question) -> bool:
    """Return whether the question asks until when a field can change, and names no value for it."""
    details = question.details
    return not question.terms.isdisjoint(_LATER) and not (details.days or details.ids or details.quoted)


def _when(resource: ResourceType, document: type[Document], field: str) -> Answer:
    statuses = [f"`{each}`" for each in document.transitions() if field in document.writable_fields(each)]
    noun = document.noun
    text = f"`{camel(field)}` of {article_of(noun)} {noun} can change while it is {' or '.join(statuses)}: PATCH it."
    return Answer(f"{text} Later it is refused with 422 `read_only_field`.", _sources(resource))


def _sources(resource: ResourceType) -> tuple[str, ...]:
    return f"update{resource.schema}", "errors#read_only_field"


def _is_of(resource: ResourceType | None, kind: str | None) -> bool:
    return resource is not None and resource.aggregate.kind == kind and issubclass(resource.aggregate, Document)


def _name_of(field: str, document: type[Document]) -> str:
    kind, party = document.kind, "vendor" if "vendor_id" in document.draft_fields else "client"
    return {"number": f"{kind}_number", "party": f"{party}_id", "date": document.date_field}.get(field, field)


def _answer(resource: ResourceType, document: type[Document], status: str, field: str) -> Answer:
    noun, writable = document.noun, document.writable_fields(status)
    names = [f"`{camel(each)}`" for each in sorted(writable)]
    where = f"`{camel(field)}` of {article_of(noun)} {noun} that is `{status}`"
    if field in writable:
        return Answer(f"Yes, {where} can still change: PATCH it. So can {', '.join(names)}.", _sources(resource))
    reverse = "reverse its payments first, then " if status in ("paid", "partially_paid") else ""
    then = "" if status == "void" else f" To correct it, {reverse}make it void and draft a new one."
    return Answer(f"No, {where} can no longer change; only {' and '.join(names)} can.{then}", _sources(resource))
