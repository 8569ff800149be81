"""Finds the sources that a question names: an error by its code or status, an operation by its path or title."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from http import HTTPStatus

from api.assistant.knowledge.library import Library, Source
from api.assistant.knowledge.operations import DocumentedOperation
from api.assistant.question import Question


def named_sources(question: Question, library: Library, ranked_sources: Sequence[Source]) -> list[Source]:
    """Return the sources that the question names, the best first. `ranked_sources` are the results of the search."""
    return [
        *_errors(question, library, ranked_sources),
        *_operations_at(question, library),
        *_operations_by_title(question, library),
        *_operations_that_fail(question, ranked_sources),
    ]


def _errors(question: Question, library: Library, ranked_sources: Sequence[Source]) -> list[Source]:
    """Return the section about the error code that the question names.

    If it names only a status, return the section about one of the codes of the status: the one that ranks highest.
    """
    if question.code is not None:
        return [library.sections[f"errors#{question.code}"]]
    if question.status is None:
        return []
    sections = [library.sections[f"errors#{code}"] for code in _codes_of(question.status, library)]
    return [
        *sorted(
            sections, key=lambda each: ranked_sources.index(each) if each in ranked_sources else len(ranked_sources)
        )[:1]
    ]


def _operations_at(question: Question, library: Library) -> Iterator[Source]:
    if question.route is not None:
        method, path = question.route
        for operation in library.operations.values():
            template = re.escape(operation.path).replace(r"\{id\}", "[^/]+")
            if operation.method == method and re.fullmatch(template, path):
                yield operation


def _operations_by_title(question: Question, library: Library) -> list[Source]:
    text = question.text.lower()
    named = [operation for operation in library.operations.values() if operation.title.lower() in text]
    return [*sorted(named, key=lambda operation: len(operation.title), reverse=True)]


def _operations_that_fail(question: Question, ranked_sources: Sequence[Source]) -> Iterator[Source]:
    if question.code is not None or question.status is not None:
        yield from (
            each for each in ranked_sources if isinstance(each, DocumentedOperation) and _can_fail(each, question)
        )


def _can_fail(operation: DocumentedOperation, question: Question) -> bool:
    """Return whether the operation can return the error code or status that the question names."""
    if question.code is not None:
        return any(question.code in codes for codes in operation.failures.values())
    return question.status in operation.failures


def _codes_of(status: str, library: Library) -> list[str]:
    """Return the error codes of a status that have a section in the guide, in the order of the OpenAPI document."""
    documented = (code for each in library.operations.values() for code in each.failures.get(status, ()))
    codes = [*dict.fromkeys(documented)]
    if not codes and int(status) == HTTPStatus.METHOD_NOT_ALLOWED:
        codes = ["method_not_allowed"]
    return [code for code in codes if code in library.codes]
