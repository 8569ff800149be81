"""Facts about a field that a question names: its form, its limits and its values, from the OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Iterable

from api.assistant.answers.answer import Answer
from api.assistant.answers.tables.field import ASKS_REQUIRED, Field, all_fields, describe_field, fields_of, parts_of
from api.assistant.knowledge.languages.english_words import FIELDS
from api.assistant.knowledge.library import Library
from api.assistant.knowledge.operations import DocumentedOperation
from api.assistant.reading.thread import Question

_ASKING = "maximum minimum length limit format required default decimal meaning what which allow values type long many"
_FACTS = frozenset((*_ASKING.split(), "can"))
_FACTS_OF_ONE = frozenset(
    ("required", "optional", "maximum", "minimum", "length", "long", "limit", "format", "default", "values", "where")
)
_CAMEL = re.compile(r"[a-z][A-Z]")
_A_FIELD = r"(?:field|property|attribute|parameter)"
_CALLED = re.compile(
    rf"\b{_A_FIELD}\s+[\"'`]?([a-z]+)\b|\b(?!the\b|an?\b|this\b|which\b|what\b|each\b)([a-z]+)[\"'`]?\s+{_A_FIELD}\b"
)
"""Matches the name of a field in lower case: "the field days", "the notes field"."""
_WRITTEN = re.compile(r"\b[a-z]+[A-Z]\w*")
_ASKS_WHAT = re.compile(
    r"^\W*what(?:'s| is| are| does)\b(?!.{0,40}\b(?:max|min|longest|largest|differen|format|default|limit|length))"
    r"|\bmean"
    r"|\bkya (?:hai|hota|hoti)|matlab|क्या (?:है|होता|होती)|मतलब",
    re.IGNORECASE,
)
_FIELDS = frozenset(FIELDS.split())


def explain_field(question: Question, library: Library, *, by_name: bool) -> Answer | None:
    """Return an answer that explains the field which the question names; None if the question names no field.

    With `by_name`, only a name as it is written in the API counts, such as `amountSettled`.
    """
    words = question.reading.words
    named = {word.text.lower() for word in words if _CAMEL.search(word.text)}
    named |= {word.key for word in words if word.key in _FIELDS}
    if not by_name and not question.terms & _FACTS:
        return None
    candidates = [
        field
        for field in all_fields(library)
        if ("Webhook" not in field.operation or "webhook" in question.terms)
        if field.name.lower() in named or (not by_name and len(field.words) > 1 and field.words <= question.terms)
    ]
    kind = question.intent.kind or "invoice"
    if "compare" in question.terms and len({field.name for field in candidates}) == 2:
        return _compared(candidates, question)
    best = max(
        candidates,
        key=lambda field: (kind in field.operation.lower(), field.is_of_body, len(field.words)),
        default=None,
    )
    return None if best is None else Answer(describe_field(best, question), (best.operation,))


def explain_named_field(question: Question, library: Library) -> Answer | None:
    """Return an answer about a field that is asked for by its own name; None for other questions.

    Its name is written as the API writes it, such as `paidOn`, or the question asks whether one field is required.
    """
    written = set(_WRITTEN.findall(question.reading.plain))
    if "compare" in question.terms and len(written) > 1:
        return _compared_by_name(written, question, library)
    called = {name for pair in _CALLED.findall(question.reading.plain.lower()) for name in pair if name}
    asks_required = not question.terms.isdisjoint(ASKS_REQUIRED) and question.terms.isdisjoint(
        ("which", "field", "all")
    )
    asks_meaning = bool(written or called) and _ASKS_WHAT.search(question.reading.plain) is not None
    if question.terms & {"idempotency", "scope", "key", "compare", "string"} or not (asks_required or asks_meaning):
        return None
    kind = question.intent.kind or "invoice"
    bodies = [each for each in library.operations.values() if each.resource and each.body is not None]
    fields = [(kind == _kind_of(each), field) for each in bodies for field in fields_of(each, library)]
    found = [pair for pair in fields if pair[1].name in written]
    if not found and called and asks_meaning:
        found = [(kind in each.operation.lower(), each) for each in all_fields(library) if each.name.lower() in called]
    if not found and asks_required:
        found = [(of_kind, field) for of_kind, field in fields if of_kind and field.words <= question.terms]
    if not found:
        return None
    _, best = max(found, key=lambda pair: (pair[0], len(pair[1].words), pair[1].is_required))
    return Answer(describe_field(best, question), (best.operation,))


def _compared_by_name(names: set[str], question: Question, library: Library) -> Answer | None:
    """Return an answer that explains fields that are written as the API writes them; None if one is no field."""
    fields = [field for field in all_fields(library) if field.name in names]
    return _compared(fields, question) if {field.name for field in fields} == names else None


def _kind_of(operation: DocumentedOperation) -> str | None:
    return operation.resource.aggregate.kind if operation.resource else None


def explain_required(operation: DocumentedOperation, question: Question) -> Answer | None:
    """Return which fields of this operation are required, for a follow-up question that asks so; None for others."""
    terms = question.terms
    asks = terms & ASKS_REQUIRED or {"field", "need"} <= terms
    if operation.body is None or not asks or not terms & {"which", "what", "field", "all", "list"}:
        return None
    required = operation.body.get("required", ())
    optional = [name for name in operation.body.get("properties", {}) if name not in required]
    if not required:
        return None
    text = f"Required are {_as_code(required)}." + (f" Optional: {_as_code(optional)}." if optional else "")
    return Answer(text, (operation.id,))


def _as_code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def explain_field_of(operation: DocumentedOperation, question: Question, library: Library) -> Answer | None:
    """Return an answer about the field of this operation that a follow-up question asks for; None if it asks for none.

    One word of a field's name is enough, such as `date` for `paidOn`, because the thread names the request.
    """
    if operation.body is None or not question.terms & _FACTS_OF_ONE or question.terms & {"field", "all"}:
        return None
    fields = fields_of(operation, library)
    found = [field for field in fields if _called(field) & question.terms]
    whole = [field for field in found if field.words <= question.terms]
    if "where" in question.terms and not whole:
        return None
    found = whole or found or [field for field in fields if _called(field) & question.context]
    return Answer(describe_field(found[0], question), (operation.id,)) if len(found) == 1 else None


def find_part(operation: DocumentedOperation, question: Question, library: Library) -> Field | None:
    """Return the field of one word that the question names, of the object that is returned; None without one."""
    name = operation.resource.schema if operation.resource else ""
    schema = library.document["components"]["schemas"].get(name, {})
    fields = parts_of(schema, operation.id, library.document, is_of_body=False)
    found = (each for each in fields if len(each.words) == 1 and each.words <= question.terms)
    return next((each for each in found if "description" in each.schema), None)


def _compared(fields: list[Field], question: Question) -> Answer:
    """Return an answer that explains two fields, one after the other."""
    by_name = {field.name: field for field in sorted(fields, key=lambda field: field.is_of_body)}
    return Answer("\n\n".join(describe_field(field, question) for field in by_name.values()), (fields[0].operation,))


def _called(field: Field) -> frozenset[str]:
    return field.words | ({"date", "day"} if field.schema.get("format") == "date" else frozenset())
