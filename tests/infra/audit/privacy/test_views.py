"""An erasure deletes the saved views that name the person, and no others."""

import json

import pytest

from commands.invoice import DraftInvoice
from commands.parties.party import CreateParty, UpdateParty
from infra.audit.privacy.persons import erase_found, find
from infra.audit.privacy.search import Person
from infra.audit.privacy.traces import TYPED_FREELY
from infra.identity.keys import ACTOR
from infra.log.proofs.chain import PERSONAL_FORMAT
from infra.postgres.database import connect_as_table_owner
from projections.bill import BILL_LIST
from projections.invoice import INVOICE_LIST
from projections.leave import LEAVE_LIST
from projections.notes.credit_note import CREDIT_NOTE_LIST
from projections.notes.debit_note import DEBIT_NOTE_LIST
from projections.notes.vendor_credit import VENDOR_CREDIT_LIST
from projections.parties.employee import EMPLOYEE_LIST
from projections.parties.party import PARTY_LIST
from tests.support.books import Books
from tests.support.scenarios import invoice_body, party_body

GSTIN = "27AAPFU0939F1ZV"
LISTS = {
    "invoice": INVOICE_LIST,
    "bill": BILL_LIST,
    "leave": LEAVE_LIST,
    "party": PARTY_LIST,
    "employee": EMPLOYEE_LIST,
    "credit note": CREDIT_NOTE_LIST,
    "debit note": DEBIT_NOTE_LIST,
    "vendor credit": VENDOR_CREDIT_LIST,
}
FILE = """
INSERT INTO list_files (org_id, file_id, user_id, kind, filters, language, time_zone)
VALUES (%s, %s, 'user_1', %s, %s, 'en', 'UTC')
"""
SAVE = "INSERT INTO saved_views VALUES (%s, %s, 'user_1', 'party', %s, %s, true)"
GONE = [
    ("About OM", "status=active"),
    ("a", "search=om"),
    ("b", f"gstin={GSTIN}"),
    ("c", "search=om%40quagga.example&status=active"),
    ("d", "search=%2B91+98450+12345"),
    ("e", f"search={GSTIN[2:12].lower()}"),
    ("f", "metadata%5Bpassport%5D=Z+1234567"),
    ("g", f"search={GSTIN.lower()}"),
    ("h", "search=Om+Traders"),
]
STAYING = [
    ("Customers of Pune", "status=active"),
    ("Recent", "dateFrom=2026-01-01"),
    ("i", "search=Omkar"),
    ("j", "role=client&sort=-name"),
    ("k", "metadata%5Bgroup%5D=gold"),
    ("Shop", "metadata%5Bcustomer%5D=Tom"),
    ("l", "metadata%5Bpassport%5D=Z+12345678"),
]


@pytest.fixture
def conn(own_database):
    with connect_as_table_owner(own_database) as opened:
        yield opened


def test_views_that_name_the_person_go_and_those_of_others_stay(conn):
    books = Books(conn, chain_format=PERSONAL_FORMAT)
    fields = {"gstin": GSTIN, "email": "om@quagga.example", "phone": "+91 98450 12345", "address": "Pune"}
    metadata = {"passport": "Z 1234567", "group": "gold"}
    id = books.do(CreateParty, party_body(name="Om Traders", **fields, metadata=metadata)).id
    books.do(UpdateParty, {"name": "Om"}, id)
    books.do(CreateParty, party_body(name="Other", metadata={"group": "gold"}))
    for number, view in enumerate([*GONE, *STAYING]):
        conn.execute(SAVE, (books.id, f"view_{number:02}", *view))
    person = Person(books.id, "party", id, None)
    with conn.transaction():
        outcome = erase_found(conn, person, find(conn, person), ACTOR)
    assert outcome.erased is not None and outcome.erased.copies["saved views"] == len(GONE)
    left = conn.execute("SELECT name, query FROM saved_views ORDER BY view_id").fetchall()
    assert [tuple(each) for each in left] == STAYING


def test_a_name_is_found_that_only_a_document_has(conn):
    books = Books(conn, chain_format=PERSONAL_FORMAT)
    books.do(DraftInvoice, invoice_body(clientId="zq-7", clientName="Om"))
    conn.execute(SAVE, (books.id, "view_1", "a", "search=Om"))
    conn.execute(SAVE, (books.id, "view_2", "b", "status=active"))
    person = Person(books.id, "party", "zq-7", None)
    with conn.transaction():
        erase_found(conn, person, find(conn, person), ACTOR)
    assert conn.execute("SELECT view_id FROM saved_views").fetchall() == [("view_2",)]


def test_files_of_other_lists_go_if_they_are_filtered_by_the_person(conn):
    books = Books(conn, chain_format=PERSONAL_FORMAT)
    books.do(DraftInvoice, invoice_body(clientId="zq-7", clientName="Om", metadata={"passport": "Z 1"}))
    gone = [("invoice", {"status": "paid"}), ("leave", {"search": "om"}), ("invoice", {"metadata[passport]": "Z 1"})]
    staying = [("leave", {"search": "Omkar"}), ("bill", {"status": "open"}), ("bill", {"metadata[passport]": "Z 1"})]
    for number, (kind, filters) in enumerate([*gone, *staying]):
        conn.execute(FILE, (books.id, f"file_{number}", kind, json.dumps(filters)))
    conn.execute(FILE, (books.id, "file_unreadable", "leave", '["search"]'))
    person = Person(books.id, "party", "zq-7", None)
    with conn.transaction():
        outcome = erase_found(conn, person, find(conn, person), ACTOR)
    assert outcome.erased is not None and outcome.erased.copies["files of lists"] == len(gone) + 1
    left = conn.execute("SELECT kind, filters FROM list_files ORDER BY file_id").fetchall()
    assert [(kind, json.loads(filters)) for kind, filters in left] == staying


@pytest.mark.parametrize("kind", LISTS)
def test_each_filter_that_takes_any_text_is_looked_into(kind):
    free = {
        name
        for name, each in LISTS[kind].filters.items()
        if (found := each.parameter()).schema.get("type") == "string"
        and not {"format", "enum", "pattern"} & found.schema.keys()
        and not found.choices
    }
    assert "search" in free and free <= {*TYPED_FREELY}
