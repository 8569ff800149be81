"""What the console shows of a person comes from rows: it says what an erasure would do, and reads no event."""

import pytest

from commands.bill import DraftBill
from commands.invoice import DraftInvoice, RecordInvoicePayment, UpdateInvoice
from commands.leave import RequestLeave
from commands.parties.party import CreateParty, UpdateParty
from infra.audit.privacy import preview as previews
from infra.audit.privacy.persons import erase_found, find, find_held, get_state
from infra.audit.privacy.preview import preview
from infra.audit.privacy.search import Person
from infra.identity.keys import ACTOR
from infra.log.proofs.chain import PERSONAL_FORMAT
from infra.postgres.database import connect_as_table_owner
from infra.projector.following.past_rows import PastRowTable
from projections.registry import PAST_ROWS
from tests.support.books import Books
from tests.support.privacy import CLIENT, EMPLOYEE, NAME
from tests.support.scenarios import bill_body, invoice_body, leave_body, party_body

READ = """
SELECT sum(coalesce(seq_scan, 0) + coalesce(idx_scan, 0)) FROM pg_stat_xact_user_tables WHERE relname ~ '^events'
"""
OLD = {"invoiceDate": "2012-05-01", "dueDate": "2012-06-01"}


@pytest.fixture
def conn(own_database):
    with connect_as_table_owner(own_database) as opened:
        yield opened


@pytest.fixture
def books(conn):
    return Books(conn, chain_format=PERSONAL_FORMAT)


def draft(books, **fields):
    return books.do(DraftInvoice, invoice_body(**{"clientId": CLIENT, "clientName": NAME, **fields})).id


def seen(conn, person):
    with conn.transaction():
        return preview(conn, person, get_state(conn, person.org_id))


def facts(held):
    """Return what is said of each object."""
    return {(each.found.kind, each.found.id, each.goes, each.until, each.why) for each in held}


@pytest.fixture
def known(books):
    """A person with documents of every kind: by both of its ids, sent, paid, void, and of somebody else by now."""
    party = books.do(CreateParty, party_body(name=NAME, externalId=CLIENT)).id
    draft(books)
    draft(books, clientId=party)
    for fields in ({}, OLD):
        books.do(UpdateInvoice, {"status": "sent"}, draft(books, **fields))
    paid = draft(books, **OLD)
    books.do(UpdateInvoice, {"status": "sent"}, paid)
    for day in ("2026-01-20", "2012-07-01"):
        books.do(RecordInvoicePayment, {"amount": "1.00", "paidOn": day}, paid)
    books.reverse(paid, 0)
    books.do(UpdateInvoice, {"status": "void"}, draft(books))
    books.do(UpdateInvoice, {"clientId": "other", "clientName": "Other"}, draft(books))
    books.do(DraftBill, bill_body(vendorId=CLIENT, vendorName=NAME))
    books.do(RequestLeave, leave_body(employeeId=EMPLOYEE, employeeName=NAME))
    draft(books, clientId="other", clientName="Other")
    PastRowTable(PAST_ROWS).add_new(books.conn)
    return party


def test_it_says_of_each_object_what_the_search_of_the_whole_log_says(conn, books, known):
    for id in (CLIENT, known):
        person = Person(books.id, "party", id, None)
        found = seen(conn, person)
        assert found.more == 0 and len(found.held) == 9
        assert facts(found.held) == facts(find_held(conn, person))
    person = Person(books.id, "employee", EMPLOYEE, None)
    assert facts(seen(conn, person).held) == facts(find_held(conn, person)) != set()


def test_it_knows_the_external_ids_that_a_party_has_had(conn, books, known):
    books.do(UpdateParty, {"externalId": "zq-new"}, known)
    draft(books, clientId="zq-new")
    PastRowTable(PAST_ROWS).add_new(books.conn)
    for id in (CLIENT, known, "zq-new"):
        person = Person(books.id, "party", id, None)
        found = seen(conn, person)
        assert found.more == 0 and len(found.held) == 10
        assert facts(found.held) == facts(find_held(conn, person))
    other = books.do(CreateParty, party_body(name="Other", externalId=CLIENT)).id
    for id in (CLIENT, known):
        person = Person(books.id, "party", id, None)
        assert facts(seen(conn, person).held) == facts(find_held(conn, person))
        assert (other in {each.found.id for each in seen(conn, person).held}) is (id == CLIENT)


def test_it_says_whose_values_are_gone(conn, books, known):
    person = Person(books.id, "party", CLIENT, None)
    with conn.transaction():
        erase_found(conn, person, find(conn, person), ACTOR)
    found = seen(conn, person).held
    assert {each.found.id for each in found if each.found.erased} == {
        each.found.id for each in find_held(conn, person) if each.found.erased and not each.found.positions
    }


def test_it_reads_no_event(conn, books, known):
    person = Person(books.id, "party", CLIENT, None)
    with conn.transaction():
        begin = conn.execute(READ).fetchone()
        preview(conn, person, get_state(conn, books.id))
        assert conn.execute(READ).fetchone() == begin
        find_held(conn, person)
        assert conn.execute(READ).fetchone() > begin


def test_of_very_many_objects_the_oldest_and_the_newest_ones_are_looked_at(conn, books, known, monkeypatch):
    monkeypatch.setattr(previews, "LOOKED_AT_ENDS", 1)
    person = Person(books.id, "party", CLIENT, None)
    invoices = sorted(each.found.id for each in find_held(conn, person) if each.found.kind == "invoice")
    found = seen(conn, person)
    assert {each.found.id for each in found.held if each.found.kind == "invoice"} == {invoices[0], invoices[-1]}
    assert len(found.held) + found.more == 9
    assert "party" not in {each.found.kind for each in found.held}  # it depends on all its documents


def test_rows_that_another_version_has_written_are_only_counted(conn, books, known):
    conn.execute("UPDATE bills SET projection_version = 0 WHERE org_id = %s", (books.id,))
    found = seen(conn, Person(books.id, "party", CLIENT, None))
    assert {each.found.kind for each in found.held} == {"invoice"} and found.more == 2
