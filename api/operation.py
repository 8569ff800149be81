"""The declaration of an operation: what one method of a path accepts and returns.

A resource declares its operations beside its responders. Authentication, the OpenAPI document, the Postman collection
and the assistant read these declarations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import NamedTuple

import msgspec

from commands.command import Command
from domain.errors import DomainError
from projections.query.filters import QueryParameter

JSON = "application/json"


class KindFacts(NamedTuple):
    """The facts that all operations of one kind share."""

    status: int = 200
    """The HTTP status of a successful response."""
    response: str = "Success."
    """The description of a successful response."""
    request_headers: tuple[str, ...] = ()
    """The headers that a request may have, without X-Request-Id."""
    response_headers: tuple[str, ...] = ()
    """The headers of a successful response, without X-Request-Id and the rate-limit headers."""
    needs_object: bool = False
    """Whether the path contains the id of an object, so that the status 404 is possible."""


class OperationKind(Enum):
    """The kinds of operations, by what they do."""

    LIST = "list"
    GET = "get"
    STATE = "state"
    """Returns one object together with facts that change without a new version."""
    CREATE = "create"
    UPDATE = "update"
    ACTION = "action"
    """Changes one object by a POST to a path below it, such as recording a payment."""
    DELETE = "delete"
    REQUEST = "request"
    """Asks the service for something that happens soon, such as another attempt."""
    OBJECT_EVENTS = "object events"
    """Lists the events of one object."""
    FILE = "file"
    """Returns one object as a file, such as a PDF."""
    OBJECT_PART = "object part"
    """Returns or ends one thing that belongs to an object."""
    OBJECT_LIST = "object list"
    """Lists what belongs to one object."""
    REPORT = "report"
    """Returns facts about the account or the service."""
    QUESTION = "question"
    """Asks the assistant, which changes no data. The number of questions from each client address is limited."""


_PAGE = KindFacts(response="A page of the list.", response_headers=("Link",))
_WRITE_HEADERS = ("Idempotency-Key", "If-Match")
_WRITTEN_HEADERS = ("ETag", "Position", "Idempotent-Replayed")

FACTS: Mapping[OperationKind, KindFacts] = {
    OperationKind.LIST: _PAGE,
    OperationKind.GET: KindFacts(
        response="The object.", request_headers=("If-None-Match",), response_headers=("ETag",), needs_object=True
    ),
    OperationKind.FILE: KindFacts(
        response="The file.",
        request_headers=("If-None-Match",),
        response_headers=("ETag", "Content-Disposition"),
        needs_object=True,
    ),
    OperationKind.CREATE: KindFacts(
        status=201,
        response="The created object.",
        request_headers=("Idempotency-Key",),
        response_headers=("Location", *_WRITTEN_HEADERS),
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
    OperationKind.STATE: KindFacts(response="The object.", response_headers=("ETag",), needs_object=True),
    OperationKind.DELETE: KindFacts(
        response="What was deleted.",
        request_headers=_WRITE_HEADERS,
        response_headers=("Position", "Idempotent-Replayed"),
        needs_object=True,
    ),
    OperationKind.REQUEST: KindFacts(status=202, response="What was asked for.", needs_object=True),
    OperationKind.OBJECT_EVENTS: _PAGE._replace(needs_object=True),
    OperationKind.OBJECT_PART: KindFacts(needs_object=True),
    OperationKind.OBJECT_LIST: _PAGE._replace(needs_object=True),
    OperationKind.REPORT: KindFacts(),
    OperationKind.QUESTION: KindFacts(),
}


class ResponseType(NamedTuple):
    """The type of `data` in a response; for a list, the type of an entry. The OpenAPI document has a schema for it."""

    name: str
    """The name of the schema."""
    structs: tuple[type[msgspec.Struct], ...]
    """The Structs that together hold the fields of the schema, in this order."""
    optional_structs: tuple[type[msgspec.Struct], ...] = ()
    """The Structs whose fields a response contains only when the parameter `include` names them."""
    tag: str = ""
    """The tag whose texts describe the fields. If it is empty, the tag of the operation is used."""
    description: str = ""
    """The description of the schema. If it is empty, the docstring of the first Struct is used."""


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """The declaration of an operation. Its texts are in `api/openapi/texts/`, under its tag and its id."""

    id: str
    """The operation's id, such as `listInvoices`. Generated clients use it as the name of a method."""
    tag: str
    """The group of operations to which the operation belongs in the API reference."""
    kind: OperationKind
    response: ResponseType | None
    """The type of `data` in a successful response; None for the OpenAPI document and files, which have no envelope."""
    envelope: str = ""
    """The name of the schema of the whole response; empty for a file."""
    media_type: str = JSON
    """The media type of a successful response. Responses in JSON have an envelope."""
    pagination: type[msgspec.Struct] | None = None
    """The type of `pagination` in the response of a list; None for other operations."""
    query: Mapping[str, QueryParameter] = {}
    """The query parameters by name."""
    body: type[msgspec.Struct] | None = None
    """The type of the body; None without a body."""
    resource_type: str | None = None
    """The kind of object that the operation reads or writes; None for an operation on no kind or on several kinds."""
    scope: str | None = None
    """The scope that the key needs; None if the operation accepts any valid key, or needs no key."""
    any_scope: tuple[str, ...] = ()
    """Scopes of which the key needs at least one. Empty if `scope` says what the key needs."""
    needs_managing_key: bool = False
    """Whether the key must be one that may manage keys. The responder checks it."""
    other_success: tuple[int, str] | None = None
    """A further status of a successful response, and what it means."""
    render: Callable[[bytes], bytes] = bytes
    """Makes `data` of the response from the row that the command has stored."""
    refusals: tuple[type[DomainError], ...] = ()
    """The refusals that can occur although all fields are valid, besides those of the command."""
    public: bool = False
    """Whether the operation needs no key."""
    free: bool = False
    """Whether the operation costs no credit."""
    admits_with_request: bool = False
    """Whether the port that the responder calls admits the caller, in the same round trip to the database as its own
    statements."""
    may_be_behind: bool = False
    """Whether a standby of the database may answer. Then a request can say with `If-Position` what it must have."""
    streams: bool = False
    """Whether clients can request the response as Server-Sent Events."""

    @property
    def facts(self) -> KindFacts:
        return FACTS[self.kind]

    @property
    def is_file(self) -> bool:
        """Whether a successful response is a file and no JSON."""
        return self.media_type != JSON

    @property
    def command(self) -> type[Command] | None:
        """The command that is made from the body; None for an operation that changes no object."""
        return self.body if self.body is not None and issubclass(self.body, Command) else None
