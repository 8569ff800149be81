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


def test_the_key_opens_it_and_does_not_disturb_who_types(signed_in, organization):
    page = signed_in("viewer")
    page.goto(f"{organization.url}/home")
    page.keyboard.press("/")
    page.wait_for_url("**/home/find")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("a/1")
    expect(page.get_by_role("searchbox")).to_have_value("a/1")
