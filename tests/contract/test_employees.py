"""`/employees`: the people who ask for leave, and how they are found."""

import pytest

from tests.support.cases import all_cases
from tests.support.client import data_of, error_of
from tests.support.organization import Organization
from tests.support.scenarios import active_employee


def test_a_new_employee_is_active_with_location_and_etag(api):
    body = {"name": "Asha Rao", "email": "asha@acme.example", "externalId": "emp-7", "joinedOn": "2024-04-01"}
    response = api.post("employees", json={**body, "metadata": {"payroll": "7"}})
    employee = data_of(response, 201)

    assert response.headers["Location"].endswith(f"/api/v1/employees/{employee['id']}")
    assert response.headers["ETag"] == '"1"'
    assert employee == {
        **body,
        "id": employee["id"],
        "status": "active",
        "leftOn": None,
        "metadata": {"payroll": "7"},
        "createdAt": employee["createdAt"],
        "updatedAt": employee["createdAt"],
        "version": 1,
        "availableActions": ["update", "archive"],
    }
    assert employee["id"].startswith("employee_")
    assert api.read(f"employees/{employee['id']}") == employee
    assert api.read("employees") == [employee]


@all_cases(
    ("fields", "field"),
    [
        ({"name": None}, "name"),
        ({"email": "asha"}, "email"),
        ({"externalId": "employee_01KEXAMPLE0000000000000000"}, "externalId"),
        ({"joinedOn": "yesterday"}, "joinedOn"),
        ({"joinedOn": "2024-04-01", "leftOn": "2024-03-31"}, "leftOn"),
        ({"status": "archived"}, "status"),
        ({"roles": ["client"]}, "roles"),
    ],
)
def test_what_cannot_be_is_refused_on_its_field(api, fields, field):
    response = api.post("employees", json={"name": "Asha Rao", **fields})

    assert response.status_code == 422
    assert [each["field"] for each in response.json()["error"]["details"]] == [field]


def test_fields_can_be_changed_and_the_employee_archived_and_active_again(api):
    employee = active_employee(api, joinedOn="2024-04-01", email="a@acme.example")
    path = f"employees/{employee['id']}"

    error_of(api.patch(path, json={"leftOn": "2024-03-31"}), 422, "validation_failed")
    left = api.update(path, {"leftOn": "2026-03-31", "email": None, "status": "archived"})
    assert (left["leftOn"], left["email"], left["status"], left["version"]) == ("2026-03-31", None, "archived", 3)
    back = api.update(path, {"leftOn": None, "status": "active"})
    assert (back["leftOn"], back["status"], back["availableActions"]) == (None, "active", ["update", "archive"])
    assert api.read(path, version=1) == employee
    assert [event["type"] for event in api.read(f"{path}/events")] == [
        "employee.created",
        "employee.updated",
        "employee.archived",
        "employee.updated",
    ]
    assert api.update(path, {"name": "Asha Rao", "status": "active"}) == back


def test_an_external_id_belongs_to_one_employee_and_may_be_that_of_a_party(api):
    first = active_employee(api, externalId="seven")
    error = error_of(api.post("employees", json={"name": "B", "externalId": "seven"}), 409, "duplicate_external_id")

    assert error["conflictingId"] == first["id"]
    assert api.create("parties", {"name": "B", "roles": ["vendor"], "externalId": "seven"})["externalId"] == "seven"


@pytest.fixture(scope="module")
def employees(service, owner):
    organization = Organization(service.url, owner)
    api = organization.api()
    made = {
        "asha": active_employee(api, externalId="emp-7", metadata={"team": "sales"}),
        "meera": active_employee(api, name="meera", email="meera@example.in"),
        "ravi": active_employee(api, name="Ravi"),
    }
    made["ravi"] = api.update(f"employees/{made['ravi']['id']}", {"status": "archived"})
    yield api, made
    organization.close()


@all_cases(
    ("query", "found"),
    [
        ("", "ravi meera asha"),
        ("sort=name", "asha meera ravi"),
        ("sort=-updatedAt", "ravi meera asha"),
        ("status=active", "meera asha"),
        ("status=archived", "ravi"),
        ("externalId=emp-7", "asha"),
        ("search=rao", "asha"),
        ("search=me", "meera"),
        ("search=meera@example", "meera"),
        ("metadata[team]=sales", "asha"),
        ("updatedSince=2099-01-01T00:00:00Z", ""),
    ],
)
def test_the_list_is_filtered_and_sorted(employees, query, found):
    api, made = employees
    ids = [each["id"] for each in data_of(api.get(f"employees?{query}"), 200)]

    assert ids == [made[name]["id"] for name in found.split()]


def test_employees_need_the_scopes_of_leaves(organization):
    billing, reader = organization.api(["billing:read", "billing:write"]), organization.api(["leaves:read"])

    assert error_of(billing.get("employees"), 403, "insufficient_scope")["requiredScope"] == "leaves:read"
    assert error_of(reader.post("employees", json={"name": "B"}), 403, "insufficient_scope")
