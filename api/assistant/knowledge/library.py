"""The library: the sources of the assistant's answers. Each operation and each section of a guide is one source."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import msgspec

from api.assistant.knowledge.operations import DocumentedOperation, Node, read_operations
from api.docs.guide_words import GUIDE_WORDS
from api.docs.guides import Guide, Section
from api.openapi.texts import TEXTS
from api.operation import OperationKind
from api.ports.assistant import Edition, Passage
from api.resource_type import ResourceType

_WORD = re.compile(r"[a-z0-9]+")
_CODE = re.compile(r"```.*?```", re.DOTALL)


class GuideSection(msgspec.Struct, frozen=True):
    """A section of a guide. A section without an anchor is the beginning of the guide."""

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


Source = DocumentedOperation | GuideSection


class Library:
    """The sources of the assistant's answers, by their ids."""

    def __init__(self, document: Node, guides: Sequence[Guide], base: str, resources: Iterable[ResourceType]) -> None:
        self.base, self.document = base, document
        self.operations = read_operations(document, resources)
        self.sections = {
            each.id: each
            for each in (GuideSection(guide, section) for guide in guides for section in guide.sections)
            if is_public(each.guide)
        }

    def source(self, id: str) -> Source:
        """Return the operation or the section with this id."""
        return self.operations[id] if id in self.operations else self.sections[id]

    @cached_property
    def codes(self) -> frozenset[str]:
        """All error codes that have a section in the guide to errors."""
        return frozenset(each.section.anchor for each in self.sections.values() if each.guide.slug == "errors") - {""}

    @cached_property
    def words(self) -> frozenset[str]:
        """All words of the passages, in lower case."""
        fields = (field for passage in self.edition.passages for field in passage.fields)
        return frozenset(word for field in fields for word in _WORD.findall(field.lower()))

    @cached_property
    def object_names(self) -> frozenset[str]:
        """The words that name kinds of objects: the tag of each kind, and the last word of its noun."""
        kinds = {(each.tag, each.resource.aggregate.noun) for each in self.operations.values() if each.resource}
        return frozenset(word for tag, noun in kinds for word in (tag.lower(), noun.split()[-1].lower()))

    @cached_property
    def edition(self) -> Edition:
        """All passages, with a hash that identifies them, as the index stores them."""
        passages = (*map(_operation_passage, self.operations.values()), *map(_section_passage, self.sections.values()))
        return Edition(hashlib.sha256(msgspec.json.encode(passages)).hexdigest()[:32], passages)


def is_public(guide: Guide) -> bool:
    """Return whether the guide is for users of the API. The other guides are for operators of the service."""
    return not guide.is_for_operators


def _operation_passage(operation: DocumentedOperation) -> Passage:
    words = TEXTS[operation.tag].operations[operation.id].search_words or _default_words(operation)
    fields = list(operation.body["properties"]) if operation.body else []
    query = [word for each in operation.parameters if each["in"] == "query" for word in _parameter_words(each)]
    return Passage(
        operation.id,
        (
            _with_spaces(f"{operation.title} {words}"),
            f"{operation.tag} {operation.path.replace('/', ' ')}",
            _with_spaces(operation.node["description"]),
            _with_spaces(" ".join([*query, *fields])),
        ),
    )


def _parameter_words(parameter: Node) -> Iterator[str]:
    """Yield the name of the parameter, and the accepted values that its description lists."""
    yield parameter["name"]
    _, _, values = parameter["description"].partition(" They are: ")
    yield from re.findall(r"`(\w+)`", values)


def _default_words(operation: DocumentedOperation) -> str:
    """Return search words for an operation whose texts declare none, so that questions about a new resource find it."""
    if operation.resource is None or operation.kind is None:
        return ""
    noun = operation.resource.aggregate.noun
    words = {
        OperationKind.LIST: f"list search filter find all {operation.tag}",
        OperationKind.GET: f"get fetch one single {noun} by id",
        OperationKind.CREATE: f"create make add a new {noun}",
        OperationKind.UPDATE: f"edit update change {noun} {' '.join(operation.settable_statuses)}",
        OperationKind.OBJECT_EVENTS: f"history of changes of a single {noun}",
    }
    return words.get(operation.kind, "")


def _section_passage(each: GuideSection) -> Passage:
    # Code says little about the subject of a section, so it is left out. The guide to errors keeps its examples,
    # because people paste such error responses into a question.
    text = each.section.text if each.guide.slug == "errors" else _CODE.sub(" ", each.section.text)
    if each.section.anchor:
        return Passage(each.id, (_with_spaces(each.section.heading), each.guide.title, _with_spaces(text), ""))
    words = GUIDE_WORDS.get(each.guide.slug, "")
    return Passage(each.id, (f"{each.guide.title} {words}", each.guide.summary, _with_spaces(text), ""))


def _with_spaces(text: str) -> str:
    """Append the text with names split into words, so that a search for "due date" finds `dueDate` and `due_date`."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", text)
    return text if apart == text else f"{text} {apart}"
