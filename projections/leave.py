"""The read side of leaves: the resource, its table, and the filters and sorts of its list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from domain.aggregate import Aggregate, Event
from domain.calendar import Timestamp
from domain.errors.leave import LeaveOverlap
from domain.leave import TYPES, Leave
from domain.leaves.changes import PENDING
from domain.leaves.days import DAY_PARTS, END_PARTS, FULL, MAX_LEAVE_DAYS, START_PARTS, LeaveDays
from domain.metadata import Metadata
from domain.parties.employee import Employee
from projections.parties.employee import EMPLOYEES
from projections.projection import ConstraintConflict, Statement, refuse_if, sets_any
from projections.query.facts import Few, Lasts
from projections.query.filters import DATE, INSTANT, From, Naming, OneOf, To
from projections.query.growing import GrowTogether
from projections.query.listing import Listing
from projections.query.metadata import pair_keys
from projections.query.past.lists import Past
from projections.query.ranges import Range
from projections.query.search import Search, search_columns
from projections.restored import SummaryProjection
from projections.views.display import DisplayFields, one_of

_NOON = time(12)
_OF_OTHER_ID = "leaves_of_other_id"
"""The name under which an overlap under the other id of the employee is reported."""


class LeaveRow(msgspec.Struct, rename="camel", kw_only=True):
    """A leave as the API shows it."""

    id: str
    status: Annotated[str, one_of(Leave.transitions())]
    employee_id: str
    employee_name: str | None
    type: Annotated[str, one_of(TYPES)]
    start_date: date
    end_date: date
    day_part: Annotated[str, one_of(DAY_PARTS)]
    start_part: Annotated[str, one_of(START_PARTS)] = FULL
    end_part: Annotated[str, one_of(END_PARTS)] = FULL
    days: Decimal
    reason: str | None
    metadata: Metadata | None = msgspec.field(default_factory=dict)
    decision_note: str | None = None
    decided_at: Timestamp | None = None
    created_at: Timestamp
    updated_at: Timestamp
    version: int
    erased: bool | UnsetType = UNSET
    available_actions: tuple[Annotated[str, one_of(Leave.all_actions())], ...]


class LeaveProjection(SummaryProjection[LeaveRow]):
    name: ClassVar[str] = "leaves"
    table: ClassVar[str] = "leaves"
    view: ClassVar[str] = "leave_list"
    kind: ClassVar[str] = Leave.kind
    aggregate: ClassVar[type[Aggregate]] = Leave
    entry_type: ClassVar[type[msgspec.Struct]] = LeaveRow
    display: ClassVar[DisplayFields] = DisplayFields(
        name=("employee_name", "employee_id"), detail=("start_date",), template="{noun} of {name} from {day}"
    )
    past_names: ClassVar[Mapping[str, str] | None] = {
        "party_id": "employee_id",
        "first_day": "start_date",
        "second_day": "end_date",
    }
    version: ClassVar[int] = 2
    columns: ClassVar[tuple[str, ...]] = (
        "employee_id",
        "type",
        "status",
        "start_date",
        "end_date",
        "slots",
        "search",
        "created_at",
        "updated_at",
        "version",
        "summary",
        "beginnings",
        "metadata_keys",
    )

    def values(self, row: LeaveRow) -> tuple[Any, ...]:
        texts, beginnings = search_columns((row.employee_id, row.employee_name), (row.reason,))
        return (
            row.employee_id,
            row.type,
            row.status,
            row.start_date,
            row.end_date,
            slots(row),
            texts,
            row.created_at,
            row.updated_at,
            row.version,
            self.to_json(row).decode(),
            beginnings,
            pair_keys(row.metadata),
        )

    def checks(self, org_id: str, row: LeaveRow, events: Sequence[Event]) -> Sequence[Statement]:
        """Look for leaves under the other id of the employee, if a command has set the days.

        An approved leave can only be cut short.
        """
        if row.status != PENDING or not sets_any(events, LeaveDays._fields):
            return ()
        return [refuse_if(_OF_OTHER_ID, _select_of_other_id(org_id, row))]

    def conflict(self, constraint: str, org_id: str, row: LeaveRow) -> ConstraintConflict | None:
        if constraint == _OF_OTHER_ID:
            call, values = _select_of_other_id(org_id, row)
            return ConstraintConflict((f"SELECT {call}", values), LeaveOverlap)
        if not constraint.startswith("leaves_overlap"):
            return None
        other = (
            "SELECT id FROM leave_list WHERE org_id = %s AND employee_id = %s AND slots && %s::tsrange "
            "AND status IN ('pending', 'approved') AND id <> %s ORDER BY created_at LIMIT 1",
            (org_id, row.employee_id, slots(row), row.id),
        )
        return ConstraintConflict(other, LeaveOverlap)


LEAVES = LeaveProjection()

LEAVE_LIST = Listing(
    view=LEAVES.view,
    filters={
        "status": OneOf("status", tuple(Leave.transitions())),
        "type": OneOf("type", TYPES),
        "employeeId": Naming("employee_id", EMPLOYEES.view, Employee),
        "dateFrom": From("end_date", DATE),
        "dateTo": To("start_date", DATE),
        "search": Search(),
        "updatedSince": From("updated_at", INSTANT),
    },
    sorts={
        "createdAt": ("created_at", INSTANT),
        "updatedAt": ("updated_at", INSTANT),
        "startDate": ("start_date", DATE),
    },
    metadata="metadata_keys",
    same_plan={"createdAt": ("status", "employeeId"), "updatedAt": ("updatedSince",)},
    ranges=(Range("dateFrom", "dateTo", "-startDate"),),
    facts=(
        Lasts("dateFrom", "start_date", MAX_LEAVE_DAYS),
        GrowTogether(
            columns=("created_at", "updated_at", "start_date"),
            starts={"dateFrom": ("start_date",), "updatedSince": ("updated_at",)},
            ends={"dateTo": ("start_date",)},
            newest={"status": ("pending",)},
        ),
        Few("employeeId", "created_at"),
        Few("search"),
    ),
    past=Past(Leave.kind, "past_leave_list"),
)


def _select_of_other_id(org_id: str, row: LeaveRow) -> Statement:
    """Return the call that finds a leave that overlaps this one under the other id of its employee."""
    return "leave_of_other_id(%s, %s, %s::tsrange)", (org_id, row.employee_id, slots(row))


def slots(row: LeaveRow) -> str:
    """Return the half days of the leave as a PostgreSQL range of timestamps.

    The range begins at the start of the first half day and ends at the start of the last half day; both ends are
    included. Therefore the two halves of a day do not overlap. The range contains no time of the day after the leave,
    because 9999-12-31 has no next day.
    """
    days = LeaveDays(row.start_date, row.end_date, row.day_part, row.start_part, row.end_part)
    first = datetime.combine(row.start_date, _NOON if days.starts_at_noon else time())
    last = datetime.combine(row.end_date, time() if days.ends_at_noon else _NOON)
    return f"[{first.isoformat()},{last.isoformat()}]"
