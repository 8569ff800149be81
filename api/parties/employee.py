"""The resource type of employees, at `/employees`."""

from __future__ import annotations

from api.resource_type import ResourceType
from commands.parties.employee import CreateEmployee, UpdateEmployee
from domain.parties.employee import Employee
from projections.parties.employee import EMPLOYEE_LIST

EMPLOYEES = ResourceType(
    path="employees",
    tag="Employees",
    schema="Employee",
    aggregate=Employee,
    listing=EMPLOYEE_LIST,
    create=CreateEmployee,
    update=UpdateEmployee,
    adopts=True,
)
