"""Ranges of lists: the order that follows a range of dates, ranges that end before they start, and empty cursors."""

import pytest

from tests.support.cases import all_cases
from tests.support.client import error_of
from tests.support.scenarios import MAKERS, draft_bill, draft_invoice, pending_leave

DAY_OF = {"invoices": "invoiceDate", "bills": "billDate", "leaves": "startDate"}
DAYS = ["2026-02-02", "2026-02-01", "2026-02-04", "2026-02-03"]
DUE = ["2099-01-02", "2099-01-04", "2099-01-01", "2099-01-03"]


@pytest.fixture
def books(api):
    """Four objects of each kind, whose order differs by creation, by their own date and by their due date."""
    for number, (day, due) in enumerate(zip(DAYS, DUE, strict=True)):
        draft_invoice(api, invoiceNumber=f"I{number}", invoiceDate=day, dueDate=due)
        draft_bill(api, billNumber=f"B{number}", billDate=day, dueDate=due)
        pending_leave(api, employeeId=f"e{number}", startDate=day, endDate=day)
    return api


@all_cases("collection", MAKERS)
@all_cases(
    "params",
    [
        {"dateFrom": "2026-02-01"},
        {"dateTo": "2026-02-28"},
        {"dateFrom": "2026-01-01", "dateTo": "2026-12-31"},
        {"dateTo": "9999-12-31", "updatedSince": "2000-01-01T00:00:00Z"},
        {"dateFrom": "0001-01-01", "limit": "3"},
    ],
)
def test_a_range_of_dates_is_in_the_order_of_that_date_newest_first(books, collection, params):
    days = [each[DAY_OF[collection]] for each in books.read(collection, **params)]
    assert days == sorted(DAYS, reverse=True)[: int(params.get("limit", 50))]


@all_cases("collection", ["invoices", "bills"])
@all_cases(
    ("params", "field"),
    [
        ({"dueFrom": "2099-01-01"}, "dueDate"),
        ({"dueTo": "2099-12-31"}, "dueDate"),
        ({"dueFrom": "2099-01-01", "dueTo": "2099-01-04", "overdue": "false"}, "dueDate"),
        ({"dueFrom": "2099-01-01", "dateTo": "2026-12-31"}, "the document's own date"),
        ({"dateFrom": "2026-01-01", "dueTo": "2099-12-31"}, "the document's own date"),
    ],
)
def test_a_range_of_due_dates_is_in_their_order_unless_the_documents_date_is_asked_for(
    books, collection, params, field
):
    name = field if field == "dueDate" else DAY_OF[collection]
    dates = [each[name] for each in books.read(collection, **params)]
    assert dates == sorted(dates, reverse=True) and len(dates) == len(DAYS)


@all_cases("collection", MAKERS)
@all_cases("sort", ["createdAt", "-createdAt", "updatedAt", "-updatedAt"])
def test_a_sort_that_is_sent_takes_precedence_over_that_of_a_range(books, collection, sort):
    found = books.read(collection, dateFrom="2026-01-01", sort=sort)
    assert found == books.read(collection, sort=sort)


@all_cases("collection", MAKERS)
def test_the_pages_of_a_range_follow_each_other_in_its_order(books, collection):
    page = books.get(collection, params={"dateFrom": "2026-01-01", "limit": 1}).json()
    days = [page["data"][0][DAY_OF[collection]]]
    while page["pagination"]["hasMore"]:
        page = books.get(page["pagination"]["nextUrl"]).json()
        days += [each[DAY_OF[collection]] for each in page["data"]]
    assert days == sorted(DAYS, reverse=True)


@all_cases(
    ("made_by", "sent_with"),
    [
        ({"dateFrom": "2026-01-01"}, {"dateFrom": "2026-01-01", "sort": "createdAt"}),
        ({"dateFrom": "2026-01-01"}, {"dateFrom": "2026-01-02"}),
        ({"dateFrom": "2026-01-01"}, {"dateTo": "2026-01-01"}),
        ({"dueTo": "2099-12-31"}, {}),
        ({"dueTo": "2099-12-31"}, {"dueTo": "2099-12-31", "dateTo": "2099-12-31"}),
        ({}, {"dateFrom": "2026-01-01"}),
    ],
)
def test_a_cursor_is_bound_to_the_order_that_a_range_brings(books, made_by, sent_with):
    cursor = books.get("invoices", params={**made_by, "limit": 1}).json()["pagination"]["nextCursor"]
    error_of(books.get("invoices", params={**sent_with, "cursor": cursor}), 400, "invalid_cursor")


@all_cases(
    ("start", "end"),
    [
        ("2026-01-02", "2026-01-01"),
        ("2026-12-01", "2026-01-31"),
        ("9999-12-31", "0001-01-01"),
        ("2024-02-29", "2024-02-28"),
        ("2100-01-01", "1999-12-31"),
    ],
)
@all_cases(("collection", "range_"), [(each, "date") for each in MAKERS] + [("invoices", "due"), ("bills", "due")])
def test_a_range_that_ends_before_it_starts_is_refused_and_names_both_ends(api, collection, range_, start, end):
    names = [f"{range_}From", f"{range_}To"]
    for order in (names, names[::-1]):
        params = dict(sorted(zip(names, (start, end), strict=True), key=lambda pair: order.index(pair[0])))
        error = error_of(api.get(collection, params=params), 400, "invalid_parameter")
        assert [detail["field"] for detail in error["details"]] == names
    assert api.get(collection, params={names[0]: start, names[1]: start}).status_code == 200


def test_both_ranges_and_every_other_wrong_parameter_are_named_at_once(api):
    params = {"dateFrom": "2026-02-01", "dateTo": "2026-01-01", "dueFrom": "2026-02-01", "dueTo": "2026-01-01"}
    error = error_of(api.get("bills", params={**params, "limit": "0"}), 400, "invalid_parameter")
    assert {detail["field"] for detail in error["details"]} == {*params, "limit"}


@all_cases("collection", MAKERS)
@all_cases("params", [{}, {"limit": "2"}, {"sort": "createdAt"}, {"dateFrom": "2026-01-01"}])
def test_an_empty_cursor_is_none(books, collection, params):
    found = books.read(collection, **params, cursor="")
    assert found == books.read(collection, **params)


@all_cases("collection", MAKERS)
@all_cases("cursor", ["\0", "a\0b", "\n", "%", "null", "0", "नमस्ते", "AAAA" * 50])
def test_whatever_is_no_cursor_is_an_invalid_cursor(api, collection, cursor):
    error = error_of(api.get(collection, params={"cursor": cursor}), 400, "invalid_cursor")
    assert [detail["field"] for detail in error["details"]] == ["cursor"]


@all_cases("name", ["search", "status", "clientId", "dateFrom", "overdue", "sort", "limit", "include"])
def test_every_other_empty_parameter_is_named(api, name):
    error = error_of(api.get("invoices", params={name: ""}), 400, "invalid_parameter")
    assert [detail["field"] for detail in error["details"]] == [name]
