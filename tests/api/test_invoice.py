"""`/invoices` over HTTP."""

from tests.scenarios import INVOICES, draft_invoice, invoice_body
from tests.support import error_of


def test_a_draft_has_its_totals_and_stands_first_in_the_list(api):
    older = draft_invoice(api)
    made = draft_invoice(api)
    assert made["status"] == "draft"
    totals = [made[name] for name in ("subTotal", "taxTotal", "totalAmount", "amountPaid", "balanceDue")]
    assert totals == ["70000.00", "12600.00", "82600.00", "0.00", "82600.00"]
    listed = api.got("invoices")
    assert [invoice["id"] for invoice in listed] == [made["id"], older["id"]]
    assert listed[0] == {name: value for name, value in made.items() if name not in ("items", "payments")}


def test_every_starting_state_can_be_reached(api):
    assert {status: make(api)["status"] for status, make in INVOICES.items()} == {status: status for status in INVOICES}


def test_a_taken_number_names_the_other_invoice(api):
    first = draft_invoice(api, invoiceNumber="A/1")
    error = error_of(api.post("invoices", json=invoice_body(invoiceNumber="A/1")), 409, "duplicate_number")
    assert error["conflictingId"] == first["id"]


def test_another_currency_writes_equal_amounts_with_its_own_decimals(api):
    line = {"description": "Consulting", "quantity": 1, "unitPrice": 100, "taxRate": 0}
    drafted = draft_invoice(api, items=[line])
    changed = api.patched(f"invoices/{drafted['id']}", {"currency": "JPY"})
    totals = [changed[name] for name in ("subTotal", "totalAmount", "amountPaid", "balanceDue")]
    assert totals == ["100", "100", "0", "100"]
    assert [changed["items"][0][name] for name in ("unitPrice", "amount", "totalAmount")] == ["100", "100", "100"]
