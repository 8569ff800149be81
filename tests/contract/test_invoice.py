"""`/invoices`: which drafts are accepted, and their totals."""

from typing import Any

from tests.support.cases import all_cases
from tests.support.client import error_of
from tests.support.scenarios import INVOICES, LINE, bill_body, draft_invoice, invoice_body
from tests.support.totals import TOTALS


def test_a_new_draft_has_totals_and_is_first_in_the_list(api):
    older = draft_invoice(api)
    draft = draft_invoice(api)
    assert draft["status"] == "draft"
    totals = [draft[name] for name in ("subTotal", "taxTotal", "totalAmount", "amountPaid", "balanceDue")]
    assert totals == ["70000.00", "12600.00", "82600.00", "0.00", "82600.00"]
    listed = api.read("invoices")
    assert [invoice["id"] for invoice in listed] == [draft["id"], older["id"]]
    assert listed[0] == {name: value for name, value in draft.items() if name not in ("items", "payments")}


def test_every_starting_state_can_be_reached(api):
    assert {status: make(api)["status"] for status, make in INVOICES.items()} == {status: status for status in INVOICES}


def test_a_taken_number_names_the_other_invoice(api):
    first = draft_invoice(api, invoiceNumber="A/1")
    error = error_of(api.post("invoices", json=invoice_body(invoiceNumber="A/1")), 409, "duplicate_number")
    assert error["conflictingId"] == first["id"]


def test_amounts_have_the_decimals_of_their_currency(api):
    line = {"description": "Consulting", "quantity": 1, "unitPrice": 100, "taxRate": 0}
    drafted = draft_invoice(api, items=[line])
    changed = api.update(f"invoices/{drafted['id']}", {"currency": "JPY"})
    totals = [changed[name] for name in ("subTotal", "totalAmount", "amountPaid", "balanceDue")]
    assert totals == ["100", "100", "0", "100"]
    assert [changed["items"][0][name] for name in ("unitPrice", "amount", "totalAmount")] == ["100", "100", "100"]


@all_cases(("currency", "lines", "sub_total", "tax_total", "total"), TOTALS)
@all_cases("collection", ["invoices", "bills"])
def test_totals_are_those_of_the_contract(api, collection, currency, lines, sub_total, tax_total, total):
    names = ("quantity", "unitPrice", "taxRate")
    items = [{"description": "x", **dict(zip(names, line, strict=True))} for line in lines]
    body = {"invoices": invoice_body, "bills": bill_body}[collection](currency=currency, items=items)
    invoice = api.create(collection, body)
    shown = [invoice[name] for name in ("subTotal", "taxTotal", "totalAmount", "balanceDue")]
    assert shown == [sub_total, tax_total, total, total]


TAKEN: dict[str, list[Any]] = {
    "clientId": ["a", "A-z_09", "c" * 64],
    "clientName": [None, "n", "ü" * 200],
    "invoiceNumber": ["7", "A" * 16, "INV/26-27/001"],
    "invoiceDate": ["2024-02-29", "2099-01-31"],
    "dueDate": ["2026-01-10", "2099-12-31"],
    "currency": ["INR", "JPY", "KWD"],
    "notes": [None, "", "n" * 5000],
}


@all_cases(("field", "value"), [(field, value) for field, values in TAKEN.items() for value in values])
def test_a_field_at_its_limit_is_accepted_unchanged(api, field, value):
    assert api.create("invoices", {**invoice_body(), field: value})[field] == value


REFUSED: dict[str, list[Any]] = {
    "clientId": [None, "", "c" * 65, "a b", "a/b", "ü", 7],
    "clientName": [" ", "\u200b", "n" * 201, 7],
    "invoiceNumber": [" ", "A" * 17, "-1", "/1", "A 1", "A.1", "Ä1", 7],
    "invoiceDate": [None, "", "2025-02-29", "10-01-2026", "2026-01-10T00:00:00Z", "2099-02-01", 20260110],
    "dueDate": [None, "2026-01-09", "2026-13-01", "2100-01-01", "0026-02-01"],
    "currency": [" ", "inr", "XXX", "RS", 356],
    "items": [None, [], {}, [LINE] * 201, "x"],
    "notes": ["n" * 5001, 7, "\0"],
}


@all_cases(("field", "value"), [(field, value) for field, values in REFUSED.items() for value in values])
def test_a_field_beyond_its_limit_is_refused_by_name(api, field, value):
    error = error_of(api.post("invoices", json={**invoice_body(), field: value}), 422, "validation_failed")
    wanted = "dueDate" if (field, value) == ("invoiceDate", "2099-02-01") else field
    assert [detail["field"] for detail in error["details"]] == [wanted]


def test_without_a_number_or_with_null_the_invoice_gets_the_next_one(api):
    invoices = [
        api.create("invoices", invoice_body()),
        api.create("invoices", {**invoice_body(), "invoiceNumber": None}),
    ]
    assert [invoice["invoiceNumber"] for invoice in invoices] == ["INV-2025-26-0001", "INV-2025-26-0002"]


def test_a_draft_may_have_200_items_and_is_in_rupees_by_default(api):
    invoice = draft_invoice(api, items=[LINE] * 200)
    assert (len(invoice["items"]), invoice["currency"], invoice["totalAmount"]) == (200, "INR", "16520000.00")


LINE_TAKEN: dict[str, list[Any]] = {
    "description": ["d", "ü" * 500],
    "quantity": ["0.001", "999", 1.5],
    "unitPrice": ["0", "0.0001", "999999999999.9999"],
    "taxRate": [0, "100", "9.975"],
    "hsnSac": [None, "", "0902", "998314", "09021020"],
}
LINE_REFUSED: dict[str, list[Any]] = {
    "description": [None, "", "d" * 501, 7],
    "quantity": [None, 0, -1, "0.0001", 10**12, "1e12", "NaN", "Infinity", "1e99999", "1_0", "१२", "", True, [1]],
    "unitPrice": [None, -0.01, "0.00001", 10**12, "-Infinity", "٣", "0x10", " 1"],
    "taxRate": [None, -1, "100.001", "0.0001", "18%"],
    "hsnSac": ["1", "12345", "123456789", "1234567", " 0902", "09 02", "०९०२", "SAC9", "-902", 998314],
}
LINES_TAKEN = [(field, value) for field, values in LINE_TAKEN.items() for value in values]
LINES_REFUSED = [(field, value) for field, values in LINE_REFUSED.items() for value in values]


@all_cases(("field", "value"), LINES_TAKEN)
def test_a_line_item_field_at_its_limit_is_accepted(api, field, value):
    draft_invoice(api, items=[{"description": "x", "quantity": 1, "unitPrice": 1, "taxRate": 0, field: value}])


@all_cases(("field", "value"), LINES_REFUSED)
def test_a_line_item_field_beyond_its_limit_is_refused_by_its_path(api, field, value):
    body = invoice_body(items=[LINE, {**LINE, field: value}])
    error = error_of(api.post("invoices", json=body), 422, "validation_failed")
    assert [detail["field"] for detail in error["details"]] == [f"items[1].{field}"]


def test_a_total_of_10_to_the_15_is_refused_and_a_paisa_less_is_accepted(api):
    lines = [{**LINE, "quantity": 1000, "unitPrice": "999999999999.9999", "taxRate": 0}]
    assert draft_invoice(api, items=lines)["totalAmount"] == "999999999999999.90"
    lines.append({**LINE, "quantity": 1, "unitPrice": "0.10", "taxRate": 0})
    error = error_of(api.post("invoices", json=invoice_body(items=lines)), 422, "validation_failed")
    assert [detail["field"] for detail in error["details"]] == ["items"]
    lines[1]["unitPrice"] = "0.09"
    assert draft_invoice(api, items=lines)["totalAmount"] == "999999999999999.99"


def test_every_wrong_field_is_named_at_once_with_a_code_of_its_own(api):
    line = {"quantity": 0, "unitPrice": "x", "taxRate": 18, "amount": 1, "colour": "red"}
    body = {**invoice_body(dueDate="2026-01-09", items=[LINE, line]), "version": 1, "bogus": 1, "clientId": ""}
    error = error_of(api.post("invoices", json=body), 422, "validation_failed")
    assert {(detail["field"], detail["code"]) for detail in error["details"]} == {
        ("clientId", "validation_failed"),
        ("dueDate", "validation_failed"),
        ("items[1].description", "validation_failed"),
        ("items[1].quantity", "validation_failed"),
        ("items[1].unitPrice", "validation_failed"),
        ("items[1].amount", "read_only_field"),
        ("items[1].colour", "unknown_field"),
        ("version", "read_only_field"),
        ("bogus", "unknown_field"),
    }


@all_cases(("field", "code"), [("bogus", "unknown_field"), ("totalAmount", "read_only_field")])
def test_read_only_and_unknown_fields_of_a_new_invoice_are_refused(api, field, code):
    error = error_of(api.post("invoices", json={**invoice_body(), field: 1}), 422, code)
    assert [detail["field"] for detail in error["details"]] == [field]


@all_cases("field", ["clientId", "invoiceNumber", "invoiceDate", "dueDate", "items", "status"])
def test_null_is_refused_for_a_required_field(api, field):
    invoice = draft_invoice(api)
    error = error_of(api.patch(f"invoices/{invoice['id']}", json={field: None}), 422, "validation_failed")
    assert [detail["field"] for detail in error["details"]] == [field]
    assert api.read(f"invoices/{invoice['id']}") == invoice
