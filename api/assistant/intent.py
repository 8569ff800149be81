"""The intent of a question: whether it asks to read or to change, the body of the change, the filters of the list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from api.assistant.knowledge.intent_words import CHANGE_WORDS, CHOICE_WORDS, FIELD_WORDS, FILTER_WORDS, STATUS_WORDS
from api.assistant.knowledge.operations import DocumentedOperation, Node
from api.assistant.question import Question
from api.operation import OperationKind
from projections.query.filters import QueryParameter

_LIST_FACTOR = 2.0
"""The factor on the score of a list operation, when the question asks to read something."""
_CHANGE_FACTOR = 0.1
"""The factor on the score of a changing operation, when the question asks to read something."""
_OTHER_FIELD_FACTOR = 0.1
"""The factor on the score of an update operation that lacks the field that the question names."""
_READ_FACTOR = 0.5
"""The factor on the score of a reading operation, when the question asks to change something."""


def body_for(operation: DocumentedOperation, words: Sequence[str]) -> Node | None:
    """Return the body of the operation's example with the values that the words name; None without a body.

    For an update operation, if the words name a field or a status to change, return a body with only that change.
    """
    if operation.example is None or operation.body is None:
        return None
    if "status" not in operation.example:
        return operation.example | _choices(operation.body, words)
    return _field_change(operation.body, words) or _status_change(operation, words) or operation.example


def filters_for(operation: DocumentedOperation, words: Sequence[str]) -> dict[str, str]:
    """Return the filters that the words name, as query parameters of the operation with their values.

    The result is empty for an operation that is not a list.
    """
    if operation.resource is None or operation.kind is not OperationKind.LIST:
        return {}
    parameters = operation.resource.listing.query_parameters()
    named = [FILTER_WORDS.get(word, word).split() for word in words]
    named.sort(key=len, reverse=True)  # "unpaid" is more specific than "open" or "sent"
    filters: dict[str, str] = {}
    for values in named:
        for name, value in _filters(parameters, values).items():
            filters.setdefault(name, value)
    return filters


def reading_factor(operation: DocumentedOperation, question: Question) -> float:
    """Return the factor on the operation's score. It depends on whether the question asks to read or to change."""
    changes = operation.kind is not OperationKind.QUESTION and operation.method != "GET"
    if question.is_about_reading:
        is_list = operation.kind is OperationKind.LIST and "history" not in question.words
        return _CHANGE_FACTOR if changes else _LIST_FACTOR if is_list else 1
    if operation.kind is OperationKind.UPDATE and _lacks_field(operation, question.words):
        return _OTHER_FIELD_FACTOR
    return _READ_FACTOR if question.is_about_writing and not changes else 1


def _field_change(schema: Node, words: Sequence[str]) -> Node | None:
    if CHANGE_WORDS.isdisjoint(words):
        return None
    changes = (body for named, body in FIELD_WORDS if not named.isdisjoint(words))
    return next((body for body in changes if schema["properties"].keys() >= body.keys()), None)


def _lacks_field(operation: DocumentedOperation, words: Sequence[str]) -> bool:
    """Return whether the words name a field to change that the operation does not have."""
    if operation.body is None or CHANGE_WORDS.isdisjoint(words):
        return False
    fields = operation.body["properties"]
    parts = {part.lower() for field in fields for part in re.findall(r"[a-z]+|[A-Z][a-z]+", field)}
    named = [(words_of_it, body) for words_of_it, body in FIELD_WORDS if not words_of_it.isdisjoint(words)]
    return any(parts.isdisjoint(words_of_it) and fields.keys().isdisjoint(body) for words_of_it, body in named)


def _choices(schema: Node, words: Sequence[str]) -> Node:
    """Return the values of fields that the words name, by field. Default values are left out."""
    values = {CHOICE_WORDS.get(word, word) for word in words}
    fields = schema["properties"].items()
    named = {name: values.intersection(each.get("enum", ())) - {each.get("default")} for name, each in fields}
    return {name: min(choices) for name, choices in named.items() if choices}


def _status_change(operation: DocumentedOperation, words: Sequence[str]) -> Node | None:
    settable = operation.settable_statuses
    statuses = (status for word in words for status in STATUS_WORDS.get(word, word).split())
    status = next((each for each in statuses if each in settable), None)
    assert operation.example is not None
    return None if status in (None, operation.example["status"]) else {"status": status}


def _filters(parameters: Mapping[str, QueryParameter], values: Sequence[str]) -> dict[str, str]:
    """Return the parameters that accept one of these values, and the boolean parameters with one of these names."""
    flags = {
        name: "true" for name, each in parameters.items() if name in values and each.schema.get("type") == "boolean"
    }
    choices = {
        name: ",".join(choice for choice in each.choices if choice in values) for name, each in parameters.items()
    }
    return flags | {name: value for name, value in choices.items() if value}
