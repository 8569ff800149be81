"""The texts of the API reference about employees."""

from __future__ import annotations

from api.openapi.texts import common
from api.openapi.texts.leave import SCOPES
from api.openapi.texts.words import TagTexts, Trial, Words

EMPLOYEE = TagTexts(
    tag="Employees",
    about="The people who work for your organization, and who did.",
    operations={
        "listEmployees": Words(
            "List employees",
            common.LIST,
            search_words="list search filter find all employees, staff, people",
        ),
        "createEmployee": Words(
            "Add an employee",
            "Adds somebody who can ask for leave. `leftOn` is the last day of somebody who has left: leaves are kept "
            "for some years after it. A second employee with the same `externalId` is refused with 409 "
            "`duplicate_external_id`.",
            search_words="create add make a new employee, staff, worker",
        ),
        "getEmployee": Words(
            "Get an employee",
            common.GET,
            search_words="get fetch one single employee by id",
        ),
        "updateEmployee": Words(
            "Change, archive or activate an employee",
            common.UPDATE.format(
                steps="`archived` or `active`",
                fields="An archived employee stays in the list, and keeps the id. Every field can be changed in both "
                "statuses.",
            ),
            search_words="edit change update an employee, the e-mail or the last day; employee left or resigned; "
            "archive, hide, delete, remove, activate an employee",
        ),
        "listEmployeeEvents": Words(
            "List an employee's events",
            common.OBJECT_EVENTS,
            search_words="history of changes of a single employee",
        ),
    },
    fields={
        "name": "The name, as people read it.",
        "email": "The e-mail address.",
        "externalId": (
            "Your own id of the employee: 1 to 64 letters, digits, `-` and `_`, such as the number in your payroll. No "
            "other employee has the same."
        ),
        "joinedOn": "The first day of work.",
        "leftOn": "The last day of work; not before `joinedOn`. The time for which leaves are kept counts from it.",
        "UpdateEmployee.status": "The status to set: `archived` or `active`.",
    },
    field_examples={
        "leftOn": "2026-03-31",
        "UpdateEmployee.name": "Asha Rao",
        "UpdateEmployee.externalId": "emp-7",
        "UpdateEmployee.joinedOn": "2024-04-01",
        "metadata": {"payroll": "1042"},
    },
    statuses={
        "active": "Leaves can name the employee.",
        "archived": "The employee is no longer used. The object stays in the list, and can be made active again.",
    },
    parameters={
        "adopt": (
            "An id of your own that leaves name as `employeeId`: it becomes the `externalId`. Lists then find both ids "
            "with either. Leaves stay as they are."
        ),
        "externalId": "Only the employee with this id of your own.",
    },
    examples={
        "createEmployee": {
            "name": "Asha Rao",
            "email": "asha@acme.example",
            "externalId": "emp-7",
            "joinedOn": "2024-04-01",
        },
        "updateEmployee": {"email": "asha.rao@acme.example"},
    },
    scopes=SCOPES,
    trial=Trial(
        "This command adds an employee for a trial. PATCH the status to archived when you are done.",
        {"name": "Trial {own}"},
    ),
)
