"""Reads a finished OpenAPI document: its operations, and what references point to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

Node = Mapping[str, Any]


class DocumentOperation(NamedTuple):
    """An operation of the OpenAPI document."""

    method: str
    path: str
    """The path below the base path, such as `/invoices/{id}`."""
    node: Node
    """The definition of the operation in the document."""
    shared: Sequence[Node]
    """The parameters of all operations of this path."""

    @property
    def id(self) -> str:
        return str(self.node["operationId"])

    @property
    def tag(self) -> str:
        return str(self.node["tags"][0])

    @property
    def anchor(self) -> str:
        """The anchor of the operation on the page of the API reference."""
        return f"tag/{self.tag.lower()}/{self.method}{self.path}"

    @property
    def reference(self) -> str:
        """The address of the operation on the page of the API reference."""
        return f"/docs#{self.anchor}"

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes of which a key needs one; empty if any valid key may call the operation, or it needs no key."""
        return scopes_of(self.node)

    @property
    def is_file(self) -> bool:
        """Whether a successful response is a file and no JSON."""
        success = next(each for status, each in self.node["responses"].items() if status.startswith("2"))
        return "application/json" not in success.get("content", {"application/json": {}})

    @property
    def body(self) -> Node | None:
        """The definition of the JSON body, with its schema and its example; None without a body."""
        body: Node | None = self.node.get("requestBody", {}).get("content", {}).get("application/json")
        return body


def scopes_of(operation: Node) -> tuple[str, ...]:
    """Return the scopes of which a key needs one to call the operation. See `DocumentOperation.scopes`."""
    required = operation.get("x-required-scope")
    return tuple(operation.get("x-any-scope", ())) if required is None else (required,)


def keys_of(operation: Node) -> str:
    """Return in words which keys may call an operation that needs no scope."""
    if operation.get("security") == []:
        return "no key"
    return "managing key" if operation.get("x-needs-managing-key") else "any key"


def operations_of(document: Node) -> list[DocumentOperation]:
    """Return all operations, in the order of the document."""
    return [
        DocumentOperation(method.upper(), path, node, item.get("parameters", ()))
        for path, item in document["paths"].items()
        for method, node in item.items()
        if method != "parameters"
    ]


def resolve(document: Node, node: Node) -> Node:
    """Return the node to which `$ref` points. Return a node without `$ref` unchanged."""
    while "$ref" in node:
        target: Any = document
        for step in str(node["$ref"]).removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node
