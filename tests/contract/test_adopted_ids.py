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


def test_a_number_of_a_vendor_is_taken_under_both_ids(api):
    party = active_party(api, roles=["vendor"], externalId="mills")
    ids = {"mills": party["id"], party["id"]: "mills"}
    for place, (id, other) in enumerate(ids.items()):
        number, day = f"INV/{place} a", "2025-05-01"
        first = api.create("bills", bill_body(vendorId=id, billNumber=number, billDate=day))
        again = bill_body(vendorId=other, billNumber=number.upper(), billDate="2025-06-01")
        error = error_of(api.post("bills", json=again), 409, "duplicate_number")
        assert error["conflictingId"] == first["id"]
        assert f"bills of {other}" in error["message"]
        next_year = api.create("bills", again | {"billDate": "2026-06-01", "dueDate": "2026-07-01"})
        changed = api.patch(f"bills/{next_year['id']}", json={"billDate": "2025-06-01"})
        assert error_of(changed, 409, "duplicate_number")["conflictingId"] == first["id"]
        draft = api.create("bills", bill_body(vendorId="others", billNumber=number, billDate=day))
        moved = api.patch(f"bills/{draft['id']}", json={"vendorId": other})
        assert error_of(moved, 409, "duplicate_number")["conflictingId"] == first["id"]
        assert api.update(f"bills/{first['id']}", {"notes": "seen"})["notes"] == "seen"
        api.update(f"bills/{first['id']}", {"status": "void"})
        assert api.update(f"bills/{draft['id']}", {"vendorId": other})["vendorId"] == other


def test_a_number_of_one_vendor_is_free_for_a_vendor_without_another_id(api):
    party = active_party(api, roles=["vendor"])
    for vendor in (party["id"], "mills", active_party(api, roles=["vendor"], externalId="other")["id"]):
        api.create("bills", bill_body(vendorId=vendor, billNumber="INV 1 2"))


def test_leaves_of_both_ids_do_not_overlap(api):
    employee = active_employee(api, externalId="emp-7")
    days = {"startDate": "2099-06-01", "endDate": "2099-06-03"}
    for id, other in (("emp-7", employee["id"]), (employee["id"], "emp-7")):
        first = api.create("leaves", leave_body(employeeId=id, **days))
        error = error_of(api.post("leaves", json=leave_body(employeeId=other, **days)), 409, "leave_overlap")
        assert error["conflictingId"] == first["id"]
        later = api.create("leaves", leave_body(employeeId=other, startDate="2099-06-04", endDate="2099-06-04"))
        moved = api.patch(f"leaves/{later['id']}", json={"startDate": "2099-06-03"})
        assert error_of(moved, 409, "leave_overlap")["conflictingId"] == first["id"]
        for each in (first, later):
            api.update(f"leaves/{each['id']}", {"status": "cancelled"})


def test_an_id_is_not_given_to_a_party_whose_bills_have_the_same_numbers(api):
    party = active_party(api, roles=["vendor"], externalId="old")
    own = api.create("bills", bill_body(vendorId=party["id"], billNumber="INV-1"))
    theirs = api.create("bills", bill_body(vendorId="mills", billNumber="inv-1"))
    change = {"externalId": "mills"}

    message = wrong(api.patch(f"parties/{party['id']}", json=change))["externalId"]
    assert theirs["id"] in message and "void" in message
    assert api.read(f"parties/{party['id']}") == party
    api.update(f"bills/{own['id']}", {"billNumber": "INV-2"})
    assert api.update(f"parties/{party['id']}", change)["externalId"] == "mills"
    error_of(api.patch(f"bills/{own['id']}", json={"billNumber": "INV-1"}), 409, "duplicate_number")


def test_an_id_is_not_given_to_an_employee_whose_leaves_overlap(api):
    employee = active_employee(api)
    own = api.create("leaves", leave_body(employeeId=employee["id"]))
    theirs = api.create("leaves", leave_body(employeeId="emp-7"))
    change = {"externalId": "emp-7"}

    assert theirs["id"] in wrong(api.patch(f"employees/{employee['id']}", json=change))["externalId"]
    api.update(f"leaves/{own['id']}", {"status": "cancelled"})
    assert api.update(f"employees/{employee['id']}", change)["externalId"] == "emp-7"


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


def test_an_id_that_names_nobody_is_told_together_with_all_other_wrong_fields(api):
    invoice, bill = api.create("invoices", invoice_body()), api.create("bills", bill_body())
    no_party = UNKNOWN["parties"]
    late = {"dueDate": "2020-01-01"}

    both = {"clientId", "dueDate"}
    assert set(wrong(api.post("invoices", json=invoice_body(clientId=no_party, **late)))) == both
    assert set(wrong(api.patch(f"invoices/{invoice['id']}", json={"clientId": no_party, **late}))) == both
    invalid = {"clientId": no_party, "items": []}
    assert set(wrong(api.post("invoices", json=invoice_body(**invalid)))) == {"clientId", "items"}
    assert set(wrong(api.patch(f"invoices/{invoice['id']}", json=invalid))) == {"clientId", "items"}
    headers = {"Idempotency-Key": "both-1"}
    assert set(wrong(api.post("invoices", json=invoice_body(**invalid), headers=headers))) == {"clientId", "items"}
    invalid = {"vendorId": no_party, "currency": "rupees"}
    assert set(wrong(api.patch(f"bills/{bill['id']}", json=invalid))) == {"vendorId", "currency"}
    body = leave_body(employeeId=UNKNOWN["employees"], type="long")
    assert set(wrong(api.post("leaves", json=body))) == {"employeeId", "type"}
    body = leave_body(employeeId=UNKNOWN["employees"], endDate="2098-01-01")
    assert set(wrong(api.post("leaves", json=body))) == {"employeeId", "endDate"}


def test_an_employee_of_another_organization_does_not_exist(api, other_organization):
    employee = active_employee(other_organization.api())

    assert "employeeId" in wrong(api.post("leaves", json=leave_body(employeeId=employee["id"])))
