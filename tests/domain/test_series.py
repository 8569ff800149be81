"""The own series of invoice numbers: its shape, and what older events say about where a number came from."""

from datetime import date
from typing import Any

import msgspec
import pytest

from domain.calendar import is_of_series
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
