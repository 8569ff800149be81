"""`/home/find`: one search over invoices, bills, leaves and keys, of the kinds that the role shows."""

import re

import pytest
from playwright.sync_api import expect

from domain.accounts.user import ROLES
from tests.pages.objects.test_lists import BILLING, LEAVES, words_of
from tests.support.scenarios import draft_bill, draft_invoice, pending_leave


def page_of(client, text):
    """Return the names of what the search finds."""
    return re.findall(r'<li><a href="[^"]*"><bdi>(.*?)</bdi>', client.get("/home/find", params={"q": text}).text)


@pytest.mark.parametrize("role", ROLES)
def test_it_finds_what_the_role_shows(api, console, role):
    draft_invoice(api, invoiceNumber="ZETA/1"), draft_bill(api, vendorName="Zeta Mills", billNumber="B/1")
    pending_leave(api, employeeName="Zeta Rao")
    text = words_of(console(role).get("/home/find?q=zeta"))
    assert ("ZETA/1 Acme Traders draft" in text) == ("B/1 Zeta Mills draft" in text) == (role in BILLING)
    assert ("Zeta Rao earned pending" in text) == (role in LEAVES)


def test_more_are_in_the_list_and_nothing_is_said_so(api, console, organization):
    for number in range(6):
        draft_invoice(api, invoiceNumber=f"ZETA/{number}")
    client = console("viewer")
    page = client.get("/home/find", params={"q": "zeta"})
    assert page.text.count("ZETA/") == 5 and 'href="/home/invoices?search=zeta"' in page.text
    (invoice,) = api.read("invoices", limit=1)
    assert page_of(client, invoice["id"]) == [invoice["invoiceNumber"]]
    assert "Nothing was found." in client.get("/home/find?q=nowhere").text
    assert client.get("/home/find").status_code == client.get("/home/find?q=").status_code == 200
    for wrong in ("x" * 201, "\u200b", organization.new_key().raw):
        assert client.get("/home/find", params={"q": wrong}).status_code == 400


def guides_on(page):
    """Return the titles of the guides that the search has found, and the paths of their pages."""
    section = page.text.partition('<h2 id="guides">')[2].partition("</section>")[0]
    assert not section or '<ul class="found" lang="en">' in section
    return re.findall(r'<li><a href="([^"]*)">(.*?)</a>', section)


@pytest.mark.parametrize("role", ROLES)
def test_the_best_guides_are_on_the_same_page_for_every_role(console, role):
    page = console(role).get("/home/find", params={"q": "idempotency key"})
    found = guides_on(page)
    assert len(found) == 5 and all(path.startswith("/docs") for path, _ in found)
    assert 'href="/docs/search?q=idempotency+key"' in page.text and "Nothing was found." not in page.text
    assert console(role).get(found[0][0]).status_code == 200


def test_guides_are_marked_as_english_on_a_page_in_hindi(console):
    client = console("viewer")
    client.fill("/language", {"language": "hi"}, on="/home")
    page = client.get("/home/find?q=webhook")
    assert guides_on(page) and '<html lang="hi">' in page.text and "They are in English." not in page.text
    assert re.search(r'<h2 id="guides">[^<]*[\u0900-\u097f]', page.text)


def test_a_search_that_is_refused_or_empty_looks_into_no_guide(console, organization):
    client = console("viewer")
    for text in ("", "\u200b", organization.new_key().raw, "qqqqqq"):
        assert guides_on(client.get("/home/find", params={"q": text})) == []


def test_objects_come_before_the_guides_and_the_page_stays_small(api, console):
    for number in range(6):
        draft_invoice(api, invoiceNumber=f"INVOICE/{number}", clientName="Invoice " + "x" * 190)
        draft_bill(api, billNumber=f"INVOICE/{number}", vendorName="Invoice " + "x" * 190)
    page = console("owner").get("/home/find?q=invoice")
    assert page.text.index('id="invoices"') < page.text.index('id="guides"')
    assert len(page.text.encode()) < 60_000


def test_the_key_opens_it_and_does_not_disturb_who_types(signed_in, organization):
    page = signed_in("viewer")
    page.goto(f"{organization.url}/home")
    page.keyboard.press("/")
    page.wait_for_url("**/home/find")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("a/1")
    expect(page.get_by_role("searchbox")).to_have_value("a/1")
