"""A developer walks: three errors are found by their ids, the limit is raised, the key is narrowed."""

from functools import partial

from playwright.sync_api import expect

from api.console.keys.request_filters import REQUESTS
from tests.support.client import Api, error_of
from tests.support.console import ADDRESS_HEADER
from tests.support.waiting import wait_until

PATH = "/settings/developer"
OFFICE, HOME = {ADDRESS_HEADER: "203.0.113.9"}, {ADDRESS_HEADER: "198.51.100.7"}


def _make_key(page, url):
    """Create a key for invoices and leaves with a limit of two requests. Return its secret."""
    page.goto(f"{url}{PATH}")
    page.get_by_role("link", name="Create").first.click()
    page.get_by_label("Name").fill("My program")
    for scope in ("billing:read", "leaves:write"):
        page.get_by_role("checkbox", name=scope).check()
    page.get_by_label("Credit limit").fill("2")
    page.get_by_role("button", name="Create the key").click()
    return page.locator("#raw-key").inner_text()


def _is_stored(api, id):
    return api.read("requests", requestId=id)


def _find(page, api, error):
    """Look the error up by its id, as soon as it is stored. Return its row."""
    wait_until(partial(_is_stored, api, error["requestId"]))
    page.get_by_label("Request id").fill(error["requestId"])
    page.get_by_role("button", name="Find").click()
    row = page.locator("tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text(error["requestId"])
    return row


def _change(page, label, value):
    page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My program")


def test_a_developer_finds_three_errors_raises_the_limit_and_narrows_the_key(signed_in, organization, console_errors):
    page = signed_in()
    raw = _make_key(page, organization.url)
    with Api(organization.url, raw) as api:
        lacking = error_of(api.post("invoices", json={}), 403, "insufficient_scope")
        wrong = error_of(api.post("leaves", json={}), 422, "validation_failed")
        exhausted = error_of(api.get("invoices"), 429, "rate_limited")

        page.goto(f"{organization.url}{PATH}")
        page.get_by_role("link", name="Requests", exact=True).click()
        assert page.url.endswith(REQUESTS)
        expect(_find(page, api, lacking)).to_contain_text("lacks the scope")
        expect(_find(page, api, wrong)).to_contain_text("Some fields are missing or wrong.")
        row = _find(page, api, exhausted)
        expect(row).to_contain_text("all credits of the key")

        row.get_by_role("link", name="My program").click()
        page.get_by_role("status").get_by_role("link", name="Raise the limit").click()
        _change(page, "Credit limit", "100")
        assert api.get("invoices", headers=OFFICE).status_code == api.get("invoices", headers=HOME).status_code == 200

        page.get_by_role("link", name="Edit").click()
        _change(page, "Networks", "203.0.113.0/24")
        assert api.get("invoices", headers=OFFICE).status_code == 200
        api.headers.update(OFFICE)
        outside = error_of(api.get("invoices", headers=HOME), 403, "address_not_allowed")
        assert outside["address"] == HOME[ADDRESS_HEADER]
        page.goto(f"{organization.url}{REQUESTS}")
        expect(_find(page, api, outside)).to_contain_text("some networks only")

        page.goto(f"{organization.url}{PATH}/test")
        page.get_by_label("Key", exact=True).fill(raw)
        page.get_by_role("button", name="Test the key").click()
        expect(page.get_by_role("alert")).to_contain_text("valid, but not from here")
        expect(page.get_by_role("main")).to_contain_text("203.0.113.0/24")
    assert console_errors == []
