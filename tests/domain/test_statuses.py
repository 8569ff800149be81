"""What the domain declares about the statuses that follow is what it does."""

from __future__ import annotations

import msgspec
import pytest

from domain.documents.payment import NewPayment
from domain.errors import DomainError
from domain.invoice import Invoice
from tests.support.domain_states import AT, GIVEN, TODAY, after

AMOUNTS = ("1.00", "balance")


def with_two_payments(status):
    """Return invoices in this status that have one payment, or two, as far as the status has payments."""
    invoice = GIVEN[status]()
    if not invoice.payments:
        return [invoice]
    twice = after(GIVEN["partially_paid"](), lambda each: pay(each, "pay_2", "1.00"))
    if status == "paid":
        twice = after(twice, lambda each: pay(each, "pay_3", "balance"))
    return [invoice, twice]


def pay(invoice, id, amount):
    value = (
        invoice.balance_due if amount == "balance" else msgspec.convert(amount, type(invoice.balance_due), strict=False)
    )
    invoice.record_payment(id, NewPayment(value, TODAY), AT, TODAY)


def reached(invoice, act):
    """Return the status after an act; None if the act is refused."""
    try:
        return after(invoice, act).status
    except DomainError:
        return None


@pytest.mark.parametrize("status", GIVEN)
def test_payments_and_reversals_lead_to_the_declared_statuses_and_no_others(status):
    found = set()
    for make in range(len(with_two_payments(status))):
        acts = [lambda each, amount=amount: pay(each, "pay_9", amount) for amount in AMOUNTS]
        ids = with_two_payments(status)[make].payments
        acts += [lambda each, id=id: each.reverse_payment(id, "It bounced", None, AT, TODAY) for id in ids]
        found |= {reached(with_two_payments(status)[make], act) for act in acts}

    assert found - {None, status} == set(Invoice.payment_transitions().get(status, ()))


@pytest.mark.parametrize("status", GIVEN)
def test_a_request_sets_the_declared_statuses_and_no_others(status):
    found = {reached(GIVEN[status](), lambda each, to=to: each.transition_to(to, AT)) for to in GIVEN}

    assert found - {None, status} == set(Invoice.transitions()[status])
