"""Settings → Developer: find a key among many, test a key, and see what to do when its credits are used."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from infra.identity.keys import create_key, revoke_key, rotate_key, update_key
from infra.identity.organizations import create_organization
from tests.support.client import Api
from tests.support.console import ADDRESS_HEADER, enter_console
from tests.support.organization import credit_rows
from tests.support.page_kinds import create_a_key

PATH = "/settings/developer"


@pytest.fixture
def many(organization, owner):
    """Forty keys, of which the oldest are not on the first page."""
    return [create_key(owner, organization.id, f"Shop {number}", ("billing:read",), 5, None) for number in range(40)]


def names(page):
    return page.get_by_role("table").get_by_role("rowheader").all_inner_texts()


def find(page, text):
    page.get_by_label("Find a key").fill(text)
    page.get_by_role("button", name="Find", exact=True).click()


@pytest.mark.parametrize("browser", ["browser_page", "page_without_scripts"])
def test_a_key_is_found_among_many(many, request, organization, owner, browser):
    page = request.getfixturevalue(browser)
    enter_console(page, organization, owner, "viewer")
    page.goto(f"{organization.url}{PATH}")
    assert len(names(page)) == 30
    find(page, "shop 3")
    assert names(page) == [f"Shop {number}" for number in (*range(39, 29, -1), 3)]
    for text in (many[0].raw[-4:], f"sd_live_…{many[0].raw[-4:]}", many[0].row["id"]):
        find(page, text)
        assert names(page) == ["Shop 0"]
        expect(page.get_by_label("Find a key")).to_have_value(text)
    find(page, "zapier <b>")
    expect(page.get_by_text("No key fits “zapier <b>”.")).to_be_visible()
    page.get_by_role("link", name="See all keys").click()
    assert len(names(page)) == 30


def test_no_key_fits_a_text_that_postgresql_does_not_take(console):
    page = console("viewer").get(f"{PATH}?search=%00")
    assert page.status_code == 200 and "No key fits" in page.text


def test_the_pages_of_a_search_go_on_with_it(many, signed_in, organization):
    page = signed_in("viewer")
    page.goto(f"{organization.url}{PATH}?search=shop")
    page.get_by_role("link", name="More keys").click()
    assert names(page) == [f"Shop {number}" for number in range(9, -1, -1)]
    page.get_by_role("link", name="First keys").click()
    expect(page.get_by_label("Find a key")).to_have_value("shop")


def test_a_whole_key_in_the_search_leaves_the_address(many, signed_in, organization):
    page = signed_in("viewer")
    page.goto(f"{organization.url}{PATH}")
    find(page, many[7].raw)
    assert names(page) == ["Shop 7"] and page.url.endswith(f"?search={many[7].raw[-4:]}")


def try_key(page, url, raw):
    page.goto(f"{url}{PATH}/test")
    page.get_by_label("Key", exact=True).fill(raw)
    page.get_by_role("button", name="Test the key").click()
    return page.get_by_role("main").inner_text()


def test_a_key_is_tested_in_words_and_costs_no_credit(signed_in, organization, owner):
    key = organization.new_key(("billing:read",), 7)
    page = signed_in("viewer")
    text = try_key(page, organization.url, f" {key.raw} ")
    assert "The key works." in text and "7 of 7 in 30 days" in text and "Test Traders" in text
    assert "billing:read" in text and "leaves:read" not in text
    assert key.raw not in page.content() and credit_rows(owner, key) == []
    page.get_by_role("link", name="a test").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("a test")


def test_a_key_that_does_not_work_says_why(signed_in, organization, owner):
    revoked = organization.new_key()
    revoke_key(owner, revoked.row["id"])
    page = signed_in("viewer")
    for raw, why in (
        (revoked.raw, "was revoked"),
        (revoked.raw[:-3], "not copied completely"),
        ("sk_live_123", "a token of another service"),
        (f"Bearer {revoked.raw}", "the word Bearer"),
    ):
        text = try_key(page, organization.url, raw)
        assert "The key does not work." in text and why in text, (raw, text)
        assert raw not in page.content()


def test_the_page_says_from_which_address_it_asks_and_whether_the_key_allows_it(console, organization, owner):
    key, browser = organization.new_key(), console("viewer")
    address = browser.headers[ADDRESS_HEADER]
    update_key(owner, key.row["id"], allowed_cidrs=(address, "2001:db8::/32"), burst=7)

    def main(raw):
        return browser.fill(f"{PATH}/test", {"key": raw}).text.partition("<main")[2]

    inside = main(key.raw)
    assert "The key works." in inside and f"<code>{address}</code>, which is inside" in inside
    assert f"{address}/32, 2001:db8::/32" in inside
    update_key(owner, key.row["id"], allowed_cidrs=("203.0.113.0/24",))
    outside = main(key.raw)
    assert "The key is valid, but not from here." in outside and f"<code>{address}</code>" in outside
    assert "203.0.113.0/24" in outside and "an owner or an admin can change the networks" in outside
    other = create_organization(owner, "Another House", "Asia/Kolkata")
    foreign = create_key(owner, other.id, "foreign", ("leaves:read",), 5, None, allowed_cidrs=("203.0.113.0/24",))
    unknown = main(foreign.raw)
    assert "not from here" in unknown and "foreign" not in unknown and "203.0.113" not in unknown


def test_an_earlier_secret_and_a_key_of_another_organization_are_told_apart(signed_in, organization, owner):
    key = organization.new_key()
    newer = rotate_key(owner, key.row["id"], timedelta(hours=1))
    page = signed_in("viewer")
    text = try_key(page, organization.url, key.raw)
    assert "This is an earlier secret" in text and newer.raw[-4:] in text
    other = create_organization(owner, "Another House", "Asia/Kolkata")
    foreign = create_key(owner, other.id, "foreign", ("leaves:read",), 5, None)
    assert "Another House" in try_key(page, organization.url, foreign.raw)
    assert page.get_by_role("link", name="foreign").count() == 0


def test_a_new_key_is_tested_in_another_tab_and_stays_on_its_page(signed_in, organization):
    page = signed_in()
    page.goto(f"{organization.url}{PATH}")
    page.get_by_role("link", name="Create").first.click()
    create_a_key(page)
    raw = page.locator("#raw-key").inner_text()
    with page.expect_popup() as popup:
        page.get_by_role("button", name=re.compile("Test the key")).click()
    expect(popup.value.get_by_text("The key works.")).to_be_visible()
    popup.value.close()
    assert page.locator("#raw-key").inner_text() == raw


@pytest.mark.parametrize("role", ["admin", "viewer"])
def test_a_key_without_credit_says_until_when_and_how_to_raise_its_limit(signed_in, organization, role):
    key = organization.new_key(limit=1)
    with Api(organization.url, key.raw) as api:
        assert [api.get("invoices").status_code for _ in range(2)] == [200, 429]
    page = signed_in(role)
    page.goto(f"{organization.url}{PATH}")
    expect(page.get_by_role("row", name="a test").get_by_text("no credit")).to_be_visible()
    page.goto(f"{organization.url}{PATH}/keys/{key.row['id']}")
    banner = page.get_by_role("status").filter(has_text="Its one credit is used")
    assert re.search(r"refused until \d+ \w+ \d{4}", banner.inner_text())
    if role == "viewer":
        assert "An owner or an admin of your organization can raise the limit." in banner.inner_text()
        return
    assert "has no credit left" in try_key(page, organization.url, key.raw)
    page.get_by_role("link", name="Raise its limit").click()
    page.get_by_label("Credit limit").fill("2")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("1 of 2")).to_be_visible()
    assert page.get_by_text("credit is used").count() == 0
    with Api(organization.url, key.raw) as api:
        assert api.get("invoices").status_code == 200
