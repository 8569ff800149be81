"""Pages of lists are never larger than 4 MiB, unless one object alone is."""

import pytest

from tests.support.cases import all_cases
from tests.support.scenarios import LINE, draft_bill, draft_invoice, pending_leave

MEBIBYTE = 1024 * 1024
HEAVY = {"items": [{**LINE, "description": "\u20b9" * 480}] * 200}
"""About 310 KB of lines."""


def walk(api, path, **params):
    """Every page, as text."""
    response = api.get(path, params=params)
    pages = [response]
    while response.json()["pagination"]["hasMore"]:
        response = api.get(response.json()["pagination"]["nextUrl"])
        pages.append(response)
    return pages


@pytest.mark.parametrize(("draft", "path"), [(draft_invoice, "invoices"), (draft_bill, "bills")])
def test_a_page_with_items_ends_before_4_mebibytes_and_the_next_one_goes_on(api, draft, path):
    numbers = [draft(api, **HEAVY)["id"] for _ in range(30)]
    pages = walk(api, path, include="items", limit=100, sort="createdAt")
    assert [each["id"] for page in pages for each in page.json()["data"]] == numbers
    assert len(pages) > 1
    assert all(len(page.content) <= 4 * MEBIBYTE for page in pages)
    assert all(len(page.content) > 3.5 * MEBIBYTE for page in pages[:-1])
    assert len(api.get(path, params={"limit": 100}).json()["data"]) == 30


@pytest.fixture
def fifteen(api):
    """Fourteen heavy invoices, and a light one."""
    for _ in range(14):
        draft_invoice(api, **HEAVY)
    draft_invoice(api)
    return api


@all_cases("sort", ["createdAt", "-createdAt", "invoiceDate", "-totalAmount"])
@all_cases("limit", [11, 100])
def test_shortened_pages_skip_and_repeat_nothing_in_any_order(fifteen, sort, limit):
    pages = walk(fifteen, "invoices", include="items", limit=limit, sort=sort)
    found = [each["id"] for page in pages for each in page.json()["data"]]
    assert found == [each["id"] for each in fifteen.read("invoices", sort=sort, limit=100)]


def test_a_page_without_items_is_limited_too(api):
    ids = [pending_leave(api, employeeId=f"e{n}", reason="\u0001" * 2000)["id"] for n in range(3)]
    assert [each["id"] for each in api.read("leaves", sort="createdAt")] == ids
