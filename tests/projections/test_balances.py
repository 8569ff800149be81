"""What is outstanding, by fold: which objects count, under which key, and what changes when they change."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import DomainError
from domain.registry import AGGREGATES
from projections.balances import BALANCES, DAYS, OUTSTANDING, Item, Key
from projections.registry import ROWS
from projections.sums import Sum, add_sums
from tests.support.histories import (
    LATER,
    LINE,
    TODAY,
    drafted_bill,
    drafted_invoice,
    events_of,
    issued_key,
    logged,
    pay,
    requested_leave,
)

DUE = date(2026, 1, 31)
NOTHING = Sum(Decimal(0), 0)


def part_of(aggregate):
    """The key and amount under which an object is summed after all its events."""
    return BALANCES.part(item_of(events_of(aggregate)))


def item_of(events):
    item = None
    for event in events:
        item = BALANCES.fold(item, event)
    assert item
    return item


def sent_invoice(**changes):
    invoice = drafted_invoice(**changes)
    invoice.transition_to("sent", LATER)
    return invoice


def test_a_draft_does_not_count():
    assert part_of(drafted_invoice()) is None


def test_a_sent_invoice_counts_with_its_balance_currency_and_due_date():
    assert part_of(sent_invoice()) == (Key("invoice", "INR", DUE), Decimal("82600.00"))


def test_after_a_payment_the_rest_counts():
    invoice = sent_invoice()
    pay(invoice, "600.50")

    assert part_of(invoice) == (Key("invoice", "INR", DUE), Decimal("81999.50"))


def test_a_new_due_date_moves_it_to_another_key():
    invoice = sent_invoice()
    invoice.update({"due_date": date(2026, 3, 31)}, LATER)

    assert part_of(invoice) == (Key("invoice", "INR", date(2026, 3, 31)), Decimal("82600.00"))


def test_a_paid_or_void_document_does_not_count():
    paid, void = sent_invoice(), sent_invoice()
    pay(paid, "82600.00")
    void.transition_to("void", LATER)

    assert (part_of(paid), part_of(void)) == (None, None)


def test_an_open_bill_counts_on_its_own():
    bill = drafted_bill()
    bill.transition_to("open", LATER)

    assert part_of(bill) == (Key("bill", "INR", date(2026, 4, 30)), Decimal("82600.00"))


def test_a_pending_leave_counts_its_days_until_it_is_decided():
    leave = requested_leave()
    events = events_of(leave)
    item = BALANCES.fold(None, events[0])
    assert BALANCES.part(item) == (Key("leave", DAYS, date(2026, 2, 2)), Decimal(3))

    leave.decide("denied", None, LATER, TODAY)
    assert BALANCES.part(BALANCES.fold(item, events_of(leave)[0])) is None


def test_events_of_other_kinds_are_no_concern():
    (invoice,), (key,) = logged(*events_of(drafted_invoice())), logged(*events_of(issued_key()))

    assert (BALANCES.concerns(invoice), BALANCES.concerns(key)) == (True, False)


@pytest.mark.parametrize("kind", OUTSTANDING)
def test_every_status_that_counts_is_a_status_of_the_kind(kind):
    assert OUTSTANDING[kind] <= {*AGGREGATES[kind].transitions()}


AMOUNTS = st.decimals(min_value=0, max_value=10**12, places=2)
ITEMS = st.builds(
    Item,
    kind=st.sampled_from(["invoice", "bill"]),
    status=st.sampled_from(["draft", "sent", "open", "partially_paid", "paid", "void"]),
    unit=st.sampled_from(["INR", "USD"]),
    day=st.dates(date(2026, 1, 1), date(2026, 1, 3)),
    amount=AMOUNTS,
)
HISTORIES = st.lists(st.tuples(st.integers(0, 3), ITEMS), max_size=30)
"""Changes of four objects, each to a new item."""


def summed(items):
    """The sums of these objects, added up one by one."""
    sums: dict[Key, Sum] = {}
    for item in items:
        part = BALANCES.part(item)
        if part is not None:
            key, amount = part
            old = sums.get(key, NOTHING)
            sums[key] = Sum(old.amount + amount, old.objects + 1)
    return sums


@given(HISTORIES, st.data())
def test_deltas_lead_to_the_sums_of_the_last_items_wherever_pages_end(history, data):
    sums: dict[Key, Sum] = {}
    stored: dict[int, Item] = {}
    while history:
        size = data.draw(st.integers(1, len(history)))
        page, history = history[:size], history[size:]
        after = dict(page)

        sums = add_sums(sums, BALANCES.deltas([stored.get(id) for id in after], after.values()))
        stored.update(after)

        assert sums == summed(stored.values())


@given(st.lists(ITEMS))
def test_an_object_that_stays_as_it_is_changes_no_sum(items):
    assert BALANCES.deltas(items, items) == {}


@given(st.lists(ITEMS))
def test_taking_away_every_object_leaves_no_sum(items):
    sums = add_sums({}, BALANCES.deltas((), items))

    assert add_sums(sums, BALANCES.deltas(items, ())) == {}


STEPS = st.lists(
    st.sampled_from(["send", "pay 1", "pay 82599", "void", "move", "shrink", "note"]), min_size=1, max_size=8
)


@given(STEPS)
def test_the_item_follows_the_row_whatever_happens_to_an_invoice(steps):
    invoice = drafted_invoice()
    for step in steps:
        try:
            do(invoice, step)
        except DomainError:
            continue  # a refused step records nothing

    events = events_of(invoice)
    row = ROWS["invoice"].fold_all(events)
    assert row
    summary = row.summary
    assert item_of(events) == Item("invoice", summary.status, summary.currency, summary.due_date, summary.balance_due)


def do(invoice, step):
    if step == "send":
        invoice.transition_to("sent", LATER)
    elif step == "void":
        invoice.transition_to("void", LATER)
    elif step == "move":
        invoice.update({"due_date": date(2026, 5, 1)}, LATER)
    elif step == "shrink":
        invoice.update({"items": (LINE,), "currency": "USD"}, LATER)
    elif step == "note":
        invoice.update({"notes": "changed"}, LATER)
    else:
        pay(invoice, step.removeprefix("pay "))
