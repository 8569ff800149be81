"""The read side of employees: the resource, its table, and the filters and sorts of its list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from domain.aggregate import Aggregate, Event
from domain.calendar import Timestamp
from domain.errors.party import DuplicateExternalId
from domain.metadata import Metadata
from domain.parties.employee import Employee
from domain.text import text_key
from projections.parties.both_ids import LEAVES, checks_of_external_id, conflict_of_external_id
from projections.projection import ConstraintConflict, Statement
from projections.query.facts import Few
from projections.query.filters import INSTANT, TEXT, Exact, From, OneOf
from projections.query.listing import Listing
from projections.query.metadata import pair_keys
from projections.query.past.lists import Past
from projections.query.search import Search, search_columns
from projections.restored import SummaryProjection
from projections.views.display import DisplayFields, one_of


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


class EmployeeProjection(SummaryProjection[EmployeeRow]):
    name: ClassVar[str] = "employees"
    table: ClassVar[str] = "employees"
    view: ClassVar[str] = "employee_list"
    kind: ClassVar[str] = Employee.kind
    aggregate: ClassVar[type[Aggregate]] = Employee
    entry_type: ClassVar[type[msgspec.Struct]] = EmployeeRow
    display: ClassVar[DisplayFields] = DisplayFields(
        name=("name", "external_id"), detail=("external_id", "id"), template="{noun} {name}"
    )
    past_names: ClassVar[Mapping[str, str] | None] = {"party_id": "external_id"}
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
            self.to_json(row).decode(),
            beginnings,
            pair_keys(row.metadata),
        )

    def checks(self, org_id: str, row: EmployeeRow, events: Sequence[Event]) -> Sequence[Statement]:
        return checks_of_external_id(LEAVES, org_id, row, events)

    def conflict(self, constraint: str, org_id: str, row: EmployeeRow) -> ConstraintConflict | None:
        if constraint == LEAVES.constraint:
            return conflict_of_external_id(LEAVES, org_id, row)
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
    past=Past(Employee.kind, "past_employee_list"),
)
