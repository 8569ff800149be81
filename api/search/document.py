"""Finds the fields and the parameters in the OpenAPI document, each with the operations that explain it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from api.openapi.reader import DocumentOperation, Node, resolve

_CIRCUMSTANCES = re.compile(
    "^(Draft|Update|Request|Record|Reverse|New|Issue|Create|Changed|Managed|Rotate)|(Summary|Facts|Report|WithSecret)$"
)
"""What the title of a schema says besides the object that it describes."""


class Field(NamedTuple):
    """A field of an object, and the operation that explains it."""

    owner: str
    """The object, in words, such as `line item`."""
    name: str
    description: str
    operation: DocumentOperation
    section: str
    """The section of the operation's page that explains the field: `body` or `response`."""


def fields_of(document: Node, operations: Sequence[DocumentOperation]) -> Iterator[Field]:
    """Yield each field of each object once, with an operation that accepts the field, or otherwise returns it."""
    seen = set()
    for operation in sorted(operations, key=_explains_fields):
        sent = [("body", schema) for schema in _body(operation.node)]
        returned = [("response", schema) for schema in _data(document, operation.node)]
        for section, schema in [*sent, *returned]:
            for owner, name, description in _properties(document, schema):
                if (owner, name) not in seen:
                    seen.add((owner, name))
                    yield Field(owner, name, description, operation, section)


def parameters_of(
    document: Node, operations: Sequence[DocumentOperation]
) -> list[tuple[str, str, list[DocumentOperation]]]:
    """Return the name and the description of each parameter, and the operations that accept the parameter."""
    found: dict[str, tuple[str, list[DocumentOperation]]] = {}
    for operation in operations:
        for each in (*operation.shared, *operation.node.get("parameters", ())):
            parameter = resolve(document, each)
            found.setdefault(parameter["name"], (parameter["description"], []))[1].append(operation)
    return [(name, *entry) for name, entry in found.items()]


def _explains_fields(operation: DocumentOperation) -> tuple[bool, bool, int]:
    """Return the sort key of an operation. Of the operations with a field, the first one explains the field: operations
    with a body come first, lists of events last, and short paths before long paths."""
    return "requestBody" not in operation.node, operation.path.endswith("/events"), operation.path.count("/")


def _body(node: Node) -> Iterator[Node]:
    if "requestBody" in node:
        yield node["requestBody"]["content"]["application/json"]["schema"]


def _data(document: Node, node: Node) -> Iterator[Node]:
    """Yield the schema of `data` in the successful response."""
    for status, response in node["responses"].items():
        media = resolve(document, response).get("content", {}).get("application/json")
        if status.startswith("2") and media:
            properties = resolve(document, media["schema"]).get("properties", {})
            if "data" in properties:
                yield properties["data"]


def _properties(document: Node, schema: Node) -> Iterator[tuple[str, str, str]]:
    """Yield the owner, the name and the description of each field of a schema and of the objects in it."""
    title, schema = resolve(document, schema).get("title", ""), resolve(document, schema)
    for branch in (schema.get("items"), *schema.get("anyOf", ())):
        if branch:
            yield from _properties(document, branch)
    owner = _owner(title)
    for name, field in schema.get("properties", {}).items():
        yield owner, name, field.get("description", "")
        yield from _properties(document, field)


def _owner(title: str) -> str:
    """Return the words for what a schema describes: `invoice` for `DraftInvoice` and for `InvoiceSummary`."""
    name = _CIRCUMSTANCES.sub("", title)
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
