"""What people type finds the right page first, also mistyped and unfinished."""

import pytest

from api.docs.guide_words import SECTION_WORDS
from api.docs.guides import guides
from tests.support.cases import all_cases
from tests.support.openapi import ALL_ROUTES

GUIDE = "/docs/guides/"
FIRST = {
    # Words of people who do not know ours.
    "webhook": "receiving-webhooks",
    "webhooks": "receiving-webhooks",
    "refund": "credit-notes",
    "bounced cheque": "payments",
    "GST": "/docs/guides/gst-invoices",
    "429": "credits",
    "too many requests": "credits#when-it-is-used-up",
    "rate limit": "credits",
    "rate limits": "credits",
    "quota": "credits",
    "how often can I poll": "credits#the-arithmetic-of-polling",
    "cors": "authentication#calling-the-api-from-a-web-page",
    "custom fields": "metadata",
    "external id": "metadata",
    "tds": "payments",
    "write off": "payments",
    "half day": "leaves",
    "time travel": "events",
    "test mode": "test-mode",
    "sandbox": "test-mode",
    "reset test data": "test-mode",
    "ip allowlist": "authentication#networks-of-a-key",
    "whitelist ip address": "authentication#networks-of-a-key",
    "requests per second": "credits#a-burst",
    "create keys programmatically": "authentication#keys-that-manage-keys",
    "key on github": "authentication#keeping-a-key-secret",
    "raise the limit of a key": "authentication#making-rotating-and-revoking-keys",
    "request id": "requests",
    "request log": "requests",
    "verify signature": "receiving-webhooks",
    "ngrok": "receiving-webhooks#try-it-on-your-own-computer",
    # Words of the guides.
    "quickstart": "quickstart",
    "authentication": "authentication",
    "how do I get an api key": "authentication",
    "rotate a key": "authentication#making-rotating-and-revoking-keys",
    "idempotency": "retries",
    "retry": "retries",
    "pagination": "lists",
    "sorting": "lists#sorting",
    "zapier": "zapier",
    "n8n": "n8n",
    "make": "make",
    "python": "python",
    "google sheets": "google-sheets",
    "spreadsheet": "google-sheets",
    "power query": "excel",
    "nodejs": "node",
    "php": "php",
    # Operations, in words and by their addresses.
    "list invoices": "/docs/operations/listInvoices",
    "void invoice": "/docs/operations/updateInvoice",
    "delete invoice": "/docs/operations/updateInvoice",
    "delete an invoice": "/docs/operations/updateInvoice",
    "remove bill": "/docs/operations/updateBill",
    "delete leave": "/docs/operations/updateLeave",
    "delete payment": "/docs/operations/reverseInvoicePayment",
    "mark invoice as paid": "/docs/operations/recordInvoicePayment",
    "approve leave": "/docs/operations/updateLeave",
    "list bills": "/docs/operations/listBills",
    # Error codes and statuses.
    "not_found": "errors#not_found",
    "404": "errors#not_found",
    "validation_failed": "errors#validation_failed",
    "rate_limited": "errors#rate_limited",
    "leave overlap": "errors#leave_overlap",
    # Fields and parameters.
    "hsn": "/docs/operations/createInvoice#body",
    "dueDate": "/docs/operations/createInvoice#body",
    "invoice number": "/docs/operations/createInvoice#body",
    "client id": "/docs/operations/createInvoice#body",
    "updatedSince": "/docs/operations/listInvoices",
    "allowedCidrs": "/docs/operations/createKey#body",
    "managesKeys": "/docs/operations/createKey#response",
    "livemode": "/docs/operations/getAccount#response",
    # Typing errors.
    "webhok": "receiving-webhooks",
    "athentication": "authentication",
    "idempotancy": "retries",
    "pagintion": "lists",
    "paymnets": "payments",
    "zappier": "zapier",
    # Unfinished words.
    "webh": "receiving-webhooks",
    "idempot": "retries",
    "quick": "quickstart",
}
"""By search: the page that comes first; a name without a slash is that of a guide."""


@all_cases("query", FIRST)
def test_the_right_page_comes_first(index, query):
    wanted = FIRST[query] if FIRST[query].startswith("/") else GUIDE + FIRST[query]
    assert [entry.path for entry in index.search(query, 5)][:1] == [wanted]


@all_cases("query", ["", "?", "the", "a", "salesforce", "xyzzy", "weather tomorrow", "महीना"])
def test_a_search_without_a_word_of_ours_finds_nothing(index, query):
    assert index.search(query, 5) == []


@pytest.mark.parametrize("query", ["dueDate", "due date", "DUE_DATE", "due  date", "duedate"])
def test_a_field_is_found_however_its_name_is_written(index, query):
    assert index.search(query, 1)[0].title == "dueDate"


def test_guides_for_operators_come_after_those_for_users(index):
    found = index.search("history", 20)
    places = [place for place, entry in enumerate(found) if entry.is_for_operators]
    assert places and places[0] > 0


def test_a_search_returns_at_most_as_many_as_asked_for(index):
    assert len(index.search("invoice", 7)) == 7


def test_words_of_a_section_name_a_section_that_exists():
    anchors = {f"{guide.slug}#{section.anchor}" for guide in guides() for section in guide.sections}
    assert set(SECTION_WORDS) <= anchors


def test_everything_that_can_be_found_has_an_address_and_a_title(entries):
    assert all(entry.title and entry.path.startswith("/docs") for entry in entries)
    assert {entry.kind for entry in entries} == {"Guide", "Error", "Operation", "Field", "Parameter"}


def test_a_field_of_an_object_is_there_once(entries):
    fields = [(entry.title, entry.context) for entry in entries if entry.kind == "Field"]
    assert len(fields) == len(set(fields)) and ("taxRate", "of line item") in fields
    assert [context for name, context in sorted(fields) if name in ("allowedCidrs", "ordered")] == [
        "of key",
        "of webhook",
    ]


def test_what_is_found_in_the_reference_is_a_page_with_that_section(entries):
    paths = {path for path, _ in ALL_ROUTES}
    for entry in entries:
        page, _, section = entry.path.partition("#")
        assert page in paths, entry.path
        assert entry.kind != "Field" or section in ("body", "response")
