"""PATCH: absent fields stay, null clears, an empty change makes no version, and totals follow the items."""

import pytest

from tests.support.client import error_of
from tests.support.scenarios import INVOICES, LINE, draft_invoice, sent_invoice


def test_null_clears_an_optional_field_and_absent_fields_stay(api):
    invoice = draft_invoice(api, notes="Thank you")
    after = api.update(f"invoices/{invoice['id']}", {"clientName": None})
    assert (after["clientName"], after["notes"]) == (None, "Thank you")
    unchanged = {name for name in invoice if invoice[name] == after[name]}
    assert set(invoice) - unchanged == {"clientName", "updatedAt", "version"}


def test_empty_notes_are_not_null(api):
    invoice = draft_invoice(api, notes="x")
    assert api.update(f"invoices/{invoice['id']}", {"notes": ""})["notes"] == ""


@pytest.mark.parametrize("status", INVOICES)
def test_a_patch_that_changes_nothing_creates_no_version(api, status):
    invoice = INVOICES[status](api, notes="Thank you")
    assert api.update(f"invoices/{invoice['id']}", {"notes": "Thank you"}) == invoice
    assert api.update(f"invoices/{invoice['id']}", {}) == invoice


def test_equal_values_in_another_notation_are_no_change(api):
    invoice = draft_invoice(api, invoiceNumber="A/1")
    same = {**LINE, "quantity": "20.000", "unitPrice": "3.5e3", "taxRate": "18.0", "hsnSac": None}
    body = {name: invoice[name] for name in ("clientId", "clientName", "invoiceNumber", "invoiceDate", "dueDate")}
    assert api.update(f"invoices/{invoice['id']}", {**body, "currency": "INR", "items": [same]}) == invoice


def test_new_items_are_priced(api):
    invoice = draft_invoice(api)
    line = {"description": "Tea", "quantity": 1, "unitPrice": "0.445", "taxRate": 10, "hsnSac": "0902"}
    after = api.update(f"invoices/{invoice['id']}", {"items": [line]})
    assert after["items"] == [
        {
            "description": "Tea",
            "quantity": "1",
            "unitPrice": "0.445",
            "taxRate": "10",
            "hsnSac": "0902",
            "amount": "0.45",
            "taxAmount": "0.05",
            "totalAmount": "0.50",
        }
    ]
    totals = [after[name] for name in ("subTotal", "taxTotal", "totalAmount", "amountPaid", "balanceDue")]
    assert totals == ["0.45", "0.05", "0.50", "0.00", "0.50"]


@pytest.mark.parametrize(
    ("currency", "total", "price", "paid"),
    [("JPY", "82600", "3500", "0"), ("KWD", "82600.000", "3500.000", "0.000"), ("USD", "82600.00", "3500.00", "0.00")],
)
def test_a_new_currency_prices_the_items_again(api, currency, total, price, paid):
    path = f"invoices/{draft_invoice(api)['id']}"
    after = api.update(path, {"currency": currency})
    shown = (after["totalAmount"], after["balanceDue"], after["items"][0]["unitPrice"], after["amountPaid"])
    assert shown == (total, total, price, paid)
    assert api.read(path) == after


def test_a_currency_there_and_back_loses_nothing(api):
    line = {**LINE, "quantity": 3, "unitPrice": "33.5", "taxRate": 10}
    invoice = draft_invoice(api, items=[line])
    path = f"invoices/{invoice['id']}"
    assert api.update(path, {"currency": "JPY"})["totalAmount"] == "111"
    assert api.update(path, {"currency": "INR"})["items"] == invoice["items"]


@pytest.mark.parametrize("body", [{"dueDate": "2026-01-09"}, {"invoiceDate": "2099-02-01"}])
def test_a_due_date_before_the_invoice_date_is_refused(api, body):
    invoice = draft_invoice(api)
    error = error_of(api.patch(f"invoices/{invoice['id']}", json=body), 422, "validation_failed")
    assert [detail["field"] for detail in error["details"]] == ["dueDate"]


def test_both_dates_move_together(api):
    invoice = sent_invoice(api)
    dates = {"invoiceDate": "2099-06-01", "dueDate": "2099-06-01"}
    after = api.update(f"invoices/{invoice['id']}", dates)
    assert {name: after[name] for name in dates} == dates


def test_a_number_is_free_in_another_financial_year(api):
    first = draft_invoice(api, invoiceNumber="A/1", invoiceDate="2026-03-31")
    second = draft_invoice(api, invoiceNumber="A/1", invoiceDate="2026-04-01")
    assert first["invoiceNumber"] == second["invoiceNumber"]


@pytest.mark.parametrize("status", ["draft", "void"])
def test_moving_a_date_across_april_onto_a_taken_number_is_refused(api, status):
    taken = INVOICES[status](api, invoiceNumber="A/1", invoiceDate="2026-03-31")
    moving = draft_invoice(api, invoiceNumber="A/1", invoiceDate="2026-04-01")
    path = f"invoices/{moving['id']}"
    error = error_of(api.patch(path, json={"invoiceDate": "2026-03-31"}), 409, "duplicate_number")
    assert error["conflictingId"] == taken["id"]
    assert api.read(path) == moving


def test_an_invoice_may_keep_its_own_number(api):
    invoice = draft_invoice(api, invoiceNumber="A/1")
    after = api.update(f"invoices/{invoice['id']}", {"invoiceNumber": "A/1", "notes": "x"})
    assert after["invoiceNumber"] == "A/1"


def test_automatic_numbers_skip_manual_ones(api):
    draft_invoice(api, invoiceNumber="INV-2025-26-0002")
    numbers = [draft_invoice(api)["invoiceNumber"] for _ in range(2)]
    assert numbers == ["INV-2025-26-0001", "INV-2025-26-0003"]


def test_each_financial_year_has_its_own_series(api):
    days = ["2026-03-31", "2026-04-01", "2000-01-01", "2026-03-31"]
    numbers = [draft_invoice(api, invoiceDate=day)["invoiceNumber"] for day in days]
    assert numbers == ["INV-2025-26-0001", "INV-2026-27-0001", "INV-1999-00-0001", "INV-2025-26-0002"]


def test_a_refused_invoice_uses_up_no_number(api):
    api.post("invoices", json={})
    assert draft_invoice(api)["invoiceNumber"] == "INV-2025-26-0001"


def test_after_number_9999_the_year_is_shortened(api, organization, owner):
    series = "UPDATE org_log SET series = jsonb_build_object('2025', 9998) WHERE org_id = %s"
    owner.execute(series, (organization.id,))
    assert [draft_invoice(api)["invoiceNumber"] for _ in range(2)] == ["INV-2025-26-9999", "INV-25-26-10000"]
