"""Whether a question is about clients, vendors and employees themselves, or about the documents that name them."""

from datetime import date

from api.app import RESOURCE_TYPES
from api.assistant.reading.kinds import Kinds
from api.assistant.reading.thread import read_thread
from api.assistant.reading.values.contacts import find_email, find_gstin, find_phone
from tests.support.cases import all_cases

KINDS = Kinds.of(RESOURCE_TYPES)


def read_one(*texts):
    return read_thread(texts, date(2026, 11, 29), KINDS)


@all_cases(
    ("text", "action"),
    [
        ("Add a new vendor", "create"),
        ("add vendor Kaveri Stationers", "create"),
        ("show me all our customers", "see"),
        ("change the address of a client", "update"),
        ("grahak ka GSTIN badalna hai", "update"),
        ("how can I delete a vendor?", "archive"),
        ("make the client active again", "activate"),
    ],
)
def test_a_question_about_clients_or_vendors_themselves_is_about_parties(text, action):
    assert read_one(text).intent[:2] == (action, "party")


@all_cases(
    ("text", "kind"),
    [
        ("show all invoices of one client", "invoice"),
        ("which clients have not paid?", "invoice"),
        ("record a payment of a vendor", "bill"),
        ("leaves of employee dev-8", "leave"),
        ("create an invoice for a new client", "invoice"),
    ],
)
def test_a_question_about_what_names_them_is_not(text, kind):
    assert read_one(text).intent.kind == kind


def test_an_employee_in_a_thread_about_leaves_chooses_leaves():
    assert read_one("show pending leaves", "for employee dev-8 only").intent.kind == "leave"


def test_what_a_question_names_of_a_person_is_found():
    assert find_gstin("its gstin is 27aapfu0939f1zv") == "27AAPFU0939F1ZV"
    assert find_email("mail asha@acme.example.") == "asha@acme.example"
    assert find_phone("call +91 98450 12345") == "+91 98450 12345"
    assert find_gstin("INV-2026-27-0042") is None
