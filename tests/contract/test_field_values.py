"""What a body's values mean: null, empty texts, texts without a visible character, and dates out of bounds."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from commands.bill import DraftBill
from commands.command import Actor, Command, Context
from commands.invoice import DraftInvoice
from commands.leave import RequestLeave
from infra.log.command_bus import execute_on
from tests.support import sample_commands
from tests.support.cases import all_cases
from tests.support.client import data_of, error_of
from tests.support.scenarios import (
    BODIES,
    LINE,
    MAKERS,
    draft_bill,
    draft_invoice,
    open_bill,
    pending_leave,
    sent_invoice,
)

EMPTY = [None, ""]
OPTIONAL = {
    "invoices": {"clientName": None, "invoiceNumber": "INV-2025-26-0001", "currency": "INR", "notes": None},
    "bills": {"vendorName": None, "currency": "INR", "notes": None},
    "leaves": {"employeeName": None, "dayPart": "full", "reason": None},
}
"""The optional fields of a new object, and what they are when they are absent."""
MAY_BE_EMPTY = {"notes", "reason", "note"}
REQUIRED = {
    "invoices": ["clientId", "invoiceDate", "dueDate", "items"],
    "bills": ["vendorId", "billNumber", "billDate", "dueDate", "items"],
    "leaves": ["employeeId", "type", "startDate", "endDate"],
}
DATES = {
    "invoices": ["invoiceDate", "dueDate"],
    "bills": ["billDate", "dueDate"],
    "leaves": ["startDate", "endDate"],
}
PAYMENT = {"amount": "1.00", "paidOn": "2026-01-20"}


def pairs(table):
    return [(collection, field) for collection, fields in table.items() for field in fields]


def wrong_fields(response, code="validation_failed"):
    return [detail["field"] for detail in error_of(response, 422, code)["details"]]


@pytest.mark.parametrize("empty", EMPTY)
@pytest.mark.parametrize(("collection", "field"), pairs(OPTIONAL))
def test_an_empty_field_of_a_new_object_is_as_if_absent(api, collection, field, empty):
    expected = "" if empty == "" and field in MAY_BE_EMPTY else OPTIONAL[collection][field]
    assert api.create(collection, {**BODIES[collection](), field: empty})[field] == expected


@all_cases("empty", EMPTY)
@all_cases(("collection", "field"), pairs(REQUIRED))
def test_an_empty_field_that_is_required_is_missing(api, collection, field, empty):
    response = api.post(collection, json={**BODIES[collection](), field: empty})
    error = error_of(response, 422, "validation_failed")
    assert [(detail["field"], detail["message"]) for detail in error["details"]] == [(field, "is required")]


@all_cases("empty", EMPTY)
@all_cases("field", ["description", "quantity", "unitPrice", "taxRate"])
def test_an_empty_field_of_a_line_is_missing(api, field, empty):
    assert wrong_fields(api.post("invoices", json=BODIES["invoices"](items=[{**LINE, field: empty}]))) == [
        f"items[0].{field}"
    ]


@all_cases("entry", [None, "", [], 0])
def test_a_list_has_no_empty_entries(api, entry):
    assert wrong_fields(api.post("bills", json=BODIES["bills"](items=[LINE, entry]))) == ["items[1]"]


CLEARED = {
    "invoices": {"clientName": None, "notes": None, "currency": "INR"},
    "bills": {"vendorName": None, "notes": None, "currency": "INR"},
}
KEPT = {
    "invoices": ["clientId", "invoiceNumber", "invoiceDate", "dueDate", "items", "status"],
    "bills": ["vendorId", "billNumber", "billDate", "dueDate", "items", "status"],
}


@all_cases("empty", EMPTY)
@all_cases(("collection", "field"), pairs(CLEARED))
def test_an_empty_field_of_a_change_clears_it_or_sets_its_default(api, collection, field, empty):
    object_ = MAKERS[collection](api, notes="n", currency="JPY")
    expected = "" if empty == "" and field in MAY_BE_EMPTY else CLEARED[collection][field]
    assert api.update(f"{collection}/{object_['id']}", {field: empty})[field] == expected


@all_cases("empty", EMPTY)
@all_cases(("collection", "field"), pairs(KEPT))
def test_a_required_field_cannot_be_emptied(api, collection, field, empty):
    object_ = MAKERS[collection](api)
    path = f"{collection}/{object_['id']}"
    assert wrong_fields(api.patch(path, json={field: empty})) == [field]
    assert api.read(path) == object_


def test_an_empty_currency_of_an_invoice_in_rupees_changes_nothing(api):
    invoice = draft_invoice(api)
    assert api.update(f"invoices/{invoice['id']}", {"currency": None})["version"] == invoice["version"]


def test_an_empty_currency_does_not_change_what_is_fixed(api):
    path = f"invoices/{sent_invoice(api, currency='JPY')['id']}"
    assert wrong_fields(api.patch(path, json={"currency": None}), "read_only_field") == ["currency"]


@all_cases("empty", EMPTY)
@all_cases("document", ["invoices", "bills"])
def test_the_optional_fields_of_a_payment_may_be_empty_and_the_others_not(api, document, empty):
    issued = {"invoices": sent_invoice, "bills": open_bill}[document](api)
    path = f"{document}/{issued['id']}/payments"
    assert sorted(wrong_fields(api.post(path, json=dict.fromkeys(PAYMENT, empty)))) == ["amount", "paidOn"]
    payment = api.create(path, {**PAYMENT, "method": empty, "reference": empty})["payments"][0]
    assert (payment["method"], payment["reference"]) == (None, None)


PARTS = ["dayPart", "startPart", "endPart"]


@all_cases("empty", EMPTY)
@all_cases("part", PARTS)
def test_an_empty_part_of_a_leave_is_the_full_day(api, part, empty):
    days = {"startDate": "2099-03-01", "endDate": "2099-03-01" if part == "dayPart" else "2099-03-03"}
    half = "first_half" if part != "startPart" else "second_half"
    assert api.create("leaves", {**BODIES["leaves"](), part: empty})[part] == "full"
    leave = pending_leave(api, **days, **{part: half})
    assert leave[part] == half
    assert api.update(f"leaves/{leave['id']}", {part: empty})[part] == "full"


@all_cases("empty", EMPTY)
@all_cases("field", ["type", "startDate", "endDate", "status"])
def test_a_required_field_of_a_leave_cannot_be_emptied(api, field, empty):
    assert wrong_fields(api.patch(f"leaves/{pending_leave(api)['id']}", json={field: empty})) == [field]


@all_cases("empty", EMPTY)
def test_the_kind_of_a_payment_and_the_day_of_a_reversal_have_defaults(api, empty):
    path = f"invoices/{sent_invoice(api)['id']}/payments"
    payment = api.create(path, {**PAYMENT, "kind": empty})["payments"][0]
    assert payment["kind"] == "payment"
    reversal = f"{path}/{payment['id']}/reversal"
    assert wrong_fields(api.post(reversal, json={"reason": empty})) == ["reason"]
    for day in ("0026-01-20", "1999-12-31", "2100-01-01", "3026-01-20", "2026-1-20"):
        assert wrong_fields(api.post(reversal, json={"reason": "bounced", "reversedOn": day})) == ["reversedOn"]
    taken_back = api.create(reversal, {"reason": "bounced", "reversedOn": empty})["payments"][0]
    assert taken_back["reversedOn"] >= "2026-01-20"


@all_cases("text", ["", " ", "\u200b", "\u3164", None])
def test_a_remainder_is_settled_with_a_reference_that_shows(api, text):
    path = f"invoices/{sent_invoice(api)['id']}/payments"
    body = {**PAYMENT, "kind": "write_off", "reference": text}
    assert wrong_fields(api.post(path, json=body)) == ["reference"]


@all_cases("collection", MAKERS)
@all_cases("empty", EMPTY)
def test_an_empty_field_that_is_unknown_or_read_only_is_still_refused(api, collection, empty):
    for field, code in (("colour", "unknown_field"), ("id", "read_only_field"), ("version", "read_only_field")):
        assert wrong_fields(api.post(collection, json={**BODIES[collection](), field: empty}), code) == [field]
        path = f"{collection}/{MAKERS[collection](api)['id']}"
        assert wrong_fields(api.patch(path, json={field: empty}), code) == [field]


INVISIBLE = [
    *(" ", "   ", "\t\n", "\u00a0", "\u200b", "\u200d\u200c", "\ufeff", "\u2060 \u200e", "\u3000"),
    *("\u00ad", "\u202e", "\u2028", "\x1b", "\u3164", "\U000e0061"),
]


@all_cases("text", INVISIBLE)
def test_a_text_that_may_not_be_empty_has_a_visible_character(api, text):
    line = {**LINE, "description": text}
    assert wrong_fields(api.post("invoices", json=BODIES["invoices"](items=[line]))) == ["items[0].description"]
    assert wrong_fields(api.post("invoices", json=BODIES["invoices"](clientName=text))) == ["clientName"]
    assert wrong_fields(api.post("bills", json=BODIES["bills"](billNumber=text))) == ["billNumber"]
    assert wrong_fields(api.patch(f"bills/{draft_bill(api)['id']}", json={"vendorName": text})) == ["vendorName"]
    assert wrong_fields(api.post("leaves", json=BODIES["leaves"](employeeName=text))) == ["employeeName"]
    path = f"invoices/{sent_invoice(api)['id']}/payments"
    assert wrong_fields(api.post(path, json={**PAYMENT, "method": text})) == ["method"]
    assert wrong_fields(api.post(path, json={**PAYMENT, "reference": text})) == ["reference"]


@all_cases("text", INVISIBLE)
def test_notes_and_reasons_may_be_blank(api, text):
    assert draft_invoice(api, notes=text)["notes"] == text
    assert pending_leave(api, reason=text)["reason"] == text


@all_cases("text", ["a", " a ", "\u200ba", "क्ष", "-", "\u0301", "😀", "."])
def test_one_visible_character_is_enough_and_the_text_is_stored_as_sent(api, text):
    assert draft_invoice(api, clientName=text, items=[{**LINE, "description": text}])["clientName"] == text


OUT_OF_BOUNDS = ["0025-01-10", "0001-01-01", "1999-12-31", "2100-01-01", "9999-12-31", "1026-01-10", "2926-01-10"]


@all_cases("day", OUT_OF_BOUNDS)
@all_cases(("collection", "field"), pairs(DATES))
def test_a_date_out_of_bounds_is_refused_with_both_bounds(api, collection, field, day):
    error = error_of(api.post(collection, json={**BODIES[collection](), field: day}), 422, "validation_failed")
    expected = [(field, "must be a date from 2000-01-01 to 2099-12-31")]
    assert [(detail["field"], detail["message"]) for detail in error["details"]] == expected


@all_cases("day", OUT_OF_BOUNDS)
def test_a_date_out_of_bounds_is_refused_in_changes_and_payments(api, day):
    invoice = sent_invoice(api)
    assert wrong_fields(api.patch(f"invoices/{invoice['id']}", json={"dueDate": day})) == ["dueDate"]
    assert wrong_fields(api.post(f"invoices/{invoice['id']}/payments", json={**PAYMENT, "paidOn": day})) == ["paidOn"]
    assert wrong_fields(api.patch(f"bills/{draft_bill(api)['id']}", json={"billDate": day})) == ["billDate"]


def test_the_bounds_themselves_are_accepted(api):
    invoice = draft_invoice(api, invoiceDate="2000-01-01", dueDate="2099-12-31")
    assert (invoice["invoiceDate"], invoice["dueDate"]) == ("2000-01-01", "2099-12-31")


@all_cases("day", OUT_OF_BOUNDS)
def test_a_filter_may_name_any_date(api, day):
    assert api.read("invoices", dateTo=day) == []
    assert api.read("leaves", dateFrom=day) == []


@dataclass
class Older:
    """An object that was stored before dates had bounds."""

    collection: str
    command: Command
    changes: dict[str, Any]


YEAR_25 = {"due_date": date(25, 2, 10)}
OLDER = {
    "invoice": Older(
        "invoices", sample_commands.draft_invoice(invoice_date=date(25, 1, 10), **YEAR_25), {"status": "sent"}
    ),
    "bill": Older("bills", sample_commands.draft_bill(bill_date=date(25, 1, 10), **YEAR_25), {"status": "open"}),
    "leave": Older(
        "leaves",
        sample_commands.request_leave(start_date=date(3025, 1, 1), end_date=date(3025, 1, 2)),
        {"status": "approved"},
    ),
}


@pytest.mark.parametrize("older", OLDER.values(), ids=OLDER)
def test_an_object_with_an_older_date_can_be_read_and_goes_on(api, organization, owner, older):
    assert isinstance(older.command, DraftInvoice | DraftBill | RequestLeave)
    context = Context(org_id=organization.id, actor=Actor("test", "t"), request_id="r")
    path = f"{older.collection}/{execute_on(owner, older.command, context).id}"
    assert any("25-" in str(value) for value in api.read(path).values())
    after = data_of(api.patch(path, json=older.changes), 200)
    assert after["status"] == older.changes["status"]
    if older.collection == "leaves":
        assert api.update(path, {"status": "cancelled"})["status"] == "cancelled"
    else:
        assert api.update(path, {"notes": "found"})["notes"] == "found"
        assert api.create(f"{path}/payments", PAYMENT)["status"] == "partially_paid"
        error_of(api.post(f"{path}/payments", json={**PAYMENT, "paidOn": "0025-01-20"}), 422, "validation_failed")
