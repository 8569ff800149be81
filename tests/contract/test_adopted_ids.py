"""Parties and employees beside the free ids that documents and leaves name: both ids find the same."""

from tests.support.client import data_of, error_of
from tests.support.scenarios import active_employee, active_party, bill_body, invoice_body, leave_body

UNKNOWN = {"employees": "employee_01KEXAMPLE0000000000000000", "parties": "party_01KEXAMPLE0000000000000000"}


def wrong(response):
    error = error_of(response, 422, "validation_failed")
    return {each["field"]: each["message"] for each in error["details"]}


def test_a_party_adopts_an_id_and_lists_find_the_documents_of_both(api):
    before = api.create("invoices", invoice_body(clientId="acme-traders"))
    party = data_of(api.post("parties?adopt=acme-traders", json={"name": "Acme", "roles": ["client", "vendor"]}), 201)
    after = api.create("invoices", invoice_body(clientId=party["id"], status=None))
    bill = api.create("bills", bill_body(vendorId=party["id"]))
    api.create("invoices", invoice_body(clientId="others"))

    assert party["externalId"] == "acme-traders"
    for id in ("acme-traders", party["id"]):
        found = api.read("invoices", clientId=id)
        assert [each["id"] for each in found] == [after["id"], before["id"]]
        assert [each["id"] for each in api.read("invoices", clientId=id, sort="invoiceNumber")] == [
            before["id"],
            after["id"],
        ]
        assert [each["id"] for each in api.read("invoices", clientId=id, asOf=bill["createdAt"])] == [
            after["id"],
            before["id"],
        ]
        assert [each["id"] for each in api.read("bills", vendorId=id)] == [bill["id"]]
    assert api.read(f"invoices/{before['id']}") == before


def test_pages_of_both_ids_go_on_where_they_ended(api):
    party = active_party(api, externalId="acme")
    made = [api.create("invoices", invoice_body(clientId=id))["id"] for id in ("acme", party["id"]) * 3]
    page = api.get("invoices", params={"clientId": "acme", "limit": 4}).json()
    last = api.get(page["pagination"]["nextUrl"]).json()

    assert [each["id"] for each in (*page["data"], *last["data"])] == made[::-1]
    assert last["pagination"]["nextUrl"] is None


def test_the_party_of_another_organization_finds_nothing(api, other_organization):
    party = active_party(other_organization.api(), externalId="acme")
    invoice = api.create("invoices", invoice_body(clientId="acme"))

    assert api.read("invoices", clientId=party["id"]) == []
    assert [each["id"] for each in api.read("invoices", clientId="acme")] == [invoice["id"]]


def test_an_employee_adopts_an_id_and_lists_find_the_leaves_of_both(api):
    before = api.create("leaves", leave_body(employeeId="emp-7"))
    employee = data_of(api.post("employees?adopt=emp-7", json={"name": "Asha Rao"}), 201)
    after = api.create("leaves", leave_body(employeeId=employee["id"], startDate="2099-06-01", endDate="2099-06-01"))

    for id in ("emp-7", employee["id"]):
        assert [each["id"] for each in api.read("leaves", employeeId=id)] == [after["id"], before["id"]]


def test_an_adopted_id_is_an_external_id_like_any_other(api):
    active_party(api, externalId="acme")
    body = {"name": "Acme", "roles": ["client"]}

    error_of(api.post("parties?adopt=acme", json=body), 409, "duplicate_external_id")
    assert set(wrong(api.post("parties?adopt=a", json={**body, "externalId": "b"}))) == {"externalId"}
    for id in ("a+b", "party_01KEXAMPLE0000000000000000"):
        error_of(api.post(f"parties?adopt={id}", json=body), 400, "invalid_parameter")
    assert data_of(api.post("parties?adopt=a", json={**body, "externalId": "a"}), 201)["externalId"] == "a"
    error_of(api.post("parties?adopt=", json=body), 400, "invalid_parameter")
    error_of(api.post("parties?take=a", json=body), 400, "unknown_parameter")
    error_of(api.post("invoices?adopt=a", json=invoice_body()), 400, "unknown_parameter")


def test_a_repeated_request_with_another_adopted_id_is_another_request(api):
    body, headers = {"name": "Acme", "roles": ["client"]}, {"Idempotency-Key": "adopt-1"}
    first = data_of(api.post("parties?adopt=a", json=body, headers=headers), 201)

    assert data_of(api.post("parties?adopt=a", json=body, headers=headers), 201) == first
    error_of(api.post("parties?adopt=b", json=body, headers=headers), 422, "idempotency_key_reused")


def test_a_leave_names_an_employee_that_exists_and_takes_the_name(api):
    employee = active_employee(api, name="Asha Rao")
    leave = api.create("leaves", leave_body(employeeId=employee["id"], employeeName=None))
    other = api.create("leaves", leave_body(employeeId="employee_7", employeeName=None))

    assert (leave["employeeId"], leave["employeeName"]) == (employee["id"], "Asha Rao")
    assert (other["employeeId"], other["employeeName"]) == ("employee_7", None)
    assert (
        "there is no such employee"
        in wrong(api.post("leaves", json=leave_body(employeeId=UNKNOWN["employees"])))["employeeId"]
    )


def test_a_new_leave_cannot_name_an_archived_employee(api):
    employee = active_employee(api)
    leave = api.create("leaves", leave_body(employeeId=employee["id"]))
    api.update(f"employees/{employee['id']}", {"status": "archived"})
    body = leave_body(employeeId=employee["id"], startDate="2099-06-01", endDate="2099-06-01")

    assert "archived employee" in wrong(api.post("leaves", json=body))["employeeId"]
    assert api.update(f"leaves/{leave['id']}", {"status": "approved"})["status"] == "approved"
    api.update(f"employees/{employee['id']}", {"status": "active"})
    assert api.create("leaves", body)["employeeId"] == employee["id"]


def test_an_employee_of_another_organization_does_not_exist(api, other_organization):
    employee = active_employee(other_organization.api())

    assert "employeeId" in wrong(api.post("leaves", json=leave_body(employeeId=employee["id"])))
