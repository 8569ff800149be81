"""The commands on leaves: request, change, shorten, approve, deny and cancel."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from commands.command import Command
from commands.fields import Choice, Day, NullSets, Text
from commands.objects import Pairs
from commands.parties.employee import employee_of
from commands.unit_of_work import Handler, UnitOfWork
from domain.errors import Invalid, InvalidTransition
from domain.errors.leave import LeaveOverlap
from domain.errors.violation import Violation
from domain.leave import TYPES, Leave
from domain.leaves.changes import API_NAMES
from domain.leaves.days import DAY_PARTS, END_PARTS, FULL, START_PARTS, LeaveDays
from domain.metadata import MetadataChanges, check_metadata
from domain.parties.employee import Employee

EmployeeId = Text(
    64,
    pattern="[A-Za-z0-9_-]+",
    hint="must contain only letters A-Z and a-z, digits, '-' and '_': it is an id of your own, such as asha-rao",
)

_READ_ONLY = frozenset(
    {"id", "days", "decisionNote", "decidedAt", "createdAt", "updatedAt", "version", "availableActions"}
)

_CHANGEABLE = (*API_NAMES, "metadata")


class RequestLeave(Command, frozen=True, kw_only=True):
    """Request a leave. A leave of one day can take half of the day; a longer leave can begin or end at noon."""

    target = Leave  # not annotated: in this class `type` is a field, so `type[…]` has another meaning
    read_only: ClassVar[frozenset[str]] = _READ_ONLY | {"status"}
    refusals = (LeaveOverlap,)

    employee_id: Annotated[str, EmployeeId]
    employee_name: Annotated[str, Text(200)] | None = None
    type: Annotated[str, Choice(TYPES)]
    start_date: Annotated[date, Day()]
    end_date: Annotated[date, Day()]
    day_part: Annotated[str, Choice(DAY_PARTS)] = FULL
    start_part: Annotated[str, Choice(START_PARTS)] = FULL
    end_part: Annotated[str, Choice(END_PARTS)] = FULL
    reason: Annotated[str, Text(2000, min=0)] | None = None
    metadata: Annotated[MetadataChanges, Pairs()] = None

    @classmethod
    def check_new(cls, values: Mapping[str, Any]) -> list[Violation]:
        violations = check_metadata({}, values.get("metadata"))
        if "start_date" not in values or "end_date" not in values:
            return violations
        return violations + LeaveDays(**{name: values[name] for name in LeaveDays._fields if name in values}).check()

    @classmethod
    def names_others(cls, values: Mapping[str, Any]) -> bool:
        return Employee.is_id(values.get("employee_id", ""))

    @classmethod
    def check_named(cls, values: Mapping[str, Any], uow: UnitOfWork, aggregate: Leave | None = None) -> list[Violation]:
        try:
            employee_of(uow, values.get("employee_id", ""))
        except Invalid as error:
            return list(error.violations)
        return []


class UpdateLeave(Command, frozen=True, kw_only=True):
    """Change a pending leave, or shorten an approved one; or approve, deny or cancel a leave, with an optional note."""

    target = Leave
    read_only: ClassVar[frozenset[str]] = _READ_ONLY | {"employeeId", "employeeName"}
    refusals = (InvalidTransition, LeaveOverlap)

    id: str
    status: Annotated[str, Choice(tuple(Leave.transitions()))] | UnsetType = UNSET
    note: Annotated[str, Text(2000)] | None = None
    type: Annotated[str, Choice(TYPES)] | UnsetType = UNSET
    start_date: Annotated[date, Day()] | UnsetType = UNSET
    end_date: Annotated[date, Day()] | UnsetType = UNSET
    day_part: Annotated[str, Choice(DAY_PARTS), NullSets(FULL)] | UnsetType = UNSET
    start_part: Annotated[str, Choice(START_PARTS), NullSets(FULL)] | UnsetType = UNSET
    end_part: Annotated[str, Choice(END_PARTS), NullSets(FULL)] | UnsetType = UNSET
    reason: Annotated[str, Text(2000, min=0)] | UnsetType | None = UNSET
    metadata: Annotated[Mapping[str, str | None], Pairs()] | UnsetType | None = UNSET

    @classmethod
    def check(cls, aggregate: Leave, values: Mapping[str, Any], today: date) -> list[Violation]:
        changes = {name: value for name, value in values.items() if name in _CHANGEABLE}
        return aggregate.check(values.get("status"), values.get("note"), changes, today)

    def changes(self) -> dict[str, Any]:
        """Return the fields that were sent, without the decision and its note."""
        return {name: value for name in _CHANGEABLE if (value := getattr(self, name)) is not UNSET}


def request_leave(command: RequestLeave, uow: UnitOfWork) -> Leave:
    try:
        employee = employee_of(uow, command.employee_id)
    except Invalid as error:
        raise Invalid([*command.check_new(msgspec.structs.asdict(command)), *error.violations]) from None
    leave = Leave.request(
        uow.new_id(Leave.id_prefix),
        at=uow.at,
        employee_id=command.employee_id,
        employee_name=command.employee_name or (employee.name if employee is not None else None),
        type=command.type,
        start_date=command.start_date,
        end_date=command.end_date,
        day_part=command.day_part,
        start_part=command.start_part,
        end_part=command.end_part,
        reason=command.reason,
        metadata=command.metadata,
    )
    uow.save(leave)
    return leave


def update_leave(command: UpdateLeave, uow: UnitOfWork) -> Leave:
    """Apply the changes or the decision.

    The checks come in this order: wrong fields, a stale version, a transition that is not allowed.
    """
    leave = uow.get(Leave, command.id)
    changes, status = command.changes(), None if command.status is UNSET else command.status
    if violations := leave.check(status, command.note, changes, uow.today):
        raise Invalid(violations)
    uow.check_version(leave)
    if changes:
        leave.change(changes, uow.at, uow.today)
    if status is not None:
        leave.decide(status, command.note, uow.at, uow.today)
    uow.save(leave)
    return leave


HANDLERS: Mapping[type[Command], Handler[Any]] = {
    RequestLeave: request_leave,
    UpdateLeave: update_leave,
}
