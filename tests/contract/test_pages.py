"""Pages: a cursor belongs to its query and is harmless when altered; links work unchanged."""

import base64
import re

import pytest

from tests.support.client import error_of
from tests.support.scenarios import draft_invoice


@pytest.fixture
def five(api):
    """Five drafts, the oldest first."""
    return [draft_invoice(api, notes="Müll & Co")["id"] for _ in range(5)]


def page(api, **params):
    response = api.get("invoices", params=params)
    assert response.status_code == 200, response.text
    return response.json()


def ids(body):
    return [invoice["id"] for invoice in body["data"]]


def test_a_page_names_the_next_page(api, five):
    body = page(api, limit=2, sort="createdAt")
    assert ids(body) == five[:2]
    assert (body["pagination"]["limit"], body["pagination"]["hasMore"]) == (2, True)
    rest = page(api, limit=2, sort="createdAt", cursor=body["pagination"]["nextCursor"])
    assert ids(rest) == five[2:4]


@pytest.mark.parametrize("limit", [5, 100])
def test_the_last_page_has_no_next(api, five, limit):
    response = api.get("invoices", params={"limit": limit})
    assert response.json()["pagination"] == {"limit": limit, "hasMore": False, "nextCursor": None, "nextUrl": None}
    assert "Link" not in response.headers


def test_an_empty_list_is_a_list(api):
    pagination = {"limit": 50, "hasMore": False, "nextCursor": None, "nextUrl": None}
    assert page(api) == {"success": True, "data": [], "pagination": pagination}


@pytest.mark.parametrize("path", ["invoices", "invoices/"])
def test_the_links_work_as_they_are(api, five, path):
    params = {"limit": 2, "sort": "createdAt", "search": "müll & CO", "status": "draft,sent", "include": "items"}
    response = api.get(path, params=params)
    url = response.json()["pagination"]["nextUrl"]
    assert response.headers["Link"] == f'<{url}>; rel="next"'
    assert url.startswith("http")
    second = api.get(url).json()
    assert ids(second) == five[2:4] and "items" in second["data"][0]
    last = api.get(second["pagination"]["nextUrl"])
    assert ids(last.json()) == five[4:]
    assert "Link" not in last.headers


@pytest.mark.parametrize("limit", [1, 100])
def test_a_limit_at_its_bounds_is_accepted(api, five, limit):
    assert ids(page(api, limit=limit, sort="createdAt")) == five[:limit]


def test_the_limit_can_change_between_pages(api, five):
    cursor = page(api, limit=1, sort="createdAt")["pagination"]["nextCursor"]
    assert ids(page(api, limit=3, sort="createdAt", cursor=cursor)) == five[1:4]
    assert ids(page(api, include="items", sort="createdAt", cursor=cursor)) == five[1:]


def test_the_default_sort_may_be_named(api, five):
    cursor = page(api, limit=1)["pagination"]["nextCursor"]
    assert ids(page(api, sort="-createdAt", cursor=cursor)) == five[3::-1]


@pytest.mark.parametrize(
    "params", [{}, {"sort": "-invoiceDate"}, {"sort": "invoiceDate", "status": "draft"}, {"sort": "createdAt"}]
)
def test_the_cursor_of_another_query_is_refused(api, five, params):
    cursor = page(api, limit=1, sort="invoiceDate")["pagination"]["nextCursor"]
    error_of(api.get("invoices", params={**params, "cursor": cursor}), 400, "invalid_cursor")


def test_a_cursor_with_other_filter_values_is_refused(api, five):
    cursor = page(api, limit=1, dateFrom="2026-01-01")["pagination"]["nextCursor"]
    error_of(api.get("invoices", params={"dateFrom": "2026-01-02", "cursor": cursor}), 400, "invalid_cursor")
    error_of(api.get("invoices", params={"dateTo": "2026-01-01", "cursor": cursor}), 400, "invalid_cursor")


def test_an_altered_cursor_is_refused_wherever_it_is_altered(api, five):
    cursor = page(api, limit=1)["pagination"]["nextCursor"]
    whole = len(cursor) * 6 // 8 * 8 // 6  # the last character may hold bits that mean nothing
    for place in range(0, whole - 1, 7):
        altered = cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]
        error_of(api.get("invoices", params={"cursor": altered}), 400, "invalid_cursor")
    for shorter in (cursor[:-4], cursor[4:], cursor + "AAAA"):
        error_of(api.get("invoices", params={"cursor": shorter}), 400, "invalid_cursor")


def test_a_cursor_shows_nothing_of_the_query(api, five):
    cursor = page(api, limit=1, search="müll")["pagination"]["nextCursor"]
    assert re.fullmatch(r"[A-Za-z0-9_-]+", cursor)
    assert b"SELECT" not in base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))


def test_new_rows_do_not_shift_a_page(api, five):
    body = page(api, limit=2)
    draft_invoice(api)
    assert ids(page(api, limit=2, cursor=body["pagination"]["nextCursor"])) == five[2:0:-1]


def test_lists_show_no_items_unless_asked(api, five):
    assert {"items", "payments"}.isdisjoint(page(api)["data"][0])
