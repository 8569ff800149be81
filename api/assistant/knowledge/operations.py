"""The operations of the OpenAPI document, with all references resolved, and with their resource types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

import msgspec

from api.openapi.reader import scopes_of
from api.openapi.texts import TEXTS
from api.operation import OperationKind
from api.resource_type import ResourceType

Node = dict[str, Any]


class DocumentedOperation(msgspec.Struct, frozen=True):
    """An operation of the OpenAPI document. `node` is its object in the document."""

    id: str
    method: str
    path: str
    node: Node
    parameters: tuple[Node, ...]
    body: Node | None
    """The schema of the request's body; None without a body."""
    example: Node | None
    """The example of the request's body; None without a body."""
    failures: Mapping[str, tuple[str, ...]]
    """The error codes by HTTP status, such as `422`."""
    resource: ResourceType | None
    """The kind of object that the operation is about; None for reports, the event log and the assistant."""

    @property
    def title(self) -> str:
        return str(self.node["summary"])

    @property
    def text(self) -> str:
        """The description, as it is written in `api/openapi/texts`: without the sentences that the document adds."""
        return TEXTS[self.tag].operations[self.id].description

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes of which a key needs one; empty when the operation needs no scope or no key."""
        return scopes_of(self.node)

    @property
    def needs_key(self) -> bool:
        return self.node.get("security") != []

    @property
    def tag(self) -> str:
        return str(self.node["tags"][0])

    @property
    def url(self) -> str:
        """The URL of the operation in the API reference, without the origin."""
        return f"/docs#tag/{self.tag.lower()}/{self.method}{self.path}"

    @property
    def kind(self) -> OperationKind | None:
        """The kind of operation; None for an operation without a resource type, and for operations on payments."""
        if self.resource is None:
            return None
        declared = (
            self.resource.list_operation(),
            self.resource.get_operation(),
            self.resource.create_operation(),
            self.resource.update_operation(),
            self.resource.events_operation(),
        )
        return next((each.kind for each in declared if each.id == self.id), None)

    @property
    def settable_statuses(self) -> tuple[str, ...]:
        """The statuses that the body can set. Other statuses have another cause: a payment sets `paid`."""
        if self.resource is None or self.body is None or "status" not in self.body["properties"]:
            return ()
        return tuple(dict.fromkeys(chain.from_iterable(self.resource.aggregate.transitions().values())))


def read_operations(document: Node, resources: Iterable[ResourceType]) -> dict[str, DocumentedOperation]:
    """Return the operations of the document by their ids."""
    by_kind = {resource.aggregate.kind: resource for resource in resources}
    operations = (_read(document, path, method, by_kind) for path, method in _methods(document))
    return {operation.id: operation for operation in operations}


def _methods(document: Node) -> Iterator[tuple[str, str]]:
    for path, item in document["paths"].items():
        yield from ((path, method) for method in item if method != "parameters")


def _read(document: Node, path: str, method: str, by_kind: Mapping[str, ResourceType]) -> DocumentedOperation:
    item = document["paths"][path]
    node = item[method]
    media = node["requestBody"]["content"]["application/json"] if "requestBody" in node else None
    parameters = (*item.get("parameters", ()), *node["parameters"])
    return DocumentedOperation(
        id=node["operationId"],
        method=method.upper(),
        path=path,
        node=node,
        parameters=tuple(_resolve(document, each) for each in parameters),
        body=_resolve(document, media["schema"]) if media else None,
        example=media["example"] if media else None,
        failures=_failures(document, node),
        resource=by_kind.get(node.get("x-resource-type")),
    )


def _failures(document: Node, node: Node) -> dict[str, tuple[str, ...]]:
    responses = {status: _resolve(document, each) for status, each in node["responses"].items() if int(status) >= 400}
    return {status: tuple(each["content"]["application/json"]["examples"]) for status, each in responses.items()}


def _resolve(document: Node, node: Node) -> Node:
    """Return the node to which `$ref` points; a node without `$ref` is returned as it is."""
    while "$ref" in node:
        target = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node
