"""What a question names: days, amounts, names, numbers, and where each goes in the request."""

from datetime import date

import pytest

from api.assistant.reading.values.amounts import find_amount, find_item, find_percent
from api.assistant.reading.values.days import find_days
from tests.support.cases import all_cases

TODAY = date(2026, 11, 26)


@all_cases(
    ("text", "first", "last"),
    [
        ("15 January 2027", "2027-01-15", "2027-01-15"), ("5 march 2027 subah", "2027-03-05", "2027-03-05"),
        ("on 31/12/2026", "2026-12-31", "2026-12-31"), ("next week", "2026-11-30", "2026-12-06"),
        ("पिछले महीने", "2026-10-01", "2026-10-31"), ("last 7 days", "2026-11-19", "2026-11-26"),
        ("in December 2026", "2026-12-01", "2026-12-31"), ("kal", "2026-11-27", "2026-11-27"),
        ("is mahine", "2026-11-01", "2026-11-30"),
    ],
)  # fmt: skip
def test_days_are_found(text, first, last):
    (days,) = find_days(text, TODAY)
    assert (days.first.isoformat(), days.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    ("text", "amount"),
    [("the full 59,000 by bank", "59000"), ("₹1,00,000", "100000"), ("2.5 lakh", "250000"), ("5000 रुपये", "5000")],
)
def test_amounts_are_found(text, amount):
    assert find_amount(text, bare=True) == amount


def test_a_line_item_and_its_tax_are_found():
    text = "20 hours of consulting at 3500 plus 18% gst"
    assert find_item(text) == ("20", "hours of consulting", "3500") and find_percent(text) == "18"


@all_cases(
    ("question", "parts"),
    [
        ("half a day of sick leave for Meera on 15 January 2027, afternoon", ('"meera"', '"sick"', '"2027-01-15"', "second_half")),
        ("bills of Kaveri Stationers due before 2026-12-31", ("search=Kaveri+Stationers", "dueTo=2026-12-31")),
        ("leaves of emp-7", ("employeeId=emp-7",)),
        ("write off the remaining 350 rupees of an invoice", ('"write_off"', '"350"', '"reference"')),
        ("draft an invoice for Kiran Stores, 5 chairs at 1200, in USD", ('"kiran-stores"', '"quantity": 5', "1200", '"USD"')),
        ("invoices changed since 2026-11-26T06:00:00Z", ("updatedSince=2026-11-26T06:00:00Z",)),
        ("approve leave_01K7 in curl", ("/leaves/leave_01K7'", '"approved"')),
        ("मीरा की छुट्टियाँ दिखाओ", ("search=%E0%A4%AE",)),
    ],
)  # fmt: skip
def test_each_goes_into_the_request_in_its_place(question, parts, ask):
    code = ask(question).reply.samples[0].code
    assert [part for part in parts if part not in code] == []
