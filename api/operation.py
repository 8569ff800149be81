"""What one method of a resource takes and returns. It is declared beside the responder.

Authentication, the OpenAPI document, the Postman collection and the assistant read these declarations.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

import msgspec

from commands.command import Command
from projections.query.filters import QueryParameter


class KindFacts(NamedTuple):
    """What all operations of one kind have in common."""

    status: int = 200
    """The HTTP status of success."""
    response: str = "Success."
    """What the response holds, in words."""
    request_headers: tuple[str, ...] = ()
    """Headers that a request may carry, beyond X-Request-Id."""
    response_headers: tuple[str, ...] = ()
    """Headers of a successful response, beyond X-Request-Id and the rate limit."""
    needs_object: bool = False
    """Whether the path names an object, so that 404 is possible."""


class OperationKind(Enum):
    """What an operation does."""

    LIST = "list"
    GET = "get"
    CREATE = "create"
    UPDATE = "update"
    ACTION = "action"
    """Does something with one object, such as recording a payment."""
    OBJECT_EVENTS = "object events"
    """Lists the events of one object."""
    REPORT = "report"
    """Returns facts about the account or the service."""
    QUESTION = "question"
    """Asks the assistant. It changes nothing; the number of questions from each address is limited."""


_PAGE = KindFacts(response="A page of the list.", response_headers=("Link",))
_WRITE_HEADERS = ("Idempotency-Key", "If-Match")
_WRITTEN_HEADERS = ("ETag", "Idempotent-Replayed")

FACTS: Mapping[OperationKind, KindFacts] = {
    OperationKind.LIST: _PAGE,
    OperationKind.GET: KindFacts(
        response="The object.", request_headers=("If-None-Match",), response_headers=("ETag",), needs_object=True
    ),
    OperationKind.CREATE: KindFacts(
        status=201,
        response="The created object.",
        request_headers=("Idempotency-Key",),
        response_headers=("ETag", "Location", "Idempotent-Replayed"),
    ),
    OperationKind.UPDATE: KindFacts(
        response="The changed object.",
        request_headers=_WRITE_HEADERS,
        response_headers=_WRITTEN_HEADERS,
        needs_object=True,
    ),
    OperationKind.ACTION: KindFacts(
        status=201,
        response="The object after the action.",
        request_headers=_WRITE_HEADERS,
        response_headers=_WRITTEN_HEADERS,
        needs_object=True,
    ),
    OperationKind.OBJECT_EVENTS: _PAGE._replace(needs_object=True),
    OperationKind.REPORT: KindFacts(),
    OperationKind.QUESTION: KindFacts(),
}


class ResponseType(NamedTuple):
    """The type of what `data` holds, or of each of its entries, as a schema of the OpenAPI document."""

    name: str
    """The schema's name."""
    structs: tuple[type[msgspec.Struct], ...]
    """The schema has the fields of these Structs, one after the other."""
    optional_structs: tuple[type[msgspec.Struct], ...] = ()
    """The fields of these Structs are there only when the parameter `include` asks for them."""
    tag: str = ""
    """The tag whose texts describe its fields; empty for the tag of the operation."""
    description: str = ""
    """What it is; empty for the docstring of its first Struct."""


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """The facts of an operation; its texts are in `api/openapi/texts/`, under its tag and id."""

    id: str
    """The name of the method in a generated client: `listInvoices`."""
    tag: str
    """The group of operations that it belongs to in the API reference."""
    kind: OperationKind
    response: ResponseType | None
    """What a successful response holds; None when it is the OpenAPI document, which has no envelope."""
    envelope: str
    """The name of the schema of the whole response."""
    pagination: type[msgspec.Struct] | None = None
    """The type of `pagination`, when `data` is a list."""
    query: Mapping[str, QueryParameter] = {}
    """The query parameters by name."""
    body: type[msgspec.Struct] | None = None
    resource_type: str | None = None
    """The kind of object that it reads or writes; None when there is no single kind."""
    scope: str | None = None
    """The scope that the key needs; None when any valid key may use it."""
    public: bool = False
    """Whether it needs no key."""
    free: bool = False
    """Whether it costs no credit."""
    admits_with_request: bool = False
    """Whether its responder calls a port that admits the caller in the same round trip as its own statements."""
    streams: bool = False
    """Whether the response is sent as Server-Sent Events when the request asks for them."""

    @property
    def facts(self) -> KindFacts:
        return FACTS[self.kind]

    @property
    def command(self) -> type[Command] | None:
        """The command that the body becomes; None for an operation that changes nothing."""
        return self.body if self.body is not None and issubclass(self.body, Command) else None
