"""The state machine of invoices, generated from the transition table: transitions, payments and writable fields."""

from itertools import product

import pytest

from domain.invoice import Invoice
from tests.support.cases import all_cases
from tests.support.client import data_of, error_of
from tests.support.scenarios import INVOICES, LINE, draft_invoice, invoice_body, sent_invoice

STATUSES = tuple(INVOICES)
PAYMENT = {"amount": "0.01", "paidOn": "2026-01-20"}
VALUES = {
    "clientId": "other",
    "clientName": "Other & Sons",
    "invoiceNumber": "A/1",
    "invoiceDate": "2026-01-11",
    "dueDate": "2098-12-31",
    "currency": "JPY",
    "items": [{**LINE, "quantity": "1"}],
    "notes": "Thank you",
}
WRITABLE = {
    "draft": set(VALUES),
    "sent": {"invoiceDate", "dueDate", "notes"},
    "partially_paid": {"invoiceDate", "dueDate", "notes"},
    "paid": {"notes"},
    "void": {"notes"},
}
COMPUTED = [
    *("id", "subTotal", "taxTotal", "totalAmount", "amountPaid", "balanceDue", "isOverdue", "sentAt", "paidAt"),
    *("voidedAt", "createdAt", "updatedAt", "version", "availableActions", "payments"),
]


@all_cases(("status", "target"), [*product(STATUSES, STATUSES)])
def test_a_status_is_reached_only_when_the_table_allows_it(api, status, target):
    invoice = INVOICES[status](api)
    path = f"invoices/{invoice['id']}"
    allowed = list(Invoice.transitions()[status])
    response = api.patch(path, json={"status": target})
    if target == status:
        assert (data_of(response, 200), response.headers["ETag"]) == (invoice, f'"{invoice["version"]}"')
    elif target in allowed:
        after = data_of(response, 200)
        assert (after["status"], after["version"]) == (target, invoice["version"] + 1)
        assert after[{"sent": "sentAt", "void": "voidedAt"}[target]] == after["updatedAt"] > invoice["updatedAt"]
    else:
        assert error_of(response, 409, "invalid_transition")["allowed"] == allowed
        assert api.read(path) == invoice


@all_cases("status", STATUSES)
@all_cases("word", ["", "Sent", "open", None, 1, True, ["sent"]])
def test_an_unknown_status_is_a_wrong_field(api, status, word):
    invoice = INVOICES[status](api)
    error = error_of(api.patch(f"invoices/{invoice['id']}", json={"status": word}), 422, "validation_failed")
    assert [detail["field"] for detail in error["details"]] == ["status"]


@all_cases("status", STATUSES)
def test_a_payment_is_accepted_only_where_the_action_is_available(api, status):
    invoice = INVOICES[status](api)
    response = api.post(f"invoices/{invoice['id']}/payments", json=PAYMENT)
    if "recordPayment" in invoice["availableActions"]:
        assert data_of(response, 201)["status"] == "partially_paid"
    elif status == "paid":  # its balance of zero is exceeded: a wrong field, and fields come before rules
        error_of(response, 422, "amount_exceeds_balance")
    else:
        allowed = list(Invoice.transitions()[status])
        assert error_of(response, 409, "invalid_transition")["allowed"] == allowed
        assert api.read(f"invoices/{invoice['id']}") == invoice


ACTIONS = {
    "draft": ["update", "send", "void"],
    "sent": ["update", "void", "recordPayment"],
    "partially_paid": ["update", "recordPayment", "reversePayment"],
    "paid": ["update", "reversePayment"],
    "void": ["update"],
}


@all_cases("status", STATUSES)
def test_the_available_actions_follow_from_the_status(api, status):
    assert INVOICES[status](api)["availableActions"] == ACTIONS[status]


@all_cases(("status", "field"), [*product(STATUSES, VALUES)])
def test_a_field_is_writable_only_in_the_statuses_of_the_table(api, status, field):
    invoice = INVOICES[status](api)
    response = api.patch(f"invoices/{invoice['id']}", json={field: VALUES[field]})
    if field in WRITABLE[status]:
        after = data_of(response, 200)
        assert after["version"] == invoice["version"] + 1
        if field != "items":
            assert after[field] == VALUES[field]
    else:
        error = error_of(response, 422, "read_only_field")
        assert [detail["field"] for detail in error["details"]] == [field]


@all_cases("status", STATUSES)
def test_computed_fields_are_read_only_in_every_status(api, status):
    path = f"invoices/{INVOICES[status](api)['id']}"
    error = error_of(api.patch(path, json=dict.fromkeys(COMPUTED, 1)), 422, "read_only_field")
    assert [detail["field"] for detail in error["details"]] == COMPUTED


def test_computed_fields_are_read_only_for_a_new_invoice(api):
    body = invoice_body() | dict.fromkeys([*COMPUTED, "status"], "draft")
    error = error_of(api.post("invoices", json=body), 422, "read_only_field")
    assert [detail["field"] for detail in error["details"]] == [*COMPUTED, "status"]


@pytest.mark.parametrize(("target", "also"), [("sent", {"clientName": "New"}), ("void", {"items": VALUES["items"]})])
def test_a_transition_and_changes_happen_together(api, target, also):
    path = f"invoices/{draft_invoice(api)['id']}"
    after = api.update(path, {"status": target, **also})
    assert (after["status"], after["version"]) == (target, 3)
    assert api.read(path) == after


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"notes": "new", "status": "paid"}, 409),
        ({"notes": "new", "dueDate": "2020-01-01"}, 422),
        ({"notes": "new", "bogus": 1}, 422),
        ({"status": "sent", "invoiceNumber": "TAKEN"}, 409),
    ],
)
def test_a_refused_transition_applies_no_change(api, body, status):
    draft_invoice(api, invoiceNumber="TAKEN")
    invoice = draft_invoice(api)
    assert api.patch(f"invoices/{invoice['id']}", json=body).status_code == status
    assert api.read(f"invoices/{invoice['id']}") == invoice


def test_an_invoice_of_zero_is_paid_when_it_is_sent(api):
    after = sent_invoice(api, items=[{**LINE, "unitPrice": 0}])
    assert (after["status"], after["totalAmount"], after["version"]) == ("paid", "0.00", 3)
    assert after["sentAt"] == after["paidAt"]
