"""The facts on the landing page. They are read from the OpenAPI document and the samples, so they stay correct."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from api.docs.reference.scalar import SAMPLE_LANGUAGES
from api.openapi.reader import keys_of
from api.openapi.reader import scopes_of as scopes_needed
from api.openapi.texts import request_example

Node = dict[str, Any]

_SHOWN_FIELDS = (
    "id",
    "invoiceNumber",
    "status",
    "invoiceDate",
    "dueDate",
    "subTotal",
    "taxTotal",
    "totalAmount",
    "balanceDue",
)


class Endpoint(NamedTuple):
    """A line of the table of endpoints."""

    method: str
    path: str
    summary: str
    access: str
    """The scope that a key needs. If the operation needs no scope, a text that says which keys may send the request."""
    href: str
    """The link to the operation in the API reference."""


class Figure(NamedTuple):
    """A number and what it counts."""

    number: int
    label: str


def endpoints_by_tag(document: Node) -> dict[str, list[Endpoint]]:
    """Return the endpoints of each tag, in the order of the OpenAPI document. Tags without endpoints are left out."""
    groups: dict[str, list[Endpoint]] = {tag["name"]: [] for tag in document["tags"]}
    for method, path, operation in _operations(document):
        groups[operation["tags"][0]].append(_endpoint(method, path, operation))
    return {tag: endpoints for tag, endpoints in groups.items() if endpoints}


def free_of(document: Node) -> list[Endpoint]:
    """Return the endpoints that need a key and cost no credit, in the order of the OpenAPI document."""
    return [
        _endpoint(method, path, operation)
        for method, path, operation in _operations(document)
        if operation["x-credits"] == 0 and operation.get("security") != []
    ]


def scopes_of(document: Node) -> list[str]:
    """Return the scopes that operations need, in the order of the OpenAPI document."""
    scopes = (operation.get("x-required-scope") for _, _, operation in _operations(document))
    return list(dict.fromkeys(scope for scope in scopes if scope))


def figures_of(document: Node) -> list[Figure]:
    """Return the figures of the landing page: modules, endpoints, scopes and the languages of the samples."""
    groups = endpoints_by_tag(document)
    return [
        Figure(len(groups), "modules"),
        Figure(sum(map(len, groups.values())), "endpoints"),
        Figure(len(scopes_of(document)), "scopes"),
        Figure(SAMPLE_LANGUAGES, "sample languages"),
    ]


def sample_body(day: date) -> Node:
    """Return the body of the sample request: the example of the API reference, dated on this day."""
    return request_example("createInvoice", day)


def sample_answer(document: Node) -> Node:
    """Return the beginning of `data` in the response to the sample request."""
    media = document["paths"]["/invoices"]["post"]["responses"]["201"]["content"]["application/json"]
    return {name: media["example"]["data"][name] for name in _SHOWN_FIELDS}


def _operations(document: Node) -> Iterator[tuple[str, str, Node]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield method.upper(), path, operation


def _endpoint(method: str, path: str, operation: Node) -> Endpoint:
    access = " or ".join(scopes_needed(operation)) or keys_of(operation)
    href = f"/docs#tag/{operation['tags'][0].lower()}/{method}{path}"
    return Endpoint(method, path, operation["summary"], access, href)
