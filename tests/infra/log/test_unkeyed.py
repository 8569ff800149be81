"""An upgrade of a database whose documents were stored before numbers were compared by key: until the worker has folded
them again, and after that."""

import json
from contextlib import ExitStack, closing

import pytest

from commands.bill import DraftBill
from infra.audit.number_conflicts import list_number_conflicts
from infra.postgres.database import connect_as_table_owner
from infra.postgres.migrate import migrate
from infra.projector.rows import rebuild_organization
from infra.worker.tasks import refold_older_rows
from projections.registry import ROWS
from tests.support.books import Books
from tests.support.client import error_of
from tests.support.command_line import environment, run
from tests.support.organization import Organization
from tests.support.scenarios import bill_body, draft_bill, draft_invoice, invoice_body, pay_bill
from tests.support.service import Service
from tests.support.upgrade import LAST_WITHOUT_KEYS, OldBooks, create_database

VARIANTS = ["INV-7", "inv-7 ", "ＩＮＶ－７", "I\u200bNV-7", "\u00a0Inv-7", "inv\u2060-7"]
"""One number to a person; as texts they differ, so that the version before stored them all."""
WAITING = "SELECT unkeyed_numbers FROM org_log WHERE org_id = %s"


@pytest.fixture(scope="module")
def service(database):
    with Service(database, "--no-worker") as running_service:
        yield running_service


@pytest.fixture(scope="module")
def conn(database):
    with connect_as_table_owner(database) as opened:
        yield opened


@pytest.fixture
def books(conn):
    """An organization whose documents are stored as a process of the version before stores them."""
    return OldBooks(conn)


@pytest.fixture
def api(service, conn, books):
    with closing(Organization(service.url, conn, id=books.id)) as organization:
        yield organization.api()


@pytest.fixture
def upgraded(postgres, own_database):
    """Yield a function that upgrades a database, in which OldBooks were stored before; return its books and service."""
    old = create_database(postgres, own_database, LAST_WITHOUT_KEYS)
    with ExitStack() as stack:
        conn = stack.enter_context(connect_as_table_owner(old))
        books = OldBooks(conn)

        def upgrade():
            migrate(conn)
            service = stack.enter_context(Service(old, "--no-worker"))
            return stack.enter_context(closing(Organization(service.url, conn, id=books.id))).api()

        yield conn, books, upgrade


def marked(books, table="bills"):
    found = books.conn.execute(f"SELECT id FROM {table} WHERE number_clash AND org_id = %s", (books.id,))
    return {id for (id,) in found}


def clashes(books):
    return {conflict.id: conflict.holder_id for conflict in list_number_conflicts(books.conn, books.id)}


def test_the_upgrade_goes_through_and_marks_all_but_the_first(upgraded):
    conn, books, upgrade = upgraded
    first, *others = [books.bill(number) for number in VARIANTS]
    one, two = books.invoice("A-1"), books.invoice("a-1")
    api = upgrade()
    for _ in range(2):
        error = error_of(api.post("bills", json=bill_body(billNumber="inv-7")), 409, "duplicate_number")
        assert error["conflictingId"] == first
        refold_older_rows(conn)
    assert clashes(books) == {**dict.fromkeys(others, first), two: one}


def test_the_command_names_the_organization_both_objects_and_their_numbers(conn, books, env):
    first, second = books.bill("INV-7"), books.bill("inv-7\u200b")
    refold_older_rows(conn)
    (found,) = json.loads(run("db", "clashes", "--org", books.id, "--json", env=env).out)
    assert found == {
        "orgId": books.id,
        "type": "bill",
        "id": second,
        "number": "inv-7\u200b",
        "holderId": first,
        "holderNumber": "INV-7",
    }
    (line,) = run("db", "clashes", "--org", books.id, env=env).out.splitlines()
    assert line == f"{books.id}: bill {second} ('inv-7\\u200b') has the number of bill {first} ('INV-7')"


def test_without_a_clash_the_command_says_so(own_database):
    done = run("db", "clashes", env=environment(DATABASE_URL=own_database))
    assert (done.out, done.err) == ("No two documents have the same number.\n", "")


def test_while_documents_wait_the_command_says_so(books, env):
    books.bill("INV-7")
    done = run("db", "clashes", "--org", books.id, env=env)
    assert "not yet compared all documents of 1 organization." in done.err


def test_a_new_bill_is_refused_before_and_after_the_rows_are_folded_again(conn, books, api):
    stored = books.bill("Inv-7")
    for _ in range(2):
        for number in VARIANTS:
            error = error_of(api.post("bills", json=bill_body(billNumber=number)), 409, "duplicate_number")
            assert error["conflictingId"] == stored
        refold_older_rows(conn)


def test_a_new_invoice_is_refused_before_and_after_the_rows_are_folded_again(conn, books, api):
    stored = books.invoice("Ab/7", "void")
    for _ in range(2):
        for number in ("Ab/7", "AB/7", "ab/7", "aB/7"):
            error = error_of(api.post("invoices", json=invoice_body(invoiceNumber=number)), 409, "duplicate_number")
            assert error["conflictingId"] == stored
        refold_older_rows(conn)


def test_what_differs_in_number_vendor_or_year_or_is_void_is_not_refused(books, api):
    books.bill("INV-7", "void")
    books.bill("INV-8")
    books.bill("INV-9", vendor="weavers")
    for change in ({}, {"billNumber": "INV-8", "billDate": "2026-04-01"}, {"billNumber": "INV-9"}):
        draft_bill(api, **{"billNumber": "inv-7", **change})


def test_of_two_new_bills_before_the_rows_are_folded_again_one_is_refused(books, api):
    books.bill("OTHER")
    made = draft_bill(api, billNumber="INV-7")
    error = error_of(api.post("bills", json=bill_body(billNumber="inv-7")), 409, "duplicate_number")
    assert error["conflictingId"] == made["id"]


def test_a_document_that_clashes_is_paid_and_changed_before_and_after(conn, books, api):
    stored = [books.bill(number, "open") for number in VARIANTS]
    for turn in range(2):
        for id in reversed(stored):
            pay_bill(api, {"id": id}, "1.00")
            assert api.update(f"bills/{id}", {"notes": f"turn {turn}"})["amountPaid"] == f"{turn + 1}.00"
        assert marked(books) == set(stored[1:])
        refold_older_rows(conn)
    assert marked(books) == set(stored[1:])


def test_another_number_lifts_the_mark_and_must_be_free_itself(conn, books, api):
    first, second, third, taken = (books.bill(number) for number in ("INV-7", "inv-7", "Inv-7", "INV-8"))
    refold_older_rows(conn)
    error = error_of(api.patch(f"bills/{second}", json={"billNumber": "inv-8"}), 409, "duplicate_number")
    assert error["conflictingId"] == taken
    api.update(f"bills/{second}", {"billNumber": "INV-9"})
    assert clashes(books) == {third: first}
    error_of(api.post("bills", json=bill_body(billNumber="inv-9")), 409, "duplicate_number")


@pytest.mark.parametrize(
    "change",
    [{"billNumber": "INV-9"}, {"vendorId": "weavers"}, {"billDate": "2026-04-01"}, {"status": "void"}],
    ids=lambda change: next(iter(change)),
)
def test_what_leaves_a_number_passes_it_on_to_the_next(conn, books, api, change):
    first, second, third = (books.bill(number) for number in ("INV-7", "inv-7", "Inv-7"))
    refold_older_rows(conn)
    api.update(f"bills/{first}", change)
    assert clashes(books) == {third: second}
    error = error_of(api.post("bills", json=bill_body(billNumber="INV-7")), 409, "duplicate_number")
    assert error["conflictingId"] == second


def test_before_the_rows_are_folded_again_a_number_can_be_corrected_to_a_free_one_alone(conn, books, api):
    first, second, third = books.bill("INV-7"), books.bill("inv-7"), books.bill("INV-9")
    error = error_of(api.patch(f"bills/{third}", json={"billNumber": "INV-7\u200d"}), 409, "duplicate_number")
    assert error["conflictingId"] == first
    api.update(f"bills/{second}", {"billNumber": "INV-8"})
    error_of(api.patch(f"bills/{first}", json={"billNumber": "inv-8"}), 409, "duplicate_number")
    refold_older_rows(conn)
    assert marked(books) == set()


def test_the_series_passes_over_numbers_that_are_taken_by_key(conn, books, api):
    books.invoice("inv-2025-26-0001")
    assert draft_invoice(api)["invoiceNumber"] == "INV-2025-26-0002"
    refold_older_rows(conn)
    draft_invoice(api, invoiceNumber="Inv-2025-26-0003")
    assert draft_invoice(api)["invoiceNumber"] == "INV-2025-26-0004"


def test_an_organization_waits_until_its_rows_are_folded_again_and_a_new_one_never_does(conn, books):
    books.bill("INV-7")
    assert conn.execute(WAITING, (books.id,)).fetchone() == (True,)
    assert conn.execute(WAITING, (Books(conn).id,)).fetchone() == (False,)
    refold_older_rows(conn)
    assert conn.execute(WAITING, (books.id,)).fetchone() == (False,)


def test_a_row_that_a_process_of_the_previous_version_writes_waits_again(conn, books):
    stored = books.bill("INV-7")
    refold_older_rows(conn)
    conn.execute("UPDATE bills SET projection_version = 1, bill_number = 'INV-8' WHERE id = %s", (stored,))
    second = books.bill("inv-7")
    assert conn.execute(WAITING, (books.id,)).fetchone() == (True,)
    refold_older_rows(conn)
    assert marked(books) == {second}


@pytest.mark.parametrize("options", [(), ("--org",)], ids=["beside", "in place"])
def test_a_rebuild_comes_to_the_same_marks_and_verify_finds_no_difference(conn, books, env, options):
    for number in VARIANTS:
        books.bill(number)
    books.invoice("A-1")
    books.invoice("a-1")
    refold_older_rows(conn)
    before = marked(books), marked(books, "invoices")
    assert list(map(len, before)) == [5, 1]
    words = (*options, books.id) if options else ()
    run("projections", "rebuild", "bills", *words, env=env)
    run("projections", "rebuild", "invoices", *words, env=env)
    assert (marked(books), marked(books, "invoices")) == before
    run("projections", "verify", "--org", books.id, env=env)


def test_rows_that_are_lost_and_folded_again_get_their_marks(conn, books):
    first, *others = [books.bill(number) for number in VARIANTS]
    for lost in ([first], others, [first, *others[:2]]):
        conn.execute("DELETE FROM bills WHERE id = ANY(%s)", (lost,))
        rebuild_organization(conn, ROWS["bill"], books.id)
        assert marked(books) == set(others)


def test_a_command_of_another_organization_is_not_compared(conn, books):
    books.bill("INV-7")
    Books(conn).do(DraftBill, bill_body(billNumber="INV-7"))
