"""Given a bill's events, when a method is called, then these events or this refusal, for every transition."""

from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from domain.bill import Bill
from domain.calendar import instant
from domain.errors import Invalid, InvalidTransition
from domain.errors.codes import READ_ONLY_FIELD
from domain.errors.document import ActionRefused
from tests.support.cases import all_cases
from tests.support.domain_states import AT, LINE, as_stored, new_events, pay


def draft(**changes: Any) -> Any:
    fields: dict[str, Any] = {
        "number": "B/1",
        "vendor_id": "mills",
        "vendor_name": "Mills & Sons",
        "currency": "INR",
        "bill_date": date(2026, 1, 10),
        "due_date": date(2026, 1, 31),
        "lines": (LINE,),
        "notes": "Thank you",
        **changes,
    }
    bill: Any = Bill.draft("bill_1", at=AT, **fields)
    return as_stored(bill)


def after_draft(*steps: Any) -> Any:
    """Return a function that makes a draft and applies these steps to it."""

    def make(**changes: Any) -> Any:
        bill = draft(**changes)
        for step in steps:
            step(bill)
        return as_stored(bill)

    return make


def opening(bill: Any) -> None:
    bill.transition_to("open", AT)


GIVEN = {
    "draft": draft,
    "open": after_draft(opening),
    "partially_paid": after_draft(opening, lambda bill: pay(bill, "600.00")),
    "paid": after_draft(opening, lambda bill: pay(bill, bill.balance_due)),
    "void": after_draft(lambda bill: bill.transition_to("void", AT)),
}
overdue = after_draft(opening, lambda bill: bill.refresh_overdue(date(2026, 2, 1), AT))
STATUSES = tuple(GIVEN)
EVENT_OF = {"open": "bill.opened", "void": "bill.voided"}
VALUES = {
    "vendor_id": "other",
    "vendor_name": None,
    "bill_number": "X/1",
    "bill_date": date(2026, 1, 11),
    "due_date": date(2026, 2, 28),
    "currency": "JPY",
    "items": (LINE, LINE),
    "notes": None,
}
WRITABLE = {
    "draft": set(VALUES),
    "open": {"bill_date", "due_date", "notes"},
    "partially_paid": {"bill_date", "due_date", "notes"},
    "paid": {"notes"},
    "void": {"notes"},
}


def test_the_transition_table_is_that_of_the_contract():
    steps = {"draft": ("open", "void"), "open": ("void",), "partially_paid": (), "paid": (), "void": ()}
    assert Bill.transitions() == steps


@all_cases(("status", "target"), [*product(STATUSES, STATUSES)])
def test_a_transition_is_recorded_if_it_is_allowed_and_refused_otherwise(status, target):
    bill = GIVEN[status]()
    allowed = Bill.transitions()[status]
    if target == status:
        bill.transition_to(target, AT)
        assert new_events(bill) == []
    elif target in allowed:
        bill.transition_to(target, AT)
        assert (new_events(bill), bill.status) == ([EVENT_OF[target]], target)
    else:
        with pytest.raises(InvalidTransition) as refused:
            bill.transition_to(target, AT)
        assert (refused.value.allowed, new_events(bill), bill.status) == (allowed, [], status)


@pytest.mark.parametrize("status", STATUSES)
def test_a_payment_is_accepted_exactly_where_the_actions_offer_it(status):
    bill = GIVEN[status](lines=(LINE, LINE))
    balance = bill.balance_due
    if "recordPayment" in Bill.actions(status):
        pay(bill, "0.01")
        assert new_events(bill) == ["bill.payment_recorded"]
        assert (bill.status, bill.balance_due) == ("partially_paid", balance - Decimal("0.01"))
    else:
        with pytest.raises((ActionRefused, Invalid)):
            pay(bill, "0.01")
        assert new_events(bill) == []


@pytest.mark.parametrize("status", STATUSES)
def test_the_actions_match_the_transitions(status):
    offered = tuple(action for action in Bill.actions(status) if action in EVENT_OF)
    assert offered == Bill.transitions()[status]


@all_cases(("status", "field"), [*product(STATUSES, VALUES)])
def test_a_field_is_writable_in_its_statuses_and_read_only_in_the_others(status, field):
    bill = GIVEN[status]()
    if field in WRITABLE[status]:
        bill.update({field: VALUES[field]}, AT)
        assert new_events(bill) == ["bill.updated"]
    else:
        with pytest.raises(Invalid) as refused:
            bill.update({field: VALUES[field]}, AT)
        assert READ_ONLY_FIELD in {violation.code for violation in refused.value.violations}
        assert new_events(bill) == []


@pytest.mark.parametrize("status", STATUSES)
def test_an_update_to_the_same_values_records_no_event(status):
    bill = GIVEN[status]()
    bill.update({name: getattr(bill, name) for name in WRITABLE[status]}, AT)
    assert new_events(bill) == []


def test_opening_records_its_time():
    bill = draft()
    opening(bill)
    assert bill.opened_at == instant(AT)


def test_the_last_payment_makes_a_bill_paid():
    bill = GIVEN["partially_paid"]()
    pay(bill, bill.balance_due)
    assert new_events(bill) == ["bill.payment_recorded", "bill.paid"]
    assert (bill.status, bill.balance_due, bill.amount_paid) == ("paid", Decimal(0), Decimal(82600))


def test_a_bill_of_zero_is_paid_when_it_is_opened():
    bill = draft(lines=())
    opening(bill)
    assert (new_events(bill), bill.status) == (["bill.opened", "bill.paid"], "paid")


@pytest.mark.parametrize(
    ("status", "day", "events"),
    [
        ("draft", date(2026, 2, 1), []),
        ("open", date(2026, 1, 31), []),
        ("open", date(2026, 2, 1), ["bill.overdue"]),
        ("partially_paid", date(2026, 2, 1), ["bill.overdue"]),
        ("paid", date(2026, 2, 1), []),
        ("void", date(2026, 2, 1), []),
    ],
)
def test_an_unpaid_document_is_overdue_from_the_day_after_its_due_date(status, day, events):
    bill = GIVEN[status]()
    bill.refresh_overdue(day, AT)
    assert new_events(bill) == events


ENDINGS = {
    "a payment in full": lambda bill: pay(bill, bill.balance_due),
    "a new due date": lambda bill: bill.update({"due_date": date(2026, 3, 1)}, AT),
    "making it void": lambda bill: bill.transition_to("void", AT),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_being_overdue_ends_with_its_cause(ending):
    bill = overdue()
    ENDINGS[ending](bill)
    bill.refresh_overdue(date(2026, 2, 1), AT)
    assert (new_events(bill)[-1], bill.is_overdue) == ("bill.overdue_cleared", False)


def test_being_overdue_is_recorded_once():
    bill = overdue()
    bill.refresh_overdue(date(2026, 2, 2), AT)
    assert new_events(bill) == []


def test_a_due_date_before_the_bill_is_refused():
    with pytest.raises(Invalid, match="dueDate"):
        draft(due_date=date(2026, 1, 9))
