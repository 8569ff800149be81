"""The commands on employees: add, change and archive; and the employee that a leave names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from commands.command import Command
from commands.fields import Choice, Day, Text
from commands.fields.party import ExternalId, MailAddress
from commands.objects import Pairs
from commands.unit_of_work import Handler, UnitOfWork
from domain.aggregate import Aggregate
from domain.errors import DomainError, Invalid, NotFound
from domain.errors.codes import VALIDATION_FAILED
from domain.errors.party import DuplicateExternalId
from domain.errors.violation import Violation
from domain.metadata import MetadataChanges, check_metadata
from domain.parties.archivable import ACTIVE
from domain.parties.employee import Employee, check_days

Name = Text(200)
_READ_ONLY = frozenset({"id", "createdAt", "updatedAt", "version", "availableActions"})


class CreateEmployee(Command, frozen=True, kw_only=True):
    """Add an employee."""

    target: ClassVar[type[Aggregate]] = Employee
    read_only: ClassVar[frozenset[str]] = _READ_ONLY | {"status"}
    refusals: ClassVar[tuple[type[DomainError], ...]] = (DuplicateExternalId,)

    name: Annotated[str, Name]
    email: Annotated[str, MailAddress] | None = None
    external_id: Annotated[str, ExternalId] | None = None
    joined_on: Annotated[date, Day()] | None = None
    left_on: Annotated[date, Day()] | None = None
    metadata: Annotated[MetadataChanges, Pairs()] = None

    @classmethod
    def check_new(cls, values: Mapping[str, Any]) -> list[Violation]:
        days = check_days(values.get("joined_on"), values.get("left_on"))
        return days + check_metadata({}, values.get("metadata"))


class UpdateEmployee(Command, frozen=True, kw_only=True):
    """Change an employee's fields, archive the employee, or make the employee active again."""

    target: ClassVar[type[Aggregate]] = Employee
    read_only: ClassVar[frozenset[str]] = _READ_ONLY
    refusals: ClassVar[tuple[type[DomainError], ...]] = (DuplicateExternalId,)

    id: str
    status: Annotated[str, Choice(tuple(Employee.transitions()))] | UnsetType = UNSET
    name: Annotated[str, Name] | UnsetType = UNSET
    email: Annotated[str, MailAddress] | UnsetType | None = UNSET
    external_id: Annotated[str, ExternalId] | UnsetType | None = UNSET
    joined_on: Annotated[date, Day()] | UnsetType | None = UNSET
    left_on: Annotated[date, Day()] | UnsetType | None = UNSET
    metadata: Annotated[Mapping[str, str | None], Pairs()] | UnsetType | None = UNSET

    @classmethod
    def check(cls, aggregate: Employee, values: Mapping[str, Any], today: date) -> list[Violation]:
        return aggregate.check_changes({name: value for name, value in values.items() if name != "status"})

    def changes(self) -> dict[str, Any]:
        """Return the fields that were sent, by attribute name; a field that was not sent is absent."""
        fields = msgspec.structs.asdict(self)
        return {name: value for name, value in fields.items() if name not in ("id", "status") and value is not UNSET}


def create_employee(command: CreateEmployee, uow: UnitOfWork) -> Employee:
    employee = Employee.create(uow.new_id(Employee.id_prefix), at=uow.at, **msgspec.structs.asdict(command))
    uow.save(employee)
    return employee


def update_employee(command: UpdateEmployee, uow: UnitOfWork) -> Employee:
    """Apply the changes and the status. The checks come in this order: wrong fields, a stale version."""
    employee = uow.get(Employee, command.id)
    changes = command.changes()
    if violations := employee.check_changes(changes):
        raise Invalid(violations)
    uow.check_version(employee)
    employee.change(changes, None if isinstance(command.status, UnsetType) else command.status, uow.at)
    uow.save(employee)
    return employee


def employee_of(uow: UnitOfWork, id: str) -> Employee | None:
    """Return the employee that a new leave names; None for an id of the organization's own. Raises Invalid."""
    if not Employee.is_id(id):
        return None
    try:
        employee = uow.get(Employee, id)
    except NotFound:
        message = "must be the id of an employee of your organization, or an id of your own; there is no such employee"
        raise Invalid([Violation("employeeId", VALIDATION_FAILED, message)]) from None
    if employee.status != ACTIVE:
        message = "names an archived employee; set the status to active first, with a PATCH to /employees/{id}"
        raise Invalid([Violation("employeeId", VALIDATION_FAILED, message)])
    return employee


HANDLERS: Mapping[type[Command], Handler[Any]] = {
    CreateEmployee: create_employee,
    UpdateEmployee: update_employee,
}
