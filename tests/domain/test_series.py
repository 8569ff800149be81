"""The own series of invoice numbers: its shape, and what older events say about where a number came from."""

from datetime import date
from typing import Any

import msgspec
import pytest

from domain.accounts.series import (
    DEFAULT_PREFIX,
    MAX_NUMBER,
    MAX_PREFIX,
    has_default_form,
    is_of_series,
    last_serial,
    plain_prefix,
    series_number,
)
from domain.invoice import Invoice
from tests.support.cases import all_cases
from tests.support.domain_states import AT, draft

IN_2025, IN_2026 = date(2026, 3, 31), date(2026, 4, 1)


@all_cases(
    ("number", "day", "expected"),
    [
        ("INV-2025-26-0001", IN_2025, True),
        ("INV-2025-26-9999", IN_2025, True),
        ("INV-25-26-10000", IN_2025, True),
        ("INV-2099-00-0001", date(2099, 4, 1), True),
        ("INV-2025-26-0001", IN_2026, False),
        ("INV-25-26-10000", IN_2026, False),
        ("INV-25-26-0001", IN_2025, False),
        ("INV-2025-26-001", IN_2025, False),
        ("INV-2025-26-00001", IN_2025, False),
        ("inv-2025-26-0001", IN_2025, False),
        ("INV-2025-26-0001\n", IN_2025, False),
        ("INV-2025-26-०००१", IN_2025, False),
        ("INV-1", IN_2025, False),
    ],
)
def test_the_series_has_one_shape_in_each_year(number, day, expected):
    assert is_of_series(number, day) == expected


def as_before(number: str, *updates: dict[str, Any]) -> Invoice:
    """Return a draft of 2025-26 whose events do not say where the number came from."""
    invoice = Invoice.empty("inv_1")
    fields = {**draft(number="INV-1", invoice_date=IN_2025, due_date=IN_2026).__dict__, "invoice_number": number}
    known = {name: value for name, value in fields.items() if name in Invoice.Drafted.__struct_fields__}
    invoice.record(Invoice.Drafted, AT, **{**known, "number_from_series": msgspec.UNSET})
    for update in updates:
        invoice.record(Invoice.Updated, AT, **update)
    return invoice


@pytest.mark.parametrize(
    ("invoice", "number"),
    [
        (lambda: as_before("INV-2025-26-0007"), "NEXT"),
        (lambda: as_before("A-7"), "A-7"),
        (lambda: as_before("INV-2024-25-0007"), "INV-2024-25-0007"),
        (lambda: as_before("A-7", {"invoice_number": "INV-2025-26-0007"}), "NEXT"),
        (lambda: as_before("INV-2025-26-0007", {"invoice_number": "A-7"}), "A-7"),
        (lambda: as_before("INV-2025-26-0007", {"due_date": date(2026, 5, 1)}), "NEXT"),
    ],
)
def test_in_older_events_the_shape_tells_where_a_number_came_from(invoice, number):
    moved = invoice()
    moved.update({"invoice_date": date(2026, 4, 1)}, AT, lambda: "NEXT")
    assert moved.invoice_number == number


def test_a_draft_that_crossed_april_before_the_rule_gets_its_number_at_the_next_move():
    invoice = as_before("INV-2025-26-0007", {"invoice_date": IN_2026, "due_date": date(2026, 5, 1)})
    invoice.update({"notes": "x"}, AT, lambda: "NEXT")
    assert invoice.invoice_number == "INV-2025-26-0007"
    invoice.update({"invoice_date": date(2026, 4, 2)}, AT, lambda: "NEXT")
    assert invoice.invoice_number == "NEXT"


FORMS = [
    ("INV", 1, "INV-2026-27-0001"), ("INV", 9999, "INV-2026-27-9999"), ("INV", 10_000, "INV-26-27-10000"),
    ("INV", 999_999, "INV-26-27-999999"), ("INV", 1_000_000, "INV-26-1000000"),
    ("A", 1, "A-2026-27-0001"), ("SHRM", 1, "SHRM-26-27-0001"), ("SHRMA", 1, "SHRMA-26-27-0001"),
    ("SHRMA", 10_000, "SHRMA-26-10000"), ("SHARMA", 1, "SHARMA-26-0001"), ("SHARMATX", 1, "SHARMATX-26-0001"),
    ("SHARMATX", 10_000, "SHARMATX-10000"), ("SHARMATEXT", 1, "SHARMATEXT-0001"),
    ("SHARMATEXT", 99_999, "SHARMATEXT-99999"), ("SHARMATEXT", 100_000, None),
    ("ST/", 1, "ST/2026-27-0001"), ("SH/26-27/", 1, "SH/26-27/26-0001"), ("SH/26-27/", 10_000, "SH/26-27/10000"),
    ("A-", 1, "A-2026-27-0001"),
]  # fmt: skip


@all_cases(("prefix", "serial", "number"), FORMS)
def test_a_number_shows_as_much_of_the_year_as_there_is_room_for(prefix, serial, number):
    assert series_number(prefix, 2026, serial) == number


def test_every_prefix_has_room_for_99_999_numbers_and_no_number_is_too_long():
    for length in range(1, MAX_PREFIX + 1):
        for prefix in ("P" * length, "P" * (length - 1) + "/" if length > 1 else "P"):
            most = last_serial(prefix)
            assert most >= 99_999
            assert most == 2**31 - 1 or series_number(prefix, 2026, most + 1) is None
            numbers = [series_number(prefix, 2026, serial) or "" for serial in (1, 9_999, 10_000, most - 1, most)]
            assert len(set(numbers)) == len(numbers) and all(0 < len(number) <= MAX_NUMBER for number in numbers)


@all_cases(("prefix", "plain"), [("INV-", "INV"), ("INV", "INV"), ("A--", "A"), ("A/", "A/"), ("A-/-", "A-/")])
def test_a_hyphen_at_the_end_makes_no_other_series(prefix, plain):
    assert plain_prefix(prefix) == plain


@all_cases(
    ("number", "expected"),
    [("INV-2025-26-0001", True), ("INV-25-26-10000", True), ("INV-A-26-27-0001", False), ("ST-2025-26-0001", False)],
)
def test_the_default_form_is_known_in_every_year(number, expected):
    assert has_default_form(number) == expected


def test_a_number_with_a_prefix_stays_within_its_year_and_leaves_it_with_the_date():
    """A long prefix shows no year, so the date of the invoice says to which year the number belongs."""
    for number in ("ST-2025-26-0007", "SHARMATEXT-0007"):
        invoice = draft(number=number, number_from_series=True)
        assert invoice.number_from_series
        assert invoice.new_number({"invoice_date": date(2025, 4, 1)}, None) == {}
        assert invoice.new_number({"invoice_date": IN_2026}, lambda: "X") == {"invoice_number": "X"}
        invoice.update({"invoice_date": IN_2026, "due_date": IN_2026}, AT, lambda: "SHARMATEXT-0001")
        assert (invoice.invoice_number, invoice.number_from_series) == ("SHARMATEXT-0001", True)


def test_the_default_prefix_makes_the_numbers_of_the_contract():
    assert is_of_series(series_number(DEFAULT_PREFIX, 2026, 42) or "", IN_2026)
