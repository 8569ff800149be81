"""The sums of what is outstanding: correct after every event, rebuilt and verified."""

import json
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commands.bill import DraftBill
from commands.invoice import DraftInvoice
from commands.leave import RequestLeave, UpdateLeave
from domain.errors import DomainError
from infra.postgres.database import connect_as_table_owner
from infra.projector.event_sums import EventSums
from infra.worker.leader import run_tasks
from projections.balances import BALANCES
from tests.support.books import Books, run_of
from tests.support.command_line import run
from tests.support.scenarios import bill_body, invoice_body, leave_body
from tests.support.waiting import run_at_once

NAIVE = """
SELECT 'invoice', summary ->> 'currency', due_date::text, sum((summary ->> 'balanceDue')::numeric), count(*)
FROM invoices WHERE org_id = %(org)s AND status IN ('sent', 'partially_paid') GROUP BY 2, 3
UNION ALL
SELECT 'bill', summary ->> 'currency', due_date::text, sum((summary ->> 'balanceDue')::numeric), count(*)
FROM bills WHERE org_id = %(org)s AND status IN ('open', 'partially_paid') GROUP BY 2, 3
UNION ALL
SELECT 'leave', 'days', start_date::text, sum((summary ->> 'days')::numeric), count(*)
FROM leaves WHERE org_id = %(org)s AND status = 'pending' GROUP BY 3 ORDER BY 1, 2, 3
"""
STORED = "SELECT kind, unit, day::text, amount, objects FROM balances WHERE org_id = %(org)s ORDER BY 1, 2, 3"
SUMS = EventSums(BALANCES)
DUE, LATER = "2026-01-31", "2026-03-31"


@pytest.fixture(scope="module")
def conn(database):
    with connect_as_table_owner(database) as opened:
        yield opened


@pytest.fixture
def books(conn):
    return Books(conn, "Asia/Kolkata")


def stored(books):
    """Add all new events, and return the sums."""
    while SUMS.add_page(books.conn, books.id):
        pass
    return books.conn.execute(STORED, {"org": books.id}).fetchall()


def receivable(amount, day=DUE, currency="INR", objects=1):
    return ("invoice", currency, day, Decimal(amount), objects)


def test_a_draft_is_not_outstanding(books):
    books.do(DraftInvoice, invoice_body(dueDate=DUE))
    assert stored(books) == []


def test_a_sent_invoice_is_outstanding(books):
    books.sent_invoice(DUE)
    assert stored(books) == [receivable("82600.00")]


def test_a_payment_reduces_the_sum(books):
    books.pay(books.sent_invoice(DUE), "600.50")
    assert stored(books) == [receivable("81999.50")]


def test_what_is_settled_without_money_reduces_the_sum_too(books):
    books.pay(books.sent_invoice(DUE), "600.50", kind="tds")
    assert stored(books) == [receivable("81999.50")]


@pytest.mark.parametrize("make", [Books.sent_invoice, Books.open_bill])
def test_a_payment_that_is_taken_back_is_outstanding_again(books, make):
    id = make(books, DUE)
    before = stored(books)
    books.pay(id, "82600.00")
    assert stored(books) == []
    books.reverse(id)
    assert stored(books) == before


def test_a_new_due_date_moves_the_amount_to_that_day(books):
    id = books.sent_invoice(DUE)
    assert stored(books) == [receivable("82600.00")]
    books.update(id, dueDate=LATER)
    assert stored(books) == [receivable("82600.00", LATER)]


@pytest.mark.parametrize("end", [lambda b, id: b.pay(id, "82600.00"), lambda b, id: b.update(id, status="void")])
def test_a_paid_or_void_invoice_is_not_outstanding(books, end):
    id = books.sent_invoice(DUE)
    assert stored(books)
    end(books, id)
    assert stored(books) == []


def test_an_invoice_of_zero_is_never_outstanding(books):
    free = {"description": "A gift", "quantity": 1, "unitPrice": 0, "taxRate": 18}
    id = books.do(DraftInvoice, invoice_body(dueDate=DUE, items=[free])).id
    books.update(id, status="sent")
    assert stored(books) == []


def test_an_invoice_is_summed_in_the_currency_with_which_it_was_sent(books):
    id = books.do(DraftInvoice, invoice_body(dueDate=DUE)).id
    assert stored(books) == []
    books.update(id, currency="KWD")
    books.update(id, status="sent")
    assert stored(books) == [receivable("82600.000", currency="KWD")]


def test_bills_and_invoices_have_separate_sums(books):
    books.sent_invoice(DUE)
    books.open_bill(DUE)
    books.open_bill(DUE)
    assert stored(books) == [("bill", "INR", DUE, Decimal("165200.00"), 2), receivable("82600.00")]


def test_a_leave_is_outstanding_until_it_is_decided(books):
    id = books.do(RequestLeave, leave_body()).id
    assert stored(books) == [("leave", "days", "2099-03-01", Decimal(3), 1)]
    books.do(UpdateLeave, {"status": "denied"}, id)
    assert stored(books) == []


STEPS = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.sampled_from(["issue", "pay", "pay all", "settle", "reverse", "void", "due", "currency", "items", "notes"]),
        st.integers(1, 4),
        st.booleans(),
    ),
    min_size=20,
    max_size=40,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(STEPS)
def test_the_sums_equal_those_of_the_rows_after_any_commands_and_any_page_size(conn, steps):
    books = Books(conn, "Asia/Kolkata")
    ids = [books.sent_invoice(DUE), books.open_bill(DUE), books.do(RequestLeave, leave_body()).id]
    ids += [books.do(DraftInvoice, invoice_body(dueDate=DUE)).id, books.do(DraftBill, bill_body(dueDate=DUE)).id]
    for number, what, size, ends_page in steps:
        try:
            _act(books, ids[number], what, size)
        except DomainError:
            continue  # a refused command records nothing
        if ends_page:
            SUMS.add_page(conn, books.id, limit=4 * size)
    naive = conn.execute(NAIVE, {"org": books.id}).fetchall()
    assert stored(books) == naive
    SUMS.rebuild_organization(conn, books.id)
    assert stored(books) == naive


def _act(books, id, what, size):
    if id.startswith("leave_"):
        status = ("approved", "denied", "cancelled", "pending")[size - 1]
        return books.do(UpdateLeave, {"status": status}, id)
    line = {"description": "Work", "quantity": size - 1, "unitPrice": "33.33", "taxRate": 18}
    return {
        "issue": lambda: books.update(id, status="sent" if id.startswith("inv_") else "open"),
        "pay": lambda: books.pay(id, f"{size}.01"),
        "pay all": lambda: books.pay(id, _balance(books, id)),
        "settle": lambda: books.pay(id, f"{size}.01", kind="write_off", reference="x"),
        "reverse": lambda: books.reverse(id, -size),
        "void": lambda: books.update(id, status="void"),
        "due": lambda: books.update(id, dueDate=f"2026-0{size + 1}-28"),
        "currency": lambda: books.update(id, currency=("INR", "JPY", "KWD", "USD")[size - 1]),
        "items": lambda: books.update(id, items=[{**line, "quantity": size}]),
        "notes": lambda: books.update(id, notes="x" * size),
    }[what]()


def _balance(books, id):
    table = "invoices" if id.startswith("inv_") else "bills"
    sql = f"SELECT summary ->> 'balanceDue' FROM {table} WHERE id = %s"
    return books.conn.execute(sql, (id,)).fetchone()[0]


def test_concurrent_workers_and_rebuilds_count_each_event_once(books, database):
    def work(number):
        with connect_as_table_owner(database) as conn:
            mine = Books.__new__(Books)
            mine.conn, mine.id = conn, books.id
            for _ in range(12):
                if number < 2:
                    mine.pay(mine.sent_invoice(DUE), "1.00")
                elif number < 4:
                    SUMS.add_page(conn, books.id, limit=5)
                else:
                    SUMS.rebuild_organization(conn, books.id)

    run_at_once(5, work)
    assert stored(books) == [receivable(24 * Decimal("82599.00"), objects=24)]


def listed(env, org_id):
    rows = json.loads(run("projections", "list", "--org", org_id, "--json", env=env).out)
    return next(row for row in rows if row["name"] == "balances")


def verified(env, org_id, status=0):
    done = run("projections", "verify", "balances", "--org", org_id, "--json", env=env, status=status)
    return json.loads(done.out)["differences"]


def test_events_that_are_not_added_yet_are_the_lag_and_not_a_difference(books, env):
    books.sent_invoice(DUE)
    assert listed(env, books.id) == {"name": "balances", "version": 1, "rows": 0, "older": 0, "lag": 3}
    assert verified(env, books.id) == []
    stored(books)
    assert listed(env, books.id) == {"name": "balances", "version": 1, "rows": 1, "older": 0, "lag": 0}


ALTERED = {
    "UPDATE balances SET amount = 1": ("balances", f"invoice INR {DUE}", "amount", "82600.00", "1"),
    "UPDATE balances SET objects = 7": ("balances", f"invoice INR {DUE}", "objects", "1", "7"),
    "DELETE FROM balances": ("balances", f"invoice INR {DUE}", "*", "a row", "no row"),
    "UPDATE balance_items SET status = 'paid'": ("balance_items", None, "status", "sent", "paid"),
}


@pytest.mark.parametrize("damage", ALTERED)
def test_verify_names_an_altered_row_and_a_rebuild_repairs_it(books, env, damage):
    id = books.sent_invoice(DUE)
    stored(books)
    books.conn.execute(f"{damage} WHERE org_id = %s", (books.id,))
    (difference,) = verified(env, books.id, status=1)
    table, key, column, expected, was = ALTERED[damage]
    assert difference == {
        "table": table,
        "org": books.id,
        "id": key or id,
        "column": column,
        "expected": expected,
        "stored": was,
    }
    run("projections", "rebuild", "balances", "--org", books.id, env=env)
    assert verified(env, books.id) == []
    assert stored(books) == [receivable("82600.00")]


def test_sums_of_an_older_version_are_computed_again(books, env):
    books.sent_invoice(DUE)
    stored(books)
    sql = "UPDATE balance_progress SET projection_version = 0 WHERE org_id = %s"
    books.conn.execute(sql, (books.id,))
    books.conn.execute("UPDATE balances SET amount = 1 WHERE org_id = %s", (books.id,))
    assert listed(env, books.id)["older"] == 1 and verified(env, books.id) == []
    SUMS.add_new(books.conn)
    assert (listed(env, books.id)["older"], stored(books)) == (0, [receivable("82600.00")])


def test_an_unreadable_event_stops_only_its_own_organization(conn, books):
    other = Books(conn)
    other.sent_invoice(DUE)
    damaged = books.sent_invoice(DUE)
    conn.execute("UPDATE events SET state = '{}' WHERE originator_id = %s AND originator_version = 1", (damaged,))
    run_tasks(conn)
    assert conn.execute(STORED, {"org": other.id}).fetchall() == [receivable("82600.00")]
    assert conn.execute(STORED, {"org": books.id}).fetchall() == []
    assert "at position 1 cannot be read" in run_of(conn, "sum_balances")[1]
    skip = "INSERT INTO projection_skips VALUES (%s, 'invoices', %s, 'a test', now(), 'a test')"
    for position in (1, 2, 3):
        conn.execute(skip, (books.id, position))
    books.sent_invoice(LATER)
    assert stored(books) == [receivable("82600.00", LATER)]
