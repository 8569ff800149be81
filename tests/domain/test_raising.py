"""Debit notes of any size: what they add is split as the lines are, and making them void returns exactly what was."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.documents.payment import NewPayment
from domain.documents.pricing import Line
from domain.documents.taxation import TaxRequest
from domain.errors import Invalid
from domain.errors.note import DebitPaid, DebitUsed
from domain.invoice import Invoice
from domain.money import MINOR_UNITS
from domain.notes.credit_note import CreditNote
from domain.notes.debit_note import DebitNote
from domain.notes.items import Part, Wanted
from domain.notes.left import left_of
from domain.tax.parties import Sides
from tests.support.gst_documents import organization, party

AT, DAY = datetime(2026, 1, 10, tzinfo=UTC), date(2026, 1, 10)
TAXES = ("cgst", "sgst", "igst", "cess", "tax_amount")
rates = st.sampled_from([Decimal(rate) for rate in ("0", "0.25", "5", "12", "18", "28", "100")])
lines = st.builds(
    Line,
    st.just("x"),
    st.decimals(Decimal("0.001"), 1000, places=3),
    st.decimals(0, 10000, places=4),
    rates,
    st.none(),
    st.none(),
    st.none() | rates,
)
currencies = st.sampled_from(["INR", "JPY", "KWD"])
places = st.sampled_from(["27", "29", "96", None])


def sent(lines, currency, place, reverse_charge=False, round_off=None):
    """Return a sent invoice; without a place, one of an organization without a GSTIN."""
    if place is None:
        lines = [Line(*[getattr(line, name) for name in Line.__struct_fields__[:-1]]) for line in lines]
        request, sides = TaxRequest(), Sides()
    else:
        sides = Sides(organization("27"), party("unregistered", "27"))
        request = TaxRequest(place, reverse_charge and place != "96", round_off=round_off)
    invoice = Invoice.draft(
        "inv_1",
        at=AT,
        number="I/1",
        client_id="x",
        client_name=None,
        currency=currency,
        invoice_date=DAY,
        due_date=DAY,
        lines=lines,
        notes=None,
        request=request,
        sides=sides,
    )
    invoice.transition_to("sent", AT, sides)
    return invoice


def number(prefix, day):
    return f"{prefix}/1"


def issued(kind, invoice, wanted, **fields):
    note = kind.draft(f"{kind.id_prefix}_1", invoice, at=AT, reason="x", date=DAY, wanted=wanted, **fields)
    note.transition_to("issued", AT, invoice, number)
    return note


def state(invoice):
    return left_of(invoice), invoice.balance_due, invoice.status


def amounts(currency):
    places = MINOR_UNITS[currency]
    return st.decimals(Decimal(1).scaleb(-places), 100000, places=places)


@given(st.lists(lines, min_size=1, max_size=4), currencies, places, st.booleans(), st.booleans(), st.data())
def test_what_a_debit_note_adds_is_exact(lines, currency, place, reverse_charge, adjusts_tax, data):
    invoice = sent(lines, currency, place, reverse_charge)
    before, amount = state(invoice), data.draw(amounts(currency))
    try:
        note = issued(DebitNote, invoice, Wanted(amount=amount), tax_adjustment=adjusts_tax)
    except Invalid:
        assert invoice.total_amount == 0
        return

    assert note.total_amount == amount == sum(item.total_amount for item in note.items)
    for item in note.items:
        parts = item.amounts
        assert all(each >= 0 for each in parts)
        assert parts.cgst == parts.sgst
        assert item.total_amount == parts.taxable_amount + item.tax_amount + parts.untaxed_amount
        assert adjusts_tax or (item.tax_amount, parts.taxable_amount) == (0, 0)
    assert invoice.balance_due == before[1] + amount
    assert invoice.amount_debited == amount
    left = left_of(invoice)
    assert left.total == before[0].total + amount

    note.transition_to("void", AT, invoice, number)
    assert (invoice.amount_debited, *state(invoice)) == (0, *before)


@given(st.lists(lines, min_size=1, max_size=4), currencies, places, st.data())
def test_a_credit_note_can_take_all_of_it_and_nothing_more(lines, currency, place, data):
    invoice = sent(lines, currency, place)
    assume(invoice.total_amount > 0)
    before = state(invoice)
    debit = issued(DebitNote, invoice, Wanted(amount=data.draw(amounts(currency))))
    raised = state(invoice)
    credit = issued(CreditNote, invoice, Wanted())
    left = left_of(invoice)

    assert left.total == invoice.balance_due == 0
    assert all(amount == 0 for line in left.lines for amount in line.amounts)
    try:
        debit.check_transition("void", invoice)
        raise AssertionError("nothing is due of what it has added")
    except (DebitPaid, DebitUsed):
        pass
    credit.transition_to("void", AT, invoice, number)
    assert state(invoice) == raised
    debit.transition_to("void", AT, invoice, number)
    assert state(invoice) == before


@given(lines, currencies, places, st.decimals(Decimal("0.001"), 100, places=3))
def test_a_quantity_comes_to_what_as_many_units_of_the_line_come_to(line, currency, place, more):
    invoice = sent([line], currency, place)
    try:
        note = issued(DebitNote, invoice, Wanted((Part(1, quantity=more),)))
    except Invalid:
        return
    (item,) = note.items
    step = Decimal(1).scaleb(-MINOR_UNITS[currency])
    exact = invoice.total_amount * more / line.quantity

    assert abs(note.total_amount - exact) <= step * (4 + 5 * more / line.quantity)
    assert item.amounts.cgst == item.amounts.sgst


def test_the_refusal_names_the_credit_note_although_a_debit_note_came_after_it():
    invoice = sent([Line("x", Decimal(1), Decimal(100), Decimal(0))] * 2, "INR", "27")
    debit = issued(DebitNote, invoice, Wanted((Part(1, amount=Decimal(50)),)))
    credit = issued(CreditNote, invoice, Wanted((Part(1, amount=Decimal(130)),)))
    later = Wanted((Part(2, amount=Decimal(25)),))
    note = DebitNote.draft("dn_2", invoice, at=AT, reason="x", date=DAY, wanted=later)
    note.transition_to("issued", AT, invoice, number)
    with pytest.raises(DebitUsed, match=credit.id):
        debit.check_transition("void", invoice)


def test_a_debit_note_cannot_become_void_if_less_than_nothing_would_be_left_after_the_rounding():
    invoice = sent([Line("x", Decimal(1), Decimal("100.40"), Decimal(0))], "INR", "27", round_off="nearest")
    payment = NewPayment(Decimal(100), DAY)
    invoice.record_payment("pay_1", payment, AT, DAY)
    debit = issued(DebitNote, invoice, Wanted((Part(1, amount=Decimal("0.40")),)))
    issued(CreditNote, invoice, Wanted((Part(1, amount=Decimal("100.30")),)))
    invoice.reverse_payment("pay_1", "It bounced", DAY, AT, DAY)
    before = left_of(invoice).total
    assert 0 <= before < debit.total_amount
    with pytest.raises(DebitUsed):
        debit.check_transition("void", invoice)
