"""The read side of employees: the resource, its table, and the filters and sorts of its list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from domain.aggregate import Aggregate, Event
from domain.calendar import Timestamp, instant
from domain.errors.party import DuplicateExternalId
from domain.metadata import Metadata
from domain.parties.employee import Employee
from domain.text import text_key
from projections.folding.merge import FieldMerge, ReadState
from projections.folding.stored_event import FoldedEvent
from projections.projection import ConstraintConflict
from projections.query.facts import Few
from projections.query.filters import INSTANT, TEXT, Exact, From, OneOf
from projections.query.listing import Listing
from projections.query.metadata import pair_keys
from projections.query.search import Search, search_columns
from projections.restored import RestoredProjection
from projections.views.display import DisplayFields, one_of

_encode = msgspec.json.Encoder().encode


class EmployeeRow(msgspec.Struct, rename="camel", kw_only=True):
    """An employee as the API shows it."""

    id: str
    status: Annotated[str, one_of(Employee.transitions())]
    name: str | None
    email: str | None
    external_id: str | None
    joined_on: date | None
    left_on: date | None
    metadata: Metadata | None = msgspec.field(default_factory=dict)
    created_at: Timestamp
    updated_at: Timestamp
    version: int
    erased: bool | UnsetType = UNSET
    available_actions: tuple[Annotated[str, one_of(Employee.all_actions())], ...]


_decode = msgspec.json.Decoder(EmployeeRow).decode
_MERGE = FieldMerge(EmployeeRow, Employee.event_classes())


class EmployeeProjection(RestoredProjection[EmployeeRow]):
    name: ClassVar[str] = "employees"
    table: ClassVar[str] = "employees"
    view: ClassVar[str] = "employee_list"
    kind: ClassVar[str] = Employee.kind
    aggregate: ClassVar[type[Aggregate]] = Employee
    restored_from: ClassVar[tuple[str, ...]] = ("summary",)
    entry_type: ClassVar[type[msgspec.Struct]] = EmployeeRow
    display: ClassVar[DisplayFields] = DisplayFields(
        name=("name", "external_id"), detail=("external_id", "id"), template="{noun} {name}"
    )
    version: ClassVar[int] = 1
    columns: ClassVar[tuple[str, ...]] = (
        "status",
        "name_key",
        "external_id",
        "search",
        "created_at",
        "updated_at",
        "version",
        "summary",
        "beginnings",
        "metadata_keys",
    )

    def fold(self, row: EmployeeRow | None, event: Event) -> EmployeeRow:
        at = instant(event.timestamp)
        if row is None:
            base: dict[str, Any] = {
                "id": event.originator_id,
                "created_at": at,
                "updated_at": at,
                "version": 1,
                "available_actions": (),
            }
            row = EmployeeRow(**base, **event.changes())
        else:
            for name, value in event.changes().items():
                setattr(row, name, value)
        row.updated_at, row.version = at, event.originator_version
        if event.erased is not UNSET:
            row.erased = event.erased
        row.available_actions = Employee.actions(row.status)
        return row

    def fold_merged(self, events: Sequence[FoldedEvent], read_state: ReadState) -> EmployeeRow | None:
        merged = _MERGE.merge(events, read_state)
        if merged is None:
            return None
        row = merged.row
        row.available_actions = Employee.actions(row.status)
        return row

    def values(self, row: EmployeeRow) -> tuple[Any, ...]:
        texts, beginnings = search_columns((row.name, row.external_id), (row.email,))
        return (
            row.status,
            text_key(row.name or ""),
            row.external_id,
            texts,
            row.created_at,
            row.updated_at,
            row.version,
            _encode(row).decode(),
            beginnings,
            pair_keys(row.metadata),
        )

    def to_json(self, row: EmployeeRow) -> bytes:
        return _encode(row)

    def restore(self, *stored: Any) -> EmployeeRow:
        (summary,) = stored
        return _decode(summary)

    def shown(self, row: EmployeeRow) -> EmployeeRow:
        return row

    def conflict(self, constraint: str, org_id: str, row: EmployeeRow) -> ConstraintConflict | None:
        external_id = row.external_id
        if external_id is None or not constraint.startswith("employees_external_id"):
            return None
        other = (f"SELECT id FROM {self.view} WHERE org_id = %s AND external_id = %s", (org_id, external_id))
        return ConstraintConflict(other, lambda id: DuplicateExternalId(Employee.noun, external_id, id))


EMPLOYEES = EmployeeProjection()

EMPLOYEE_LIST = Listing(
    view=EMPLOYEES.view,
    filters={
        "status": OneOf("status", tuple(Employee.transitions())),
        "externalId": Exact("external_id", 64),
        "search": Search(),
        "updatedSince": From("updated_at", INSTANT),
    },
    sorts={
        "createdAt": ("created_at", INSTANT),
        "updatedAt": ("updated_at", INSTANT),
        "name": ("name_key", TEXT),
    },
    metadata="metadata_keys",
    same_plan={"createdAt": ("status",), "updatedAt": ("updatedSince",)},
    facts=(Few("externalId"), Few("search")),
)
