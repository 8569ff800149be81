"""What the API offers of one kind of object, declared once: its routes, operations, types and scopes."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from api.events import EVENT, EVENTS_QUERY, EventsPagination
from api.http.envelope import Pagination
from api.http.parameters import MOMENT
from api.operation import Operation, OperationKind, ResponseType
from commands.command import Command
from domain.aggregate import Aggregate
from projections.query.listing import Listing


class Action(NamedTuple):
    """A POST below the object's own path, such as recording a payment."""

    path: str
    """The path below the object's: `payments`. A parameter in it has the name of a field of the command."""
    id: str
    """The operation's id: `recordInvoicePayment`."""
    command: type[Command]


class ResourceType(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of object: `/{path}`, `/{path}/{id}`, `/{path}/{id}/events` and its actions."""

    path: str
    tag: str
    """The group of its operations in the API reference."""
    schema: str
    """The name of the resource's schema, and the noun in its operations' ids."""
    aggregate: type[Aggregate]
    listing: Listing
    shown: type[msgspec.Struct]
    """The type of an entry in the list."""
    details: type[msgspec.Struct] | None = None
    """Fields that a single object has in addition; a list has them with `include`."""
    create: type[Command]
    update: type[Command]
    actions: tuple[Action, ...] = ()

    @property
    def entry(self) -> ResponseType:
        """The type of an entry in a list."""
        if self.details is None:
            return self.whole
        return ResponseType(f"{self.schema}Summary", (self.shown,), (self.details,))

    @property
    def whole(self) -> ResponseType:
        """The type of one object."""
        structs = (self.shown,) if self.details is None else (self.shown, self.details)
        return ResponseType(self.schema, structs, description=" ".join((self.aggregate.__doc__ or "").split()))

    def list_operation(self) -> Operation:
        return Operation(
            id=f"list{self.tag}",
            tag=self.tag,
            resource_type=self.aggregate.kind,
            kind=OperationKind.LIST,
            response=self.entry,
            envelope=f"{self.schema}List",
            pagination=Pagination,
            query=self.listing.query_parameters(),
            scope=self.aggregate.read_scope,
            admits_with_request=True,
        )

    def get_operation(self) -> Operation:
        return Operation(
            id=f"get{self.schema}",
            tag=self.tag,
            resource_type=self.aggregate.kind,
            kind=OperationKind.GET,
            response=self.whole,
            envelope=f"{self.schema}Answer",
            query=MOMENT,
            scope=self.aggregate.read_scope,
            admits_with_request=True,
        )

    def create_operation(self) -> Operation:
        return self._write(f"create{self.schema}", OperationKind.CREATE, self.create)

    def update_operation(self) -> Operation:
        return self._write(f"update{self.schema}", OperationKind.UPDATE, self.update)

    def action_operation(self, action: Action) -> Operation:
        return self._write(action.id, OperationKind.ACTION, action.command)

    def events_operation(self) -> Operation:
        return Operation(
            id=f"list{self.schema}Events",
            tag=self.tag,
            resource_type=self.aggregate.kind,
            kind=OperationKind.OBJECT_EVENTS,
            response=EVENT,
            envelope="EventList",
            pagination=EventsPagination,
            query=EVENTS_QUERY,
            scope=self.aggregate.read_scope,
        )

    def _write(self, id: str, kind: OperationKind, command: type[Command]) -> Operation:
        return Operation(
            id=id,
            tag=self.tag,
            resource_type=self.aggregate.kind,
            kind=kind,
            response=self.whole,
            envelope=f"{self.schema}Answer",
            body=command,
            scope=self.aggregate.write_scope,
            admits_with_request=True,
        )
