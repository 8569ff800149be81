"""The passages that answers are made from: one for each operation of the reference and each section of a guide."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec

from api.assistant.vocabulary import PAGES
from api.docs.guides import Guide, Section
from api.openapi.texts import TEXTS
from api.ports.assistant import Edition, Passage

Node = dict[str, Any]
_CODE = re.compile(r"```.*?```", re.DOTALL)


class Described(msgspec.Struct, frozen=True):
    """An operation of the OpenAPI document, with what it refers to looked up."""

    id: str
    method: str
    path: str
    node: Node
    parameters: tuple[Node, ...]
    body: Node | None
    """The schema of the request's body."""
    example: Node | None
    failures: Mapping[str, tuple[str, ...]]
    """The codes of failures, by status."""

    @property
    def title(self) -> str:
        return str(self.node["summary"])

    @property
    def is_list(self) -> bool:
        """Whether it lists the objects of one kind."""
        return self.method == "GET" and "x-resource-type" in self.node and "{" not in self.path

    @property
    def url(self) -> str:
        """Its place in the reference, below the origin."""
        return f"/docs#tag/{self.node['tags'][0].lower()}/{self.method}{self.path}"


class Part(msgspec.Struct, frozen=True):
    """A section of a guide."""

    guide: Guide
    section: Section

    @property
    def id(self) -> str:
        return f"{self.guide.slug}#{self.section.anchor}" if self.section.anchor else self.guide.slug

    @property
    def title(self) -> str:
        return f"{self.guide.title}: {self.section.heading}" if self.section.anchor else self.guide.title

    @property
    def url(self) -> str:
        return f"{self.guide.path}#{self.section.anchor}" if self.section.anchor else self.guide.path


Source = Described | Part


class Library:
    """Everything that the assistant knows."""

    def __init__(self, document: Node, guides: Sequence[Guide], base: str) -> None:
        self.base = base
        self.operations = {found.id: found for found in _operations(document)}
        self.parts = {
            part.id: part
            for part in (Part(guide, section) for guide in guides for section in guide.sections)
            if guide_is_public(part.guide)
        }

    def source(self, id: str) -> Source:
        """The operation or section of that id."""
        return self.operations[id] if id in self.operations else self.parts[id]

    @cached_property
    def codes(self) -> frozenset[str]:
        """Every error code that has a section in the guide to errors."""
        return frozenset(part.section.anchor for part in self.parts.values() if part.guide.slug == "errors") - {""}

    @cached_property
    def edition(self) -> Edition:
        """What is written into the index."""
        passages = (*map(_of_operation, self.operations.values()), *map(_of_part, self.parts.values()))
        return Edition(hashlib.sha256(msgspec.json.encode(passages)).hexdigest()[:32], passages)


def guide_is_public(guide: Guide) -> bool:
    """Whether it is for those who use the API; the others are for those who run it."""
    return guide.group != "For operators"


def _operations(document: Node) -> Iterator[Described]:
    for path, item in document["paths"].items():
        for method, node in item.items():
            if method != "parameters":
                yield _described(document, path, method.upper(), node, item.get("parameters", []))


def _described(document: Node, path: str, method: str, node: Node, shared: list[Node]) -> Described:
    media = node["requestBody"]["content"]["application/json"] if "requestBody" in node else None
    responses = {status: _followed(document, response) for status, response in node["responses"].items()}
    return Described(
        id=node["operationId"],
        method=method,
        path=path,
        node=node,
        parameters=tuple(_followed(document, each) for each in (*shared, *node["parameters"])),
        body=_followed(document, media["schema"]) if media else None,
        example=media["example"] if media else None,
        failures={
            status: tuple(response["content"]["application/json"]["examples"])
            for status, response in responses.items()
            if int(status) >= 400
        },
    )


def _followed(document: Node, node: Node) -> Node:
    while "$ref" in node:
        found = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


def _of_operation(operation: Described) -> Passage:
    node = operation.node
    names = [each["name"] for each in operation.parameters if each["in"] == "query"]
    fields = list(operation.body["properties"]) if operation.body else []
    return Passage(
        operation.id,
        (
            _spaced(f"{operation.title} {TEXTS[node['tags'][0]].operations[operation.id].said}"),
            f"{node['tags'][0]} {operation.path.replace('/', ' ')}",
            _spaced(node["description"]),
            _spaced(" ".join([*names, *fields])),
        ),
    )


def _of_part(part: Part) -> Passage:
    said = PAGES.get(part.guide.slug, "")
    # Examples say little of what a section is about; those of failures are what people paste.
    text = part.section.text if part.guide.slug == "errors" else _CODE.sub(" ", part.section.text)
    if not part.section.anchor:
        return Passage(part.id, (f"{part.guide.title} {said}", part.guide.summary, _spaced(text), ""))
    return Passage(part.id, (_spaced(part.section.heading), part.guide.title, _spaced(text), ""))


def _spaced(text: str) -> str:
    """Names as words: `dueDate` and `due_date` are also looked for as "due date"."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", text)
    return text if apart == text else f"{text} {apart}"
