"""Given an invoice's events, when a method is called, then these events or this refusal, for every transition."""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from domain.errors import Invalid, InvalidTransition
from domain.errors.codes import AMOUNT_EXCEEDS_BALANCE, READ_ONLY_FIELD, VALIDATION_FAILED
from domain.errors.document import ActionRefused
from domain.invoice import Invoice
from tests.support.cases import all_cases
from tests.support.domain_states import AT, GIVEN, LINE, TODAY, draft, new_events, overdue, partially_paid, pay, sent

STATUSES = tuple(GIVEN)
EVENT_OF = {"sent": "invoice.sent", "void": "invoice.voided"}
VALUES = {
    "client_id": "other",
    "client_name": None,
    "invoice_number": "A/1",
    "invoice_date": date(2026, 1, 11),
    "due_date": date(2026, 2, 28),
    "currency": "JPY",
    "items": (LINE, LINE),
    "notes": None,
}
WRITABLE = {
    "draft": set(VALUES),
    "sent": {"invoice_date", "due_date", "notes"},
    "partially_paid": {"invoice_date", "due_date", "notes"},
    "paid": {"notes"},
    "void": {"notes"},
}


def test_the_transition_table_is_that_of_the_contract():
    steps = {"draft": ("sent", "void"), "sent": ("void",), "partially_paid": (), "paid": (), "void": ()}
    assert Invoice.transitions() == steps


@all_cases(("status", "target"), [*product(STATUSES, STATUSES)])
def test_a_transition_is_recorded_if_it_is_allowed_and_refused_otherwise(status, target):
    invoice = GIVEN[status]()
    allowed = Invoice.transitions()[status]
    if target == status:
        invoice.transition_to(target, AT)
        assert new_events(invoice) == []
    elif target in allowed:
        invoice.transition_to(target, AT)
        assert (new_events(invoice), invoice.status) == ([EVENT_OF[target]], target)
    else:
        with pytest.raises(InvalidTransition) as refused:
            invoice.transition_to(target, AT)
        assert (refused.value.allowed, new_events(invoice), invoice.status) == (allowed, [], status)


@pytest.mark.parametrize("status", STATUSES)
def test_a_payment_is_accepted_exactly_where_the_actions_offer_it(status):
    invoice = GIVEN[status](lines=(LINE, LINE))
    balance = invoice.balance_due
    if "recordPayment" in Invoice.actions(status):
        pay(invoice, "0.01")
        assert new_events(invoice) == ["invoice.payment_recorded"]
        assert (invoice.status, invoice.balance_due) == ("partially_paid", balance - Decimal("0.01"))
    else:
        with pytest.raises((ActionRefused, Invalid)):
            pay(invoice, "0.01")
        assert new_events(invoice) == []


@pytest.mark.parametrize("status", STATUSES)
def test_the_actions_match_the_transitions(status):
    verbs = {"send": "sent", "void": "void"}
    offered = tuple(verbs[action] for action in Invoice.actions(status) if action in verbs)
    assert offered == Invoice.transitions()[status]


@all_cases(("status", "field"), [*product(STATUSES, VALUES)])
def test_a_field_is_writable_in_its_statuses_and_read_only_in_the_others(status, field):
    invoice = GIVEN[status]()
    if field in WRITABLE[status]:
        invoice.update({field: VALUES[field]}, AT)
        assert new_events(invoice) == ["invoice.updated"]
    else:
        with pytest.raises(Invalid) as refused:
            invoice.update({field: VALUES[field]}, AT)
        assert READ_ONLY_FIELD in {violation.code for violation in refused.value.violations}
        assert new_events(invoice) == []


@pytest.mark.parametrize("status", STATUSES)
def test_an_update_to_the_same_values_records_no_event(status):
    invoice = GIVEN[status]()
    invoice.update({name: getattr(invoice, name) for name in WRITABLE[status]}, AT)
    assert new_events(invoice) == []


def test_the_last_payment_makes_an_invoice_paid():
    invoice = partially_paid()
    pay(invoice, invoice.balance_due)
    assert new_events(invoice) == ["invoice.payment_recorded", "invoice.paid"]
    assert (invoice.status, invoice.balance_due, invoice.amount_paid) == ("paid", Decimal(0), Decimal(82600))


def test_an_invoice_of_zero_is_paid_when_it_is_sent():
    invoice = draft(lines=())
    invoice.transition_to("sent", AT)
    assert (new_events(invoice), invoice.status) == (["invoice.sent", "invoice.paid"], "paid")


@pytest.mark.parametrize(
    ("amount", "paid_on", "expected"),
    [
        ("82600.01", TODAY, [("amount", AMOUNT_EXCEEDS_BALANCE)]),
        ("0.001", TODAY, [("amount", VALIDATION_FAILED)]),
        ("1", date(2026, 1, 21), [("paidOn", VALIDATION_FAILED)]),
        ("82600.01", date(2026, 1, 21), [("amount", AMOUNT_EXCEEDS_BALANCE), ("paidOn", VALIDATION_FAILED)]),
    ],
)
def test_a_wrong_payment_is_refused_with_every_violation(amount, paid_on, expected):
    invoice = sent()
    with pytest.raises(Invalid) as refused:
        pay(invoice, amount, paid_on)
    assert [(violation.field, violation.code) for violation in refused.value.violations] == expected
    assert new_events(invoice) == []


@pytest.mark.parametrize(
    ("status", "today", "events"),
    [
        ("draft", date(2026, 2, 1), []),
        ("sent", date(2026, 1, 31), []),
        ("sent", date(2026, 2, 1), ["invoice.overdue"]),
        ("partially_paid", date(2026, 2, 1), ["invoice.overdue"]),
        ("paid", date(2026, 2, 1), []),
        ("void", date(2026, 2, 1), []),
    ],
)
def test_an_unpaid_document_is_overdue_from_the_day_after_its_due_date(status, today, events):
    invoice = GIVEN[status]()
    invoice.refresh_overdue(today, AT)
    assert new_events(invoice) == events


ENDINGS = {
    "a payment in full": lambda invoice: pay(invoice, invoice.balance_due),
    "a new due date": lambda invoice: invoice.update({"due_date": date(2026, 3, 1)}, AT),
    "making it void": lambda invoice: invoice.transition_to("void", AT),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_being_overdue_ends_with_its_cause(ending):
    invoice = overdue()
    ENDINGS[ending](invoice)
    invoice.refresh_overdue(date(2026, 2, 1), AT)
    assert (new_events(invoice)[-1], invoice.is_overdue) == ("invoice.overdue_cleared", False)


def test_being_overdue_is_recorded_once():
    invoice = overdue()
    invoice.refresh_overdue(date(2026, 2, 2), AT)
    assert new_events(invoice) == []


def test_a_new_currency_is_written_in_its_own_minor_unit():
    invoice = draft()
    invoice.update({"currency": "JPY"}, AT)
    amounts = (invoice.total_amount, invoice.balance_due, invoice.items[0].amount, invoice.items[0].unit_price)
    assert [str(amount) for amount in amounts] == ["82600", "82600", "70000", "3500"]


def test_a_due_date_before_the_document_is_refused():
    with pytest.raises(Invalid, match="dueDate"):
        draft(due_date=date(2026, 1, 9))
