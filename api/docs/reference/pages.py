"""The data of each operation for the pages of the API reference, read from the OpenAPI document."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from markupsafe import Markup

from api.docs.guide_tabs import Tab, language_tab, render_tabs
from api.docs.reference.diagram import status_diagram
from api.docs.reference.rows import FieldRow, field_rows, parameter_rows
from api.openapi.reader import DocumentOperation, Node, keys_of, operations_of, resolve
from api.openapi.statuses import Status, statuses_of
from api.openapi.tags import tag_descriptions
from api.operation import Operation
from api.pages.markdown import highlight_code, html_renderer, safe_html
from api.samples.languages import LANGUAGES
from domain.registry import AGGREGATES

PATH = "/docs/operations"
_PLACES = ("path", "query", "header")
_RENDERER = html_renderer()


class Statuses(NamedTuple):
    """What a page shows of the statuses of a kind of object: a diagram, and a row for each status."""

    name: str
    diagram: Markup
    rows: Sequence[Status]


class OperationPage(NamedTuple):
    """The data that the page of an operation shows."""

    id: str
    tag: str
    method: str
    address: str
    """The path of the operation, with the base path of the API."""
    anchor: str
    """The anchor of the operation on the page `/docs`."""
    title: str
    description: Markup
    summary: str
    """The first sentence of the description, without markup."""
    scopes: tuple[str, ...]
    needs_key: bool
    keys: str
    """Which keys may call the operation, if it needs no scope."""
    credits: int
    parameters: Mapping[str, list[FieldRow]]
    """The parameters by their place: `path`, `query` and `header`."""
    body: Sequence[FieldRow]
    answer: Sequence[FieldRow]
    """The fields of `data` in the response."""
    is_list: bool
    status: str
    """The HTTP status of a success."""
    errors: Mapping[str, Sequence[str]]
    """The error codes by HTTP status."""
    samples: Markup
    """The example request in each language, as tabs."""
    example: Markup | None
    """The example of a response; None if the document has none."""

    @property
    def path(self) -> str:
        """The address of the operation's own page."""
        return f"{PATH}/{self.id}"


class OperationGroup(NamedTuple):
    """The operations under one tag."""

    tag: str
    description: Markup
    statuses: Statuses | None
    operations: Sequence[OperationPage]


def operation_groups(document: Node, base: str, operations: Sequence[Operation]) -> list[OperationGroup]:
    """Return the operations of the document by tag. `operations` are their declarations."""
    pages = [_page(document, base, each) for each in operations_of(document)]
    kinds = {each.tag: each.resource_type for each in operations if each.resource_type is not None}
    return [
        OperationGroup(
            tag,
            safe_html(_RENDERER.render(text)),
            _statuses(tag, kinds[tag]) if tag in kinds else None,
            [page for page in pages if page.tag == tag],
        )
        for tag, text in tag_descriptions(operations).items()
    ]


def _statuses(tag: str, kind: str) -> Statuses | None:
    rows = statuses_of(tag, AGGREGATES[kind])
    return Statuses(kind, status_diagram(rows, kind), rows) if rows else None


def _page(document: Node, base: str, operation: DocumentOperation) -> OperationPage:
    node = operation.node
    text = str(node["description"]).rpartition("\n\n")[0]  # without the sentence about scope and credits
    status, success = next((status, each) for status, each in node["responses"].items() if status.startswith("2"))
    media = success["content"].get("application/json", {"schema": {}})
    envelope = resolve(document, media["schema"]).get("properties", {})
    return OperationPage(
        id=operation.id,
        tag=operation.tag,
        method=operation.method,
        address=f"{base}{operation.path}",
        anchor=operation.anchor,
        title=node["summary"],
        description=safe_html(_RENDERER.render(text)),
        summary=_first_sentence(text),
        scopes=operation.scopes,
        needs_key=node.get("security") != [],
        keys=keys_of(node),
        credits=node["x-credits"],
        parameters=_parameters(document, operation),
        body=() if operation.body is None else field_rows(document, operation.body["schema"]),
        answer=field_rows(document, envelope["data"]) if "data" in envelope else (),
        is_list="pagination" in envelope,
        status=status,
        errors=_errors(document, node),
        samples=safe_html(render_tabs("language", _samples(node), "sample")),
        example=_json(media["example"]) if "example" in media else None,
    )


def _parameters(document: Node, operation: DocumentOperation) -> dict[str, list[FieldRow]]:
    parameters = [resolve(document, each) for each in (*operation.shared, *operation.node["parameters"])]
    return {place: parameter_rows(each for each in parameters if each["in"] == place) for place in _PLACES}


def _errors(document: Node, node: Node) -> dict[str, list[str]]:
    failures = {status: resolve(document, each) for status, each in node["responses"].items() if int(status) >= 400}
    return {status: list(each["content"]["application/json"]["examples"]) for status, each in failures.items()}


def _samples(node: Node) -> list[Tab]:
    return [
        language_tab(language, sample["source"])
        for language, sample in zip(LANGUAGES.values(), node["x-codeSamples"], strict=True)
    ]


def _json(value: Any) -> Markup:
    return safe_html(highlight_code(json.dumps(value, ensure_ascii=False, indent=2), "json"))


def _first_sentence(text: str) -> str:
    first, dot, _ = text.replace("`", "").replace("\n", " ").partition(". ")
    return f"{first}{'.' if dot else ''}"
