"""The declaration of a resource type: what the API offers for one kind of object."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from api.events import EVENT, EVENTS_QUERY, EventsPagination
from api.http.adoption import ADOPTION
from api.http.envelope import Pagination
from api.http.parameters import MOMENT
from api.http.pdf import PDF
from api.operation import Operation, OperationKind, ResponseType
from commands.command import Command
from domain.aggregate import Aggregate
from projections.query.listing import Listing
from projections.registry import ROWS


class SubResource(NamedTuple):
    """A path below the path of an object. A POST to it runs a command on the object, such as recording a payment."""

    path: str
    """The path after the object's id: `payments`. A parameter in the path has the name of a field of the command."""
    id: str
    """The id of the operation: `recordInvoicePayment`."""
    command: type[Command]


class ResourceType(msgspec.Struct, frozen=True, kw_only=True):
    """The declaration of one kind of object in the API.

    The API offers the paths `/{path}`, `/{path}/{id}`, `/{path}/{id}/events`, and one path for each sub-resource.
    """

    path: str
    """The first segment of the paths, such as `invoices`."""
    tag: str
    """The group of the operations in the API reference."""
    schema: str
    """The name of the schema of one object, such as `Invoice`. The ids of the operations contain it."""
    aggregate: type[Aggregate]
    listing: Listing
    create: type[Command]
    """The command that a POST to the list runs."""
    update: type[Command]
    """The command that a PATCH of one object runs."""
    sub_resources: tuple[SubResource, ...] = ()
    adopts: bool = False
    """Whether a new object can take over an id that documents name already: the parameter `adopt`."""
    prints: bool = False
    """Whether each object has a PDF, at `/{path}/{id}/pdf`."""

    @property
    def entry(self) -> ResponseType:
        """The type of an object in a list."""
        projection = ROWS[self.aggregate.kind]
        if projection.details_type is None:
            return self.whole
        return ResponseType(f"{self.schema}Summary", (projection.entry_type,), (projection.details_type,))

    @property
    def whole(self) -> ResponseType:
        """The type of one object, with all its fields."""
        description = " ".join((self.aggregate.__doc__ or "").split())
        return ResponseType(self.schema, ROWS[self.aggregate.kind].resource_types, description=description)

    def list_operation(self) -> Operation:
        return Operation(
            id=f"list{self.tag.title().replace(' ', '')}",
            tag=self.tag,
            resource_type=self.aggregate.kind,
            kind=OperationKind.LIST,
            response=self.entry,
            envelope=f"{self.schema}List",
            pagination=Pagination,
            query=self.listing.query_parameters(),
            scope=self.aggregate.read_scope,
            admits_with_request=True,
            may_be_behind=True,
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
            may_be_behind=True,
        )

    def create_operation(self) -> Operation:
        operation = self._write(f"create{self.schema}", OperationKind.CREATE, self.create)
        return msgspec.structs.replace(operation, query=ADOPTION) if self.adopts else operation

    def update_operation(self) -> Operation:
        return self._write(f"update{self.schema}", OperationKind.UPDATE, self.update)

    def sub_resource_operation(self, sub_resource: SubResource) -> Operation:
        return self._write(sub_resource.id, OperationKind.ACTION, sub_resource.command)

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
            admits_with_request=True,
            may_be_behind=True,
        )

    def pdf_operation(self) -> Operation:
        return Operation(
            id=f"get{self.schema}Pdf",
            tag=self.tag,
            resource_type=self.aggregate.kind,
            kind=OperationKind.FILE,
            response=None,
            media_type=PDF,
            query=MOMENT,
            scope=self.aggregate.read_scope,
            admits_with_request=True,
            may_be_behind=True,
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
            may_be_behind=True,
        )
