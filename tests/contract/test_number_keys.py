"""Numbers are unique by their key: what a person calls one number is one, however it is written."""

from functools import partial
from uuid import uuid4

import pytest

from tests.support.cases import all_cases
from tests.support.client import data_of, error_of
from tests.support.scenarios import LINE, bill_body, draft_bill, draft_invoice, invoice_body, open_bill, void_invoice
from tests.support.waiting import run_at_once

SMALL = {"items": [{**LINE, "quantity": 1, "unitPrice": "10.00", "taxRate": 0}]}

SAME_BILL = [
    ("INV-7", "inv-7"),
    ("INV-7", "INV-7 "),
    ("INV-7", " INV-7"),
    ("INV-7", "INV\u200b-7"),
    ("INV-7", "ＩＮＶ－７"),
    ("A  12", "a 12"),
    ("A 12", "A\u00a012"),
    ("A 12", "A\u202f\u200912"),
    ("№ 5", "no 5"),
    ("STRASSE-1", "straße-1"),
    ("ΣΑΣ-1", "σας-1"),
    ("Café/3", "CAFE\u0301/3"),
    ("\u0958-1", "\u0915\u093c-1"),
    ("\u0915\u094d\u200d\u0937-1", "\u0915\u094d\u0937-1"),
    ("ﬁ-9", "FI-9"),
    ("①②", "12"),
    ("x²", "X2"),
    ("７/２０２５", "7/2025"),
    ("B\u00ad-1", "b-1"),
    ("\ufeffB-2", "B-2"),
    ("B-3\ufe0f", "b-3"),
    ("B\u034f-4", "B-4"),
    ("B\u3164-5", "B-5"),
    ("B-\uffa06", "B-6"),
    ("B\u2065-7", "B-7"),
    ("B\U000e0101-8", "B-8"),
    ("B\U0001343f-9", "B-9"),
]
OTHER_BILL = [
    ("INV-7", "INV 7"),
    ("INV-7", "INV7"),
    ("INV-7", "INV_7"),
    ("O-1", "0-1"),
    ("I-1", "1-1"),
    ("12", "१२"),
    ("A-1", "\u0410-1"),
    ("A\u28001", "A1"),
]


def new_vendor():
    """A vendor without bills: their numbers are their own."""
    return f"v-{uuid4().hex}"


@all_cases(("first", "second"), SAME_BILL, ids=ascii)
def test_a_bill_number_that_a_person_calls_the_same_is_refused(api, first, second):
    for number, again in ((first, second), (second, first)):
        made = draft_bill(api, vendorId=new_vendor(), billNumber=number)
        body = bill_body(vendorId=made["vendorId"], billNumber=again)
        error = error_of(api.post("bills", json=body), 409, "duplicate_number")
        assert error["conflictingId"] == made["id"]
        assert made["billNumber"] == number


@all_cases(("first", "second"), OTHER_BILL, ids=ascii)
def test_bill_numbers_that_look_different_are_two(api, first, second):
    vendor = new_vendor()
    draft_bill(api, vendorId=vendor, billNumber=first)
    draft_bill(api, vendorId=vendor, billNumber=second)


def test_the_longest_key_can_be_stored(api):
    made = draft_bill(api, billNumber="\ufdfa" * 64)
    assert made["billNumber"] == "\ufdfa" * 64
    error_of(api.post("bills", json=bill_body(billNumber="\ufdfa" * 64)), 409, "duplicate_number")


@all_cases(
    ("first", "second"), [("INV-7", "inv-7"), ("a/1", "A/1"), ("aBc", "AbC"), ("x1", "X1"), ("2025/q", "2025/Q")]
)
def test_invoice_numbers_that_differ_in_case_alone_are_one(api, first, second):
    made = draft_invoice(api, invoiceNumber=first)
    error = error_of(api.post("invoices", json=invoice_body(invoiceNumber=second)), 409, "duplicate_number")
    assert error["conflictingId"] == made["id"]
    assert f"'{second}'" in error["message"] and "2025-26" in error["message"]
    api.update(f"invoices/{made['id']}", {"invoiceNumber": second})


def test_the_message_names_number_vendor_and_year(api):
    draft_bill(api, billNumber="INV-7")
    error = error_of(api.post("bills", json=bill_body(billNumber="inv-7")), 409, "duplicate_number")
    taken = "The number 'inv-7' is already taken among the bills of mills in the financial year 2025-26."
    assert error["message"].startswith(taken)


@pytest.mark.parametrize("make", [draft_bill, open_bill])
def test_a_void_bill_frees_its_number(api, make):
    wrong = make(api, billNumber="INV-7")
    body = bill_body(billNumber="inv-7")
    error_of(api.post("bills", json=body), 409, "duplicate_number")
    api.update(f"bills/{wrong['id']}", {"status": "void"})
    right = api.create("bills", body)
    assert api.read(f"bills/{wrong['id']}")["billNumber"] == "INV-7"
    api.update(f"bills/{wrong['id']}", {"notes": "entered twice"})
    error = error_of(api.post("bills", json=bill_body(billNumber="INV-7")), 409, "duplicate_number")
    assert error["conflictingId"] == right["id"]


def test_a_bill_is_made_void_and_entered_again_many_times(api):
    for _ in range(3):
        api.update(f"bills/{draft_bill(api, billNumber='INV-7')['id']}", {"status": "void"})
    draft_bill(api, billNumber="INV-7")


def test_a_void_invoice_keeps_its_number(api):
    made = void_invoice(api, invoiceNumber="INV-7")
    error = error_of(api.post("invoices", json=invoice_body(invoiceNumber="inv-7")), 409, "duplicate_number")
    assert error["conflictingId"] == made["id"]


@pytest.mark.parametrize(
    "change",
    [{"billNumber": "inv-7"}, {"vendorId": "mills"}, {"billDate": "2026-03-31"}],
    ids=lambda change: next(iter(change)),
)
def test_a_change_into_a_number_that_is_taken_is_refused(api, change):
    taken = draft_bill(api, billNumber="INV-7")
    fields = {"billNumber": "Inv-7", "vendorId": "mills", "billDate": "2026-01-10"}
    other = {"billNumber": "INV-8", "vendorId": "weavers", "billDate": "2026-04-01"}
    (name,) = change
    made = draft_bill(api, **{**fields, name: other[name]})
    error = error_of(api.patch(f"bills/{made['id']}", json=change), 409, "duplicate_number")
    assert error["conflictingId"] == taken["id"]


def test_16_racers_with_variants_of_one_number_have_one_winner(api):
    variants = ["INV-{}", "inv-{}", "Inv-{} ", " iNV-{}", "ＩＮＶ-{}", "INV\u200b-{}", "I\u2060NV-{}", "inv\uff0d{}"]

    def enter(number, turn):
        return api.post("bills", json=bill_body(billNumber=variants[number % 8].format(turn), **SMALL))

    for turn in range(5):
        answers = run_at_once(16, partial(enter, turn=turn))
        (taken,) = (data_of(answer, 201) for answer in answers if answer.status_code == 201)
        refused = [answer for answer in answers if answer.status_code != 201]
        assert {error_of(answer, 409, "duplicate_number")["conflictingId"] for answer in refused} == {taken["id"]}


def test_the_series_passes_over_a_number_that_was_taken_by_hand_in_lower_case(api):
    draft_invoice(api, invoiceNumber="inv-2025-26-0001")
    assert draft_invoice(api)["invoiceNumber"] == "INV-2025-26-0002"
