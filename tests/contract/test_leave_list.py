"""The list of leaves: each filter alone and with others, search, each sort, and pages."""

import pytest

from tests.support.cases import all_cases
from tests.support.client import error_of
from tests.support.scenarios import decided_leave, pending_leave


@pytest.fixture
def three(api):
    """Leaves C, B and A, made in this order; A is approved, B pending, C denied."""
    decided_leave(api, "denied", employeeId="e-C", employeeName="Chitra", startDate="2099-05-10", endDate="2099-05-20")
    pending_leave(api, employeeId="e-B", type="sick", reason="Fever", startDate="2099-05-05", endDate="2099-05-05")
    decided_leave(api, "approved", employeeId="e-A", reason=None, startDate="2099-05-01", endDate="2099-05-05")
    return api


def employees(api, **params):
    """Return the last letters of the employee ids in the list, in its order."""
    return "".join(leave["employeeId"][-1] for leave in api.read("leaves", **params))


@all_cases(
    ("params", "expected"),
    [
        ({}, "ABC"),
        ({"status": "pending"}, "B"),
        ({"status": "approved,denied"}, "AC"),
        ({"status": "cancelled"}, ""),
        ({"type": "sick"}, "B"),
        ({"type": "earned,sick"}, "ABC"),
        ({"employeeId": "e-A"}, "A"),
        ({"employeeId": "e"}, ""),
        ({"updatedSince": "2000-01-01T00:00:00Z"}, "ABC"),
        ({"updatedSince": "2099-01-01T00:00:00Z"}, ""),
        ({"status": "approved,pending", "type": "earned", "dateFrom": "2099-05-05", "search": "e-"}, "A"),
    ],
)
def test_a_filter_finds_all_matches_and_nothing_else(three, params, expected):
    assert employees(three, **params, sort="-createdAt") == expected


@all_cases(
    ("first", "last", "expected"),
    [
        ("2099-05-05", "2099-05-05", "AB"),
        ("2099-05-04", "2099-05-04", "A"),
        ("2099-05-06", "2099-05-09", ""),
        ("2099-05-06", "2099-05-10", "C"),
        ("2099-05-12", "2099-05-13", "C"),
        ("2099-05-20", "2099-12-31", "C"),
        ("2099-05-21", None, ""),
        ("2099-05-05", None, "ABC"),
        (None, "2099-05-05", "AB"),
        (None, "2099-04-30", ""),
        (None, "2099-05-01", "A"),
        ("2099-01-01", "2099-12-31", "ABC"),
    ],
)
def test_dates_find_the_leaves_that_overlap_the_range(three, first, last, expected):
    params = {name: day for name, day in (("dateFrom", first), ("dateTo", last)) if day}
    assert employees(three, **params, sort="-createdAt") == expected


@all_cases(
    ("text", "expected"), [("E-", "ABC"), ("asha", "AB"), ("CHIT", "C"), ("wedding", "C"), ("fev", "B"), ("sick", "")]
)
def test_a_search_looks_in_employee_and_reason_without_case(three, text, expected):
    assert employees(three, search=text) == expected


@all_cases(("sort", "expected"), [("createdAt", "CBA"), ("updatedAt", "CBA"), ("startDate", "ABC")])
def test_a_sort_orders_the_list_and_a_minus_reverses_it(three, sort, expected):
    assert employees(three, sort=sort) == expected
    assert employees(three, sort=f"-{sort}") == expected[::-1]


@all_cases("sort", ["createdAt", "-updatedAt", "startDate", "-startDate"])
def test_pages_of_one_walk_the_whole_list(three, sort):
    letters, url = "", f"{three.base_url}leaves?limit=1&sort={sort}"
    while url:
        page = three.get(url).json()
        letters += page["data"][0]["employeeId"][-1]
        url = page["pagination"]["nextUrl"]
    assert letters == employees(three, sort=sort)


@all_cases(
    ("params", "code"),
    [
        ({"overdue": "true"}, "unknown_parameter"),
        ({"include": "items"}, "unknown_parameter"),
        ({"type": "casual"}, "invalid_parameter"),
        ({"status": "open"}, "invalid_parameter"),
        ({"dateFrom": "2099-13-01"}, "invalid_parameter"),
        ({"sort": "endDate"}, "invalid_parameter"),
    ],
)
def test_parameters_that_leaves_do_not_have_are_refused(api, params, code):
    assert error_of(api.get("leaves", params=params), 400, code)["details"][0]["field"] == next(iter(params))


def test_a_poller_that_sends_the_newest_updated_at_misses_nothing(three):
    newest = three.read("leaves", sort="-updatedAt", limit=1)[0]
    later = pending_leave(three, employeeId="e-D")
    changed = three.update(f"leaves/{three.read('leaves', employeeId='e-B')[0]['id']}", {"status": "approved"})
    leaves = three.read("leaves", updatedSince=newest["updatedAt"], sort="updatedAt")
    assert leaves == [newest, later, changed]
