"""The fields of bodies, objects and parameters, as the OpenAPI document has them, and what is said about each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from api.assistant.knowledge.library import Library
from api.assistant.knowledge.operations import DocumentedOperation, Node
from api.assistant.reading.thread import Question
from api.assistant.reading.words import meaning_of

ASKS_REQUIRED = frozenset(("required", "optional"))
_OTHER_SCHEMAS = {"Account": "getAccount", "Usage": "getUsage", "Pagination": "listInvoices"}
"""By the name of a schema: an operation that returns it, if the name does not tell."""


class Field(NamedTuple):
    """A field of a body or of an object."""

    name: str
    operation: str
    schema: Node
    is_required: bool
    is_of_body: bool

    @property
    def words(self) -> frozenset[str]:
        """The words of its name: `due` and `date` of `dueDate`, or their meanings."""
        return _words_of(self.name)


@cache
def _words_of(name: str) -> frozenset[str]:
    parts = re.findall(r"[a-z]+|[A-Z][a-z]*", name)
    return frozenset(meaning_of(part.lower()) or part.lower() for part in parts)


def fields_of(operation: DocumentedOperation, library: Library) -> list[Field]:
    """Return the fields of the body of an operation, also those of its items."""
    return [*parts_of(operation.body or {}, operation.id, library.document, is_of_body=True)]


@lru_cache(maxsize=1)
def all_fields(library: Library) -> tuple[Field, ...]:
    """Return the fields of all bodies, objects and parameters. They are the same for each question."""
    return tuple(_found(library))


def _found(library: Library) -> Iterator[Field]:
    for operation in library.operations.values():
        if operation.body is not None and operation.id != "askAssistant":
            yield from parts_of(operation.body, operation.id, library.document, is_of_body=True)
    for name, schema in library.document["components"]["schemas"].items():
        own = f"get{name.removesuffix('Summary')}"
        operation_id = own if own in library.operations else _OTHER_SCHEMAS.get(name, "listEvents")
        yield from parts_of(schema, operation_id, library.document, is_of_body=False)
    for each in library.operations.values():
        for parameter in each.parameters:
            schema = {**parameter.get("schema", {}), "description": parameter.get("description", "")}
            yield Field(parameter["name"], each.id, schema, False, False)


def parts_of(schema: Node, operation: str, document: Node, *, is_of_body: bool) -> Iterator[Field]:
    """Yield the fields of a schema, also those of the objects in its lists."""
    for name, field in schema.get("properties", {}).items():
        yield Field(name, operation, field, name in schema.get("required", ()), is_of_body)
        items = field.get("items", {})
        reference = items.get("$ref", "").rpartition("/")[2]
        inner = document["components"]["schemas"].get(reference, items)
        if inner.get("properties"):
            yield from parts_of(inner, operation, document, is_of_body=is_of_body)


def describe_field(field: Field, question: Question) -> str:
    """Return what the reference says about a field, and whether it is required when the question asks so."""
    facts = [*_facts(field.schema)]
    if field.is_of_body:
        facts.append("required" if field.is_required else "optional")
    about = str(field.schema.get("description", "")).strip()
    if field.is_of_body and question.terms & ASKS_REQUIRED:
        answer = "Yes" if field.is_required != ("optional" in question.terms) else "No"
        return f"{answer}, `{field.name}` is {facts.pop()}: {'; '.join(facts)}. {about}".replace(": . ", ". ")
    return f"`{field.name}`: {'; '.join(facts)}. {about}" if facts else f"`{field.name}`: {about}"


def _facts(schema: Node) -> Iterator[str]:
    if choices := [each for each in schema.get("enum", ()) if each]:
        choices_text = ", ".join(f"`{choice}`" for choice in choices[:8])
        yield f"one of {choices_text}" + (f" and {len(choices) - 8} more" if len(choices) > 8 else "")
    if "maxLength" in schema:
        yield f"{schema.get('minLength', 0)} to {schema['maxLength']} characters"
    if "maxItems" in schema:
        yield f"{schema.get('minItems', 0)} to {schema['maxItems']} entries"
    if schema.get("format") == "date":
        yield "a calendar date, `YYYY-MM-DD`"
    for number in (each for each in schema.get("anyOf", ()) if each.get("type") == "number"):
        low = (
            f"above {number['exclusiveMinimum']}"
            if "exclusiveMinimum" in number
            else f"at least {number.get('minimum', 0)}"
        )
        high = f", at most {number['maximum']}" if "maximum" in number else ""
        yield f"a decimal, {low}{high}"
    if "default" in schema:
        yield f"`{schema['default']}` when it is left out"
