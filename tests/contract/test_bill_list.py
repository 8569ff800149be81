"""The list of bills: each filter alone and with others, search, each sort, and pages."""

import pytest

from tests.support.cases import all_cases
from tests.support.client import error_of
from tests.support.scenarios import draft_bill, open_bill, partially_paid_bill

ONE = {
    "vendorId": "mills",
    "billNumber": "M/1",
    "billDate": "2025-05-01",
    "dueDate": "2025-06-01",
    "notes": "50% Cotton",
}
TWO = {"vendorId": "Loom_2", "vendorName": "Weaver", "billNumber": "L/2", "billDate": "2025-05-02"}
THREE = {"vendorId": "mills", "vendorName": None, "billNumber": "M/3", "billDate": "2025-05-03", "notes": "\\o/"}
TWO["dueDate"], THREE["dueDate"] = "2099-01-01", "2099-02-01"


@pytest.fixture
def three(api):
    """A draft, an open one and a partially paid overdue one, in the order of their numbers 3, 2, 1."""
    draft_bill(api, **THREE)
    open_bill(api, **TWO)
    partially_paid_bill(api, **ONE)
    return api


def numbers(api, **params):
    """The numbers of the bills in the list, by their last digit."""
    return "".join(bill["billNumber"][-1] for bill in api.read("bills", **params))


@all_cases(
    ("params", "expected"),
    [
        ({}, "123"),
        ({"status": "open"}, "2"),
        ({"status": "draft,open"}, "23"),
        ({"status": "paid,void"}, ""),
        ({"vendorId": "mills"}, "13"),
        ({"vendorId": "mill"}, ""),
        ({"dateFrom": "2025-05-02"}, "32"),
        ({"dateTo": "2025-05-02"}, "21"),
        ({"dateFrom": "2025-05-02", "dateTo": "2025-05-02"}, "2"),
        ({"dueFrom": "2025-06-02"}, "32"),
        ({"dueTo": "2025-06-01"}, "1"),
        ({"overdue": "true"}, "1"),
        ({"overdue": "false"}, "23"),
        ({"vendorId": "mills", "status": "draft", "overdue": "false", "search": "m/"}, "3"),
        ({"updatedSince": "2000-01-01T00:00:00Z"}, "123"),
        ({"updatedSince": "2099-01-01T00:00:00+05:30"}, ""),
    ],
)
def test_a_filter_finds_all_matches_and_nothing_else(three, params, expected):
    assert numbers(three, **params) == expected


@all_cases(
    ("text", "expected"),
    [
        ("m/", "13"),
        ("L/2", "2"),
        ("MILLS", "13"),
        ("& sons", "1"),
        ("weav", "2"),
        ("cotton", "1"),
        ("50%", "1"),
        ("% c", "1"),
        ("m_2", "2"),
        ("_2", ""),
        ("\\o/", "3"),
        ("consulting", ""),
    ],
)
def test_a_search_looks_in_number_vendor_and_notes_without_case_and_takes_signs_as_they_are(three, text, expected):
    assert numbers(three, search=text) == expected


@all_cases(
    ("sort", "expected"),
    [
        ("createdAt", "321"),
        ("updatedAt", "321"),
        ("billDate", "123"),
        ("dueDate", "123"),
        ("billNumber", "213"),
        ("totalAmount", "321"),
    ],
)
def test_a_sort_orders_the_list_and_a_minus_reverses_it(three, sort, expected):
    assert numbers(three, sort=sort) == expected
    assert numbers(three, sort=f"-{sort}") == expected[::-1]


def test_the_total_sorts_as_a_number(api):
    for number, price in (("A1", "9"), ("A2", "100"), ("A3", "20.5")):
        draft_bill(
            api, billNumber=number, items=[{"description": "x", "quantity": 1, "unitPrice": price, "taxRate": 0}]
        )
    assert numbers(api, sort="totalAmount") == "132"


@all_cases("sort", ["createdAt", "-updatedAt", "billDate", "-dueDate", "totalAmount", "-billNumber"])
def test_pages_of_one_walk_the_whole_list(three, sort):
    letters, url = "", f"{three.base_url}bills?limit=1&sort={sort}"
    while url:
        page = three.get(url).json()
        letters += page["data"][0]["billNumber"][-1]
        url = page["pagination"]["nextUrl"]
    assert letters == numbers(three, sort=sort)


def test_include_adds_items_and_payments(three):
    bill = three.read("bills", include="items", search="M/1")[0]
    assert bill == three.read(f"bills/{bill['id']}")


@all_cases("params", [{"clientId": "a"}, {"sort": "invoiceDate"}, {"status": "sent"}, {"overdue": "yes"}])
def test_parameters_that_bills_do_not_have_are_refused(api, params):
    [name] = params
    code = "unknown_parameter" if name == "clientId" else "invalid_parameter"
    assert error_of(api.get("bills", params=params), 400, code)["details"][0]["field"] == name


def test_a_cursor_of_another_query_is_refused(three):
    cursor = three.get("bills", params={"limit": 1}).json()["pagination"]["nextCursor"]
    error_of(three.get("bills", params={"limit": 1, "overdue": "false", "cursor": cursor}), 400, "invalid_cursor")
    error_of(three.get("invoices", params={"limit": 1, "cursor": cursor}), 400, "invalid_cursor")
