"""Lists: each filter, each sort both ways with ties, and each wrong parameter named."""

import pytest

from tests.support.cases import all_cases
from tests.support.client import error_of
from tests.support.scenarios import (
    INVOICES,
    LINE,
    MAKERS,
    draft_bill,
    draft_invoice,
    pay_invoice,
    pending_leave,
    sent_invoice,
)


def price(amount):
    return {"items": [{**LINE, "quantity": 1, "unitPrice": amount, "taxRate": 0}]}


def numbers(api, **params):
    return [invoice["invoiceNumber"] for invoice in api.read("invoices", **params)]


@pytest.fixture
def book(api):
    """Six invoices that differ in everything that a list can be filtered and sorted by, two of them tied."""
    draft_invoice(api, invoiceNumber="A", clientId="acme", invoiceDate="2026-01-01", dueDate="2099-03-01", **price(9))
    sent_invoice(api, invoiceNumber="b", clientId="bolt", invoiceDate="2026-01-02", dueDate="2026-02-01", **price(100))
    part = sent_invoice(api, invoiceNumber="C", invoiceDate="2026-01-03", dueDate="2099-01-01", **price(20))
    pay_invoice(api, part, "0.50")
    whole = sent_invoice(api, invoiceNumber="d/1", invoiceDate="2026-01-03", dueDate="2099-01-01", **price(20))
    pay_invoice(api, whole, "20")
    gone = draft_invoice(api, invoiceNumber="E-2", invoiceDate="2026-04-01", dueDate="2099-01-02", **price("9.50"))
    api.update(f"invoices/{gone['id']}", {"status": "void"})
    sent_invoice(api, invoiceNumber="0f", invoiceDate="2026-01-05", dueDate="2098-12-31", **price(100000))
    return api


@all_cases(
    ("params", "expected"),
    [
        ({}, "A b C d/1 E-2 0f"),
        ({"status": "draft"}, "A"),
        ({"status": "sent"}, "b 0f"),
        ({"status": "partially_paid"}, "C"),
        ({"status": "paid"}, "d/1"),
        ({"status": "void"}, "E-2"),
        ({"status": "void,draft"}, "A E-2"),
        ({"status": "sent,sent"}, "b 0f"),
        ({"clientId": "bolt"}, "b"),
        ({"clientId": "BOLT"}, ""),
        ({"clientId": "bol"}, ""),
        ({"dateFrom": "2026-01-03"}, "C d/1 E-2 0f"),
        ({"dateTo": "2026-01-03"}, "A b C d/1"),
        ({"dateFrom": "2026-01-02", "dateTo": "2026-01-03"}, "b C d/1"),
        ({"dueFrom": "2099-01-02"}, "A E-2"),
        ({"dueTo": "2098-12-31"}, "b 0f"),
        ({"dueFrom": "2099-01-01", "dueTo": "2099-01-01"}, "C d/1"),
        ({"overdue": "true"}, "b"),
        ({"overdue": "false"}, "A C d/1 E-2 0f"),
        ({"status": "sent", "overdue": "false", "dateFrom": "2026-01-01"}, "0f"),
    ],
)
def test_a_filter_returns_only_matches(book, params, expected):
    assert numbers(book, sort="createdAt", **params) == expected.split()


@all_cases(
    ("sort", "order"),
    [
        ("createdAt", "A b C d/1 E-2 0f"),
        ("updatedAt", "A b C d/1 E-2 0f"),
        ("invoiceDate", "A b C d/1 0f E-2"),
        ("dueDate", "b 0f C d/1 E-2 A"),
        ("totalAmount", "A E-2 C d/1 b 0f"),
        ("invoiceNumber", "0f A C E-2 b d/1"),
    ],
)
@all_cases("limit", [100, 1])
def test_a_sort_works_in_both_directions_and_breaks_ties_by_id(book, sort, order, limit):
    assert walked(book, sort=sort, limit=limit) == order.split()
    assert walked(book, sort=f"-{sort}", limit=limit) == order.split()[::-1]


def walked(api, **params):
    """The numbers on all pages."""
    response, invoice_numbers = api.get("invoices", params=params), []
    while True:
        body = response.json()
        invoice_numbers += [invoice["invoiceNumber"] for invoice in body["data"]]
        if not body["pagination"]["hasMore"]:
            return invoice_numbers
        response = api.get(body["pagination"]["nextUrl"])


def test_the_default_order_is_newest_first(book):
    assert numbers(book) == numbers(book, sort="-createdAt")


@pytest.fixture
def texts(api):
    """Three invoices whose texts have signs and letters of several languages."""
    draft_invoice(api, invoiceNumber="INV/7", clientId="acme", clientName="Fish and Chips", notes="100%_sure")
    draft_invoice(api, invoiceNumber="K-1", clientId="k1", clientName="ACME Müller Straße", notes="C:\\TEMP")
    draft_invoice(api, invoiceNumber="K-2", clientId="k_2", clientName="ΣίσυφοΣ", notes="'; -- नमस्ते")
    return api


@all_cases(
    ("search", "expected"),
    [
        ("inv/7", "INV/7"),
        ("v/7", "INV/7"),
        ("ACME", "INV/7 K-1"),
        ("müll", "K-1"),
        ("MÜLL", "K-1"),
        ("STRASSE", "K-1"),
        ("straße", "K-1"),
        ("Σίσυφος", "K-2"),
        ("ΣΊΣΥΦΟΣ", "K-2"),
        ("100%", "INV/7"),
        ("0%_", "INV/7"),
        ("__%", ""),
        ("a_c", ""),
        ("c:\\temp", "K-1"),
        ("'; --", "K-2"),
        ("नमस्ते", "K-2"),
        (" and ", "INV/7"),
        ("acmeacme", ""),
        ("7acme", ""),
        ("Consulting", ""),
    ],
)
def test_a_search_finds_literal_text_in_number_client_and_notes(texts, search, expected):
    assert numbers(texts, search=search, sort="createdAt") == expected.split()


@pytest.fixture
def names(api):
    """Four invoices whose numbers, ids and names begin differently."""
    draft_invoice(api, invoiceNumber="INV/7", clientId="acme", clientName="Fish and Chips", notes="100% and _")
    draft_invoice(api, invoiceNumber="K-1", clientId="k1", clientName="MÜLLER", notes="\\ '")
    draft_invoice(api, invoiceNumber="K-2", clientId="k_2", clientName="ΣίσυφοΣ", notes="\x01")
    draft_invoice(api, invoiceNumber="X/8", clientId="x", clientName="शर्मा", notes="x")
    return api


@all_cases(
    ("search", "expected"),
    [
        ("i", "INV/7"),
        ("IN", "INV/7"),
        ("k", "K-1 K-2"),
        ("K-", "K-1 K-2"),
        ("k_", "K-2"),
        ("fi", "INV/7"),
        ("ＦＩ", "INV/7"),
        ("\ufb01", "INV/7"),
        ("mü", "K-1"),
        ("mu\u0308", "K-1"),
        ("Σ", "K-2"),
        ("शर", "INV/8"),
        ("श\u200d", "INV/8"),
        ("an", ""),
        ("ch", ""),
        ("10", ""),
        ("%", ""),
        ("_", ""),
        ("k%", ""),
        ("\\", ""),
        ("'", ""),
        ("\x01", ""),
    ],
    ids=ascii,
)
def test_one_or_two_characters_find_the_beginning_of_a_number_id_or_name(names, search, expected):
    assert numbers(names, search=search, sort="createdAt") == expected.replace("INV/8", "X/8").split()


WRITTEN = [
    ("café", "cafe\u0301"),
    ("cafe\u0301", "CAFÉ"),
    ("\u0958लम", "\u0915\u093cलम"),
    ("\u0915\u093cलम", "\u0958लम"),
    ("क्\u200dषमा", "क्षमा"),
    ("Acme\u00a0Traders", "acme traders"),
    ("Acme  Traders", "acme traders"),
    ("Acme Traders", "acme\u3000traders"),
    ("ＡＣＭＥ", "acme"),
    ("acme", "ac\u00adme"),
    ("Straße", "STRASSE"),
    ("№ 500", "no 500"),
    ("\u202eevil", "evil"),
    ("line one\nline two", "one line"),
    ("कागज़", "कागज\u093c"),
]
"""A text as it was stored, and as somebody looks for it."""


@pytest.mark.parametrize(("stored", "search"), WRITTEN, ids=ascii)
def test_a_search_finds_a_text_however_it_was_typed(api, stored, search):
    by_name = draft_invoice(api, clientName=stored, clientId="c")
    by_notes = draft_bill(api, notes=f"see: {stored}, please")
    leave = pending_leave(api, employeeName=stored, reason=None)
    draft_invoice(api, clientName="nobody", clientId="x", notes="nothing")
    assert [invoice["id"] for invoice in api.read("invoices", search=search)] == [by_name["id"]]
    assert [bill["id"] for bill in api.read("bills", search=search)] == [by_notes["id"]]
    assert [row["id"] for row in api.read("leaves", search=search)] == [leave["id"]]


@pytest.mark.parametrize("between", ["\x01", "\n", "\t", "\x1f", "\u2028", " ", ""], ids=ascii)
def test_no_search_matches_across_two_texts(api, between):
    draft_invoice(api, invoiceNumber="ABC", clientId="def", clientName="ghi", notes="jkl")
    for search in (f"abc{between}def", f"def{between}ghi", f"ghi{between}jkl", f"c{between}d"):
        assert api.read("invoices", search=search) == []


@pytest.mark.parametrize("search", ["INV-7-001", "inv-7-001"])
def test_a_whole_number_finds_only_the_invoice_with_it(api, search):
    """Part of a number finds every text with it; so does a number that no invoice has."""
    draft_invoice(api, invoiceNumber="INV-7-001")
    draft_invoice(api, invoiceNumber="INV-7-0011", notes="Replaces INV-7-001 and INV-7-999")
    assert numbers(api, search=search) == ["INV-7-001"]
    assert numbers(api, search=search, status="sent") == []
    assert numbers(api, search="INV-7-00", sort="invoiceNumber") == ["INV-7-001", "INV-7-0011"]
    assert numbers(api, search="inv-7-999") == ["INV-7-0011"]


def test_several_statuses_are_one_list_over_all_its_pages(api):
    for number in range(6):
        (sent_invoice if number % 2 else draft_invoice)(api, invoiceNumber=f"N{number}")
    newest_first = [f"N{number}" for number in reversed(range(6))]
    assert numbers(api, status="draft,sent", limit="2") == newest_first[:2]
    page = api.get("invoices", params={"status": "draft,sent", "limit": 2, "include": "items"}).json()
    found = [each["invoiceNumber"] for each in page["data"]]
    while page["pagination"]["hasMore"]:
        page = api.get(page["pagination"]["nextUrl"]).json()
        found += [each["invoiceNumber"] for each in page["data"]]
    assert found == newest_first


def test_a_search_finds_changed_texts(api):
    path = f"invoices/{draft_invoice(api, invoiceNumber='A', notes='old')['id']}"
    api.update(path, {"notes": "Neues Österreich"})
    assert (numbers(api, search="OLD"), numbers(api, search="öSTERR")) == ([], ["A"])


def test_updated_since_is_inclusive_to_the_microsecond(api):
    first, second = draft_invoice(api), draft_invoice(api)
    changed = api.update(f"invoices/{first['id']}", {"notes": "x"})
    ids = [invoice["id"] for invoice in api.read("invoices", updatedSince=second["updatedAt"], sort="updatedAt")]
    assert ids == [second["id"], first["id"]]
    assert [invoice["id"] for invoice in api.read("invoices", updatedSince=changed["updatedAt"])] == [first["id"]]


@pytest.mark.parametrize("collection", MAKERS)
def test_a_poller_that_sends_the_newest_updated_at_misses_nothing(api, collection):
    """Each poll begins at the newest `updatedAt` of the one before, and sees that object again and all later ones."""
    first = MAKERS[collection](api)
    newest = api.read(collection, updatedSince="2000-01-01T00:00:00Z", sort="-updatedAt", limit=1)[0]["updatedAt"]
    second = MAKERS[collection](api)
    step = {"invoices": "sent", "bills": "open", "leaves": "approved"}[collection]
    api.update(f"{collection}/{first['id']}", {"status": step})
    seen = [resource["id"] for resource in api.read(collection, updatedSince=newest, sort="updatedAt")]
    assert seen == [second["id"], first["id"]]
    assert newest == first["updatedAt"]


@pytest.mark.parametrize("collection", MAKERS)
def test_of_51_rows_50_are_on_the_first_page(api, collection):
    for _ in range(51):
        MAKERS[collection](api)
    body = api.get(collection).json()
    assert (len(body["data"]), body["pagination"]["limit"], body["pagination"]["hasMore"]) == (50, 50, True)
    assert len(api.get(body["pagination"]["nextUrl"]).json()["data"]) == 1


@pytest.mark.parametrize(
    "moment",
    ["2020-01-01T05:30:00+05:30", "2020-01-01T00:00:00Z", "2020-01-01t00:00:00.1z", "2020-01-01T00:00:00.123456789Z"],
)
def test_updated_since_takes_every_form_of_rfc_3339(api, moment):
    draft_invoice(api)
    assert len(api.read("invoices", updatedSince=moment)) == 1


def test_include_adds_items_and_payments_to_each_invoice(api):
    shown = {invoice["id"]: invoice for invoice in (make(api) for make in INVOICES.values())}
    assert {invoice["id"]: invoice for invoice in api.read("invoices", include="items")} == shown


WRONG = {
    "status": ["", "open", "sent,", "sent,open", "SENT", " sent"],
    "clientId": ["", "a" * 65],
    "dateFrom": ["", "2025-02-29", "20250101", "2025-W01-1", "٢٠٢٥-٠١-٠١", "0000-01-01", "yesterday"],
    "dateTo": ["2025-1-1", "2025-01-01T00:00:00Z"],
    "dueFrom": ["x", "2025-13-01"],
    "dueTo": ["x", "2025-00-01"],
    "overdue": ["", "True", "1", "yes"],
    "search": ["", "a" * 201, "a\0", " ", "\u200b", "\u00ad\u2060", "\u3000\u00a0", "\t\n"],
    "updatedSince": [
        "",
        "2025-01-01",
        "2025-01-01T00:00:00",
        "now",
        "2025-01-01T25:00:00Z",
        "0001-01-01T00:00:00+14:00",
    ],
    "sort": ["", "-", "--createdAt", "id", "created_at", "createdAt,id", "+createdAt"],
    "limit": ["", "0", "101", "-1", "1.0", "1e1", "٣", "ten", " 1", "9" * 30],
    "include": ["", "payments", "items,items"],
    "cursor": ["x", "ü", "\0", "x\0", " ", "e30", "a" * 2000],
}


@all_cases(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_malformed_parameter_is_named(api, name, value):
    response = api.get("invoices", params={name: value})
    code = "invalid_cursor" if name == "cursor" else "invalid_parameter"
    assert [detail["field"] for detail in error_of(response, 400, code)["details"]] == [name]


@all_cases("name", [*WRONG])
def test_a_repeated_parameter_is_named(api, name):
    error = error_of(api.get("invoices", params={name: ["1", "1"]}), 400, "invalid_parameter")
    assert [detail["field"] for detail in error["details"]] == [name]


@all_cases("name", ["Status", "client_id", "page", "offset", "q", "filter[status]", "ü", "a\0", ""])
def test_an_unknown_parameter_is_named(api, name):
    response = api.get("invoices", params={name: "1"})
    assert [detail["field"] for detail in error_of(response, 400, "unknown_parameter")["details"]] == [name]


def test_every_wrong_parameter_is_named_at_once(api):
    error = error_of(api.get("invoices?page=2&limit=0&sort=x&status=sent&dateFrom=x"), 400, "invalid_parameter")
    named = {(detail["field"], detail["code"]) for detail in error["details"]}
    wrong = {(name, "invalid_parameter") for name in ("limit", "sort", "dateFrom")}
    assert named == wrong | {("page", "unknown_parameter")}
