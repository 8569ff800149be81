"""The commands on leave: request it, and approve, deny or cancel it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar

from msgspec import UNSET, UnsetType

from commands.command import Command
from commands.fields import Choice, Day, Text
from commands.unit_of_work import Handler, UnitOfWork
from domain.aggregate import Aggregate
from domain.errors import DomainError, Invalid, InvalidTransition, LeaveOverlap, Violation
from domain.leave import DAY_PARTS, TYPES, Leave, check_days

EmployeeId = Text(64, pattern="[A-Za-z0-9_-]+", hint="must contain only letters A-Z and a-z, digits, '-' and '_'")

_READ_ONLY = frozenset(
    {"id", "days", "decisionNote", "decidedAt", "createdAt", "updatedAt", "version", "availableActions"}
)
_SET_ONCE = frozenset({"employeeId", "employeeName", "type", "startDate", "endDate", "dayPart", "reason"})


class RequestLeave(Command, frozen=True, kw_only=True):
    """Request a leave. `day_part` says which half of a day it takes; a half day starts and ends on the same day."""

    target = Leave  # not annotated: in this class `type` is a field, so `type[…]` has another meaning
    read_only: ClassVar[frozenset[str]] = _READ_ONLY | {"status"}
    refusals = (LeaveOverlap,)

    employee_id: Annotated[str, EmployeeId]
    employee_name: Annotated[str, Text(200)] | None = None
    type: Annotated[str, Choice(TYPES)]
    start_date: Annotated[date, Day()]
    end_date: Annotated[date, Day()]
    day_part: Annotated[str, Choice(DAY_PARTS)] = "full"
    reason: Annotated[str, Text(2000, min=0)] | None = None

    @classmethod
    def check_new(cls, values: Mapping[str, Any]) -> list[Violation]:
        if "start_date" not in values or "end_date" not in values:
            return []
        return check_days(values["start_date"], values["end_date"], values.get("day_part", "full"))


class DecideLeave(Command, frozen=True, kw_only=True):
    """Approve, deny or cancel a leave, with an optional note."""

    target: ClassVar[type[Aggregate]] = Leave
    read_only: ClassVar[frozenset[str]] = _READ_ONLY | _SET_ONCE
    refusals: ClassVar[tuple[type[DomainError], ...]] = (InvalidTransition,)

    id: str
    status: Annotated[str, Choice(tuple(Leave.transitions()))] | UnsetType = UNSET
    note: Annotated[str, Text(2000, min=0)] | None = None

    @classmethod
    def check(cls, aggregate: Leave, values: Mapping[str, Any], today: date) -> list[Violation]:
        return aggregate.check_note(values.get("status"), values.get("note"))


def request_leave(command: RequestLeave, uow: UnitOfWork) -> Leave:
    leave = Leave.request(
        uow.new_id(Leave.id_prefix),
        at=uow.at,
        employee_id=command.employee_id,
        employee_name=command.employee_name,
        type=command.type,
        start_date=command.start_date,
        end_date=command.end_date,
        day_part=command.day_part,
        reason=command.reason,
    )
    uow.save(leave)
    return leave


def decide_leave(command: DecideLeave, uow: UnitOfWork) -> Leave:
    leave = uow.get(Leave, command.id)
    status = None if command.status is UNSET else command.status
    if violations := leave.check_note(status, command.note):
        raise Invalid(violations)
    uow.check_version(leave)
    if status is not None:
        leave.decide(status, command.note, uow.at, uow.today)
    uow.save(leave)
    return leave


HANDLERS: Mapping[type[Command], Handler[Any]] = {
    RequestLeave: request_leave,
    DecideLeave: decide_leave,
}
