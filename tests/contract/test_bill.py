"""`/bills`: every transition and payment of the table, writable fields, numbers, and being overdue."""

from itertools import product

import pytest

from domain.bill import Bill
from tests.support.cases import all_cases
from tests.support.client import data_of, error_of
from tests.support.scenarios import (
    BILLS,
    LINE,
    bill_body,
    draft_bill,
    open_bill,
    partially_paid_bill,
    pay_bill,
    void_bill,
)

STEPS = Bill.transitions()
NEW_VALUES = {
    "vendorId": "other",
    "vendorName": None,
    "billNumber": "X/1",
    "billDate": "2026-01-11",
    "dueDate": "2099-02-28",
    "currency": "JPY",
    "items": [LINE, LINE],
    "notes": "Late",
}
WRITABLE = {
    "draft": set(NEW_VALUES),
    "open": {"billDate", "dueDate", "notes"},
    "partially_paid": {"billDate", "dueDate", "notes"},
    "paid": {"notes"},
    "void": {"notes"},
}
PAST_DUE = {"billDate": "2026-01-01", "dueDate": "2026-01-02"}


def test_a_new_bill_is_201_with_totals_location_and_etag(api):
    response = api.post("bills", json=bill_body())
    bill = data_of(response, 201)
    assert response.headers["Location"].endswith(f"/api/v1/bills/{bill['id']}")
    assert response.headers["ETag"] == '"1"'
    totals = [bill[name] for name in ("subTotal", "taxTotal", "totalAmount", "amountPaid", "balanceDue")]
    assert totals == ["70000.00", "12600.00", "82600.00", "0.00", "82600.00"]
    assert (bill["status"], bill["version"], bill["isOverdue"]) == ("draft", 1, False)


RESOURCE = (
    "id billNumber status vendorId vendorName currency billDate dueDate subTotal taxTotal totalAmount amountPaid "
    "amountSettled balanceDue isOverdue notes metadata openedAt paidAt voidedAt createdAt updatedAt version "
    "availableActions items payments"
)


def test_the_resource_has_the_fields_of_an_invoice_under_a_bills_own_names(api):
    bill = partially_paid_bill(api)
    assert " ".join(bill) == RESOURCE
    assert " ".join(bill["items"][0]) == "description quantity unitPrice taxRate hsnSac amount taxAmount totalAmount"
    assert " ".join(bill["payments"][0]) == (
        "id kind amount paidOn method reference recordedAt reversedAt reversedOn reversalReason"
    )


def test_all_endpoints_show_the_same_bill(api):
    bill = draft_bill(api)
    api.update(f"bills/{bill['id']}", {"status": "open"})
    paid = pay_bill(api, bill, "82600.00")
    assert api.read(f"bills/{bill['id']}") == paid
    assert api.read("bills") == [{name: value for name, value in paid.items() if name not in ("items", "payments")}]
    types = [event["type"] for event in api.read(f"bills/{bill['id']}/events")]
    assert types == ["bill.drafted", "bill.opened", "bill.payment_recorded", "bill.paid"]


@all_cases(("status", "target"), [*product(BILLS, STEPS)])
def test_a_transition_succeeds_only_when_the_table_allows_it(api, status, target):
    bill = BILLS[status](api)
    response = api.patch(f"bills/{bill['id']}", json={"status": target})
    if target == status:
        assert data_of(response, 200) == bill
    elif target in STEPS[status]:
        assert data_of(response, 200)["status"] == target
    else:
        assert error_of(response, 409, "invalid_transition")["allowed"] == list(STEPS[status])
        assert api.read(f"bills/{bill['id']}") == bill


@all_cases("word", ["sent", "OPEN", "", None, 1])
def test_an_unknown_status_of_a_bill_is_a_wrong_field(api, word):
    response = api.patch(f"bills/{draft_bill(api)['id']}", json={"status": word})
    assert error_of(response, 422, "validation_failed")["details"][0]["field"] == "status"


@all_cases("status", BILLS)
def test_the_available_actions_are_those_of_the_table(api, status):
    verbs = {"open": "open", "void": "void"}
    offered = BILLS[status](api)["availableActions"]
    assert [verbs[action] for action in offered if action in verbs] == list(STEPS[status])
    assert ("recordPayment" in offered) == (status in ("open", "partially_paid"))
    assert "update" in offered


@all_cases("status", BILLS)
def test_only_an_open_bill_takes_payments(api, status):
    bill = BILLS[status](api)
    response = api.post(f"bills/{bill['id']}/payments", json={"amount": "0.50", "paidOn": "2026-01-20"})
    if "recordPayment" in bill["availableActions"]:
        paid = data_of(response, 201)
        assert (paid["status"], len(paid["payments"])) == ("partially_paid", len(bill["payments"]) + 1)
    else:
        refusals = {"paid": (422, "amount_exceeds_balance")}
        error_of(response, *refusals.get(status, (409, "invalid_transition")))
        assert api.read(f"bills/{bill['id']}") == bill


def test_payments_add_up_and_the_last_one_makes_the_bill_paid(api):
    bill = partially_paid_bill(api, "82599.00")
    assert (bill["amountPaid"], bill["balanceDue"], bill["paidAt"]) == ("82599.00", "1.00", None)
    paid = pay_bill(api, bill, "1")
    assert (paid["status"], paid["amountPaid"], paid["balanceDue"]) == ("paid", "82600.00", "0.00")
    assert paid["paidAt"] == paid["updatedAt"]
    assert [payment["amount"] for payment in paid["payments"]] == ["82599.00", "1.00"]


def test_a_payment_is_shown_as_it_was_sent(api):
    bill = open_bill(api)
    body = {"amount": 12.5, "paidOn": "2026-01-20", "method": "UPI", "reference": "r/1"}
    [payment] = api.create(f"bills/{bill['id']}/payments", body)["payments"]
    assert {name: payment[name] for name in body} == {**body, "amount": "12.50"}


def test_a_payment_above_the_balance_is_refused(api):
    response = api.post(f"bills/{open_bill(api)['id']}/payments", json={"amount": "82600.01", "paidOn": "2026-01-20"})
    assert error_of(response, 422, "amount_exceeds_balance")["details"][0]["field"] == "amount"


def test_a_payment_of_a_future_day_is_refused(api):
    response = api.post(f"bills/{open_bill(api)['id']}/payments", json={"amount": "1", "paidOn": "2099-01-01"})
    assert error_of(response, 422, "validation_failed")["details"][0]["field"] == "paidOn"


def test_a_bill_of_zero_is_paid_when_it_is_opened(api):
    bill = open_bill(api, items=[{**LINE, "unitPrice": 0}])
    assert (bill["status"], bill["version"], bill["openedAt"]) == ("paid", 3, bill["paidAt"])


@all_cases(("status", "field"), [*product(BILLS, NEW_VALUES)])
def test_a_field_is_writable_only_in_the_statuses_of_the_table(api, status, field):
    bill = BILLS[status](api)
    response = api.patch(f"bills/{bill['id']}", json={field: NEW_VALUES[field]})
    if field in WRITABLE[status]:
        assert data_of(response, 200)["version"] == bill["version"] + 1
    else:
        assert error_of(response, 422, "read_only_field")["details"][0]["field"] == field


def test_a_patch_that_changes_nothing_creates_no_version(api):
    bill = draft_bill(api)
    same = {name: bill[name] for name in ("vendorId", "billNumber", "billDate", "dueDate", "currency")}
    assert api.update(f"bills/{bill['id']}", same) == bill


def test_changes_and_a_transition_happen_together_or_not_at_all(api):
    bill = void_bill(api)
    error_of(api.patch(f"bills/{bill['id']}", json={"notes": "Late", "status": "open"}), 409, "invalid_transition")
    assert api.read(f"bills/{bill['id']}") == bill
    draft = draft_bill(api)
    both = api.update(f"bills/{draft['id']}", {"notes": "Late", "status": "open"})
    assert (both["notes"], both["status"], both["version"]) == ("Late", "open", 3)


@all_cases("number", ["x", "9" * 64, "A/1 (b) #2", "बिल-१२", "  7"])
def test_a_bill_number_is_the_vendors_own_printable_text(api, number):
    assert draft_bill(api, billNumber=number)["billNumber"] == number


@all_cases("number", ["", "9" * 65, "A\n1", "A\t1", "A\u007f", "A\u0085", "\0", "   ", 12, None])
def test_a_bill_number_that_is_not_1_to_64_printable_characters_is_refused(api, number):
    error = error_of(api.post("bills", json={**bill_body(), "billNumber": number}), 422, "validation_failed")
    assert [detail["field"] for detail in error["details"]] == ["billNumber"]


@all_cases("field", ["vendorId", "billNumber", "billDate", "dueDate", "items"])
def test_a_bill_without_a_required_field_is_refused(api, field):
    error = error_of(api.post("bills", json=bill_body(**{field: None})), 422, "validation_failed")
    assert [detail["field"] for detail in error["details"]] == [field]


def test_every_wrong_field_of_a_bill_is_named_at_once(api):
    body = bill_body(vendorId="no spaces", dueDate="2026-01-09", clientId="acme", status="open")
    error = error_of(api.post("bills", json=body), 422, "validation_failed")
    assert {(detail["field"], detail["code"]) for detail in error["details"]} == {
        ("vendorId", "validation_failed"),
        ("dueDate", "validation_failed"),
        ("clientId", "unknown_field"),
        ("status", "read_only_field"),
    }


@pytest.mark.parametrize("status", sorted(BILLS.keys() - {"void"}))
def test_a_number_is_unique_per_vendor_and_financial_year_among_bills_that_are_not_void(api, status):
    first = BILLS[status](api, billNumber="A/1", billDate="2025-04-01")
    again = api.post("bills", json=bill_body(billNumber="A/1", billDate="2026-03-31"))
    assert error_of(again, 409, "duplicate_number")["conflictingId"] == first["id"]


def test_a_number_is_free_for_another_vendor_another_year_and_another_organization(api, other_organization):
    draft_bill(api, billNumber="A/1", billDate="2026-03-31")
    draft_bill(api, billNumber="A/1", vendorId="other")
    draft_bill(api, billNumber="A/1", billDate="2026-04-01")
    draft_bill(other_organization.api(), billNumber="A/1")


@pytest.mark.parametrize("change", [{"vendorId": "mills"}, {"billDate": "2026-02-01"}, {"billNumber": "A/1"}])
def test_a_change_to_a_taken_number_is_refused(api, change):
    taken = {"vendorId": "mills", "billDate": "2026-01-10", "billNumber": "A/1"}
    elsewhere = {"vendorId": "other", "billDate": "2026-05-01", "billNumber": "A/2"}
    first = draft_bill(api, **taken)
    [field] = change
    bill = draft_bill(api, **{**taken, field: elsewhere[field]})
    error = error_of(api.patch(f"bills/{bill['id']}", json=change), 409, "duplicate_number")
    assert error["conflictingId"] == first["id"]


def test_a_bill_opened_past_its_due_date_is_overdue_in_the_same_commit(api):
    bill = open_bill(api, **PAST_DUE)
    opened, overdue = api.read(f"bills/{bill['id']}/events")[1:]
    assert (bill["isOverdue"], opened["type"], overdue["type"]) == (True, "bill.opened", "bill.overdue")
    assert opened["requestId"] == overdue["requestId"]


ENDINGS = {
    "a payment in full": lambda api, bill: pay_bill(api, bill, bill["balanceDue"]),
    "a new due date": lambda api, bill: api.update(f"bills/{bill['id']}", {"dueDate": "2099-01-01"}),
    "making it void": lambda api, bill: api.update(f"bills/{bill['id']}", {"status": "void"}),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_payment_or_a_new_due_date_ends_being_overdue(api, ending):
    bill = open_bill(api, **PAST_DUE)
    assert ENDINGS[ending](api, bill)["isOverdue"] is False
    assert api.read(f"bills/{bill['id']}/events")[-1]["type"] == "bill.overdue_cleared"


def test_a_partial_payment_leaves_a_bill_overdue(api):
    assert pay_bill(api, open_bill(api, **PAST_DUE), "1.00")["isOverdue"] is True


def test_bills_need_the_billing_scopes(organization):
    reader, writer = organization.api(["billing:read"]), organization.api(["billing:write"])
    bill = draft_bill(writer)
    assert reader.read(f"bills/{bill['id']}") == bill
    assert error_of(reader.post("bills", json=bill_body()), 403, "insufficient_scope")["requiredScope"] == (
        "billing:write"
    )
    assert error_of(writer.get("bills"), 403, "insufficient_scope")["requiredScope"] == "billing:read"
