"""The entries of the search: guides and their sections, errors, operations, fields and parameters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from api.docs.guide_words import GUIDE_WORDS, SECTION_WORDS
from api.docs.guides import Guide, Section
from api.docs.reference.pages import PATH
from api.http.errors.codes import CODES
from api.openapi.reader import DocumentOperation, operations_of
from api.openapi.texts import TEXTS
from api.pages.markdown import parser, plain_text
from api.search.document import fields_of, parameters_of

_PARSER = parser()
_TABLE = re.compile(r"^\|.*\n?", re.MULTILINE)
_STATUS = {code: status for status, codes in CODES.items() for code in codes}
_SUMMARY = 180
"""The maximum number of characters of a summary."""


class Entry(NamedTuple):
    """One entry of the search, such as a section of a guide."""

    kind: str
    """The word for its kind on the page: Guide, Error, Operation, Field or Parameter."""
    title: str
    context: str
    """The place of the entry, such as the title of the guide or the address of the operation."""
    path: str
    summary: str
    words: str
    """Other words by which people search for the entry."""
    text: str
    is_for_operators: bool = False


def all_entries(guides: Sequence[Guide], document: Mapping[str, Any]) -> tuple[Entry, ...]:
    """Return the entries for the guides and for the OpenAPI document."""
    operations = operations_of(document)
    return (
        *(_of_section(guide, section) for guide in guides for section in guide.sections),
        *(_of_operation(operation) for operation in operations),
        *_of_fields(document, operations),
        *_of_parameters(document, operations),
    )


def _of_section(guide: Guide, section: Section) -> Entry:
    path = f"{guide.path}#{section.anchor}" if section.anchor else guide.path
    kind, context, words = "Guide", guide.title, SECTION_WORDS.get(f"{guide.slug}#{section.anchor}", "")
    if not section.anchor:
        context, words = guide.group, GUIDE_WORDS.get(guide.slug, "")
    elif section.heading in _STATUS:
        kind, words = "Error", f"error {_STATUS[section.heading]} {words}"
    text, beginning = _plain(section.text), _plain(_TABLE.sub("", section.text))
    return Entry(kind, section.heading, context, path, _short(beginning), words, text, guide.is_for_operators)


def _of_operation(operation: DocumentOperation) -> Entry:
    texts = TEXTS[operation.tag].operations[operation.id]
    text = _plain(texts.description)
    words = f"{texts.search_words} {operation.tag} {operation.path}"
    address = f"{operation.method} {operation.path}"
    return Entry("Operation", operation.node["summary"], address, page_of(operation), _short(text), words, text)


def _of_fields(document: Mapping[str, Any], operations: Sequence[DocumentOperation]) -> Iterable[Entry]:
    for field in fields_of(document, operations):
        text = _plain(field.description)
        path = f"{page_of(field.operation)}#{field.section}"
        yield Entry("Field", field.name, f"of {field.owner}", path, _short(text), field.owner, text)


def _of_parameters(document: Mapping[str, Any], operations: Sequence[DocumentOperation]) -> Iterable[Entry]:
    for name, description, users in parameters_of(document, operations):
        text = _plain(description)
        titles = [user.node["summary"] for user in users]
        context = ", ".join(titles) if len(titles) < 4 else f"{titles[0]}, and {len(titles) - 1} other operations"
        yield Entry("Parameter", name, context, page_of(users[0]), _short(text), "filter query parameter header", text)


def page_of(operation: DocumentOperation) -> str:
    """Return the path of the operation's page, which shows fields, samples and errors without JavaScript."""
    return f"{PATH}/{operation.id}"


def _plain(markdown: str) -> str:
    """Return the words of a text without its markup and without its code blocks."""
    return " ".join(plain_text(token) for token in _PARSER.parse(markdown) if token.type == "inline")


def _short(text: str) -> str:
    """Return the beginning of a long text, cut off after a whole word."""
    return text if len(text) <= _SUMMARY else f"{text[:_SUMMARY].rpartition(' ')[0].rstrip(',;:')} …"
