"""What Home reads: exact at every instant, whether or not the worker has been through."""

from datetime import timedelta
from decimal import Decimal

import pytest

from commands.bill import DraftBill
from commands.invoice import DraftInvoice
from commands.leave import RequestLeave
from infra.projector.event_sums import EventSums
from infra.reads import home
from projections.balances import BALANCES
from projections.views.home import AgedBalance
from tests.support.books import Books
from tests.support.scenarios import bill_body, invoice_body, leave_body


@pytest.fixture
def read(module_pool, books):
    return lambda: home.read_home(module_pool, books.id)


def ages(balances: list[AgedBalance]):
    return {aged.currency: [part.amount for part in aged.ages] for aged in balances}


DUE_DAYS_AGO = {0: 0, 1: 1, 30: 1, 31: 2, 60: 2, 61: 3, 90: 3, 91: 4, 400: 4}


@pytest.mark.parametrize("days", DUE_DAYS_AGO)
def test_each_day_overdue_has_its_age(books, read, days):
    due = str(read().today - timedelta(days))
    id = books.do(DraftInvoice, invoice_body(invoiceDate="2020-01-01", dueDate=due)).id
    books.update(id, status="sent")
    expected = [Decimal(0)] * 5
    expected[DUE_DAYS_AGO[days]] = Decimal("82600.00")
    assert ages(read().receivables) == {"INR": expected}


def test_what_was_written_a_moment_ago_is_there_before_the_worker_comes(books, read):
    id = books.sent_invoice("2026-01-31")
    assert read().receivables[0].overdue.amount == Decimal("82600.00")
    EventSums(BALANCES).add_new(books.conn)
    books.pay(id, "600.00")
    assert read().receivables[0].overdue.amount == Decimal("82000.00")
    EventSums(BALANCES).add_new(books.conn)
    assert read().receivables[0].overdue.amount == Decimal("82000.00")


def test_what_is_not_out_or_no_longer_so_is_not_there(books, read):
    books.do(DraftInvoice, invoice_body())
    books.update(books.sent_invoice(), status="void")
    assert (read().receivables, read().payables) == ([], [])


def test_drafts_are_counted_apart_up_to_many(books, read, monkeypatch):
    books.sent_invoice()
    for _ in range(3):
        books.do(DraftInvoice, invoice_body())
    books.do(DraftBill, bill_body())
    assert (read().draft_invoices, read().draft_bills) == (3, 1)
    monkeypatch.setattr(home, "MAX_COUNTED", 2)
    assert (read().draft_invoices, read().draft_bills) == (2, 1)


def test_payables_stand_apart_and_rupees_first(books, read):
    books.open_bill("2099-01-31")
    for currency in ("AED", "INR"):
        id = books.do(DraftInvoice, invoice_body(currency=currency)).id
        books.update(id, status="sent")
    assert list(ages(read().receivables)) == ["INR", "AED"]
    assert ages(read().payables) == {"INR": [Decimal("82600.00"), *[Decimal(0)] * 4]}


def test_the_leaves_that_begin_first_are_named(books, read):
    for start in ("2099-03-05", "2099-03-01", "2099-03-09"):
        books.do(RequestLeave, leave_body(startDate=start, endDate=start))
    page = read()
    assert (page.leaves.objects, page.leaves.amount) == (3, Decimal(3))
    assert [str(leave.start) for leave in page.next_leaves] == ["2099-03-01", "2099-03-05", "2099-03-09"]


def test_too_many_new_events_are_counted_and_none_of_them_added(books, read, monkeypatch):
    books.sent_invoice("2026-01-31")
    EventSums(BALANCES).add_new(books.conn)
    books.sent_invoice("2026-01-31")
    monkeypatch.setattr(home, "MAX_NEW_EVENTS", 2)
    assert (read().behind, read().receivables[0].total.objects) == (3, 1)


def test_another_organizations_documents_are_not_in_it(books, read, conn):
    Books(conn).sent_invoice()
    assert read().receivables == []
