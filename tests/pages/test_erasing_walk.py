"""The guide "Erasing a person" in a browser: each button and field that it names is there, and does what it says."""

import re

import pytest
from playwright.sync_api import expect

from api.docs.guides import guides
from tests.support.console import PASSWORD
from tests.support.erasures import carry_out
from tests.support.privacy import CLIENT, make_known


@pytest.fixture
def quoted():
    """What the guide quotes of the page, in its order."""
    guide = next(guide for guide in guides() if guide.slug == "erasing-a-person")
    section = guide.markdown.partition("## In the console")[2].partition("\n## ")[0]
    return re.findall(r'"([^"]+)"', section)


def test_an_owner_does_what_the_guide_says(quoted, person, api, owner, organization, browser_page, console_errors):
    kind, employee, show, erase, back, download = quoted
    known, page = make_known(api), browser_page
    page.goto(f"{organization.url}/login")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.goto(f"{organization.url}/settings/data")
    page.get_by_role("link", name="Privacy", exact=True).click()
    expect(page.get_by_label("Who it is").locator("option")).to_have_text([kind, employee])
    page.get_by_label("Who it is").select_option(label=kind)
    page.get_by_label("Id", exact=True).fill(CLIENT)
    page.get_by_role("button", name=show).click()
    held = page.get_by_role("region", name="What is held about this person")
    expect(held).to_contain_text("until 31 Mar 2034")
    assert CLIENT not in page.url
    page.get_by_label("The id once more").fill(CLIENT)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name=erase).click()
    expect(page.get_by_role("button", name=back)).to_be_visible()
    carry_out(owner)
    page.reload()
    requests = page.get_by_role("region", name="Erasures")
    expect(requests).to_contain_text("What had to stay")
    expect(requests).not_to_contain_text(CLIENT)
    with page.expect_download() as downloaded:
        page.get_by_role("button", name=download).click()
    assert downloaded.value.suggested_filename.endswith(".json")
    assert api.read(f"invoices/{known.draft['id']}")["erased"] is True
    assert console_errors == []
