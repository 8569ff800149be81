"""A key that was found in public: Home, its page and its history say where, until thirty days have passed."""

import pytest
from playwright.sync_api import expect

from commands.accounts.api_key import RevokeLeakedKey
from commands.command import Actor, Context
from infra.log.command_bus import execute_on

PLACE = "https://github.com/octocat/\u202ereversed/<b>foo.txt"


@pytest.fixture
def leaked(organization, owner):
    key = organization.new_key()
    reporter = Context(org_id=organization.id, actor=Actor("secret_scanning", "github"), request_id="test")
    execute_on(owner, RevokeLeakedKey(id=key.row["id"], found_at=PLACE), reporter)
    return key.row["id"]


def test_people_are_told_on_home_and_on_the_page_of_the_key(leaked, signed_in, organization, owner):
    page = signed_in("admin")
    page.goto(f"{organization.url}/home")
    notice = page.get_by_role("status").filter(has_text="was found in public and was revoked")
    assert "<b>foo.txt" in notice.inner_text()
    notice.get_by_role("link", name="a test").click()
    expect(page.get_by_role("status").filter(has_text="This key was found in public")).to_be_visible()
    history = page.get_by_role("region", name="History").inner_text()
    assert "Revoked by GitHub's secret scanning" in history and "Found in public" in history

    owner.execute("UPDATE api_keys SET revoked_at = revoked_at - interval '30 days' WHERE id = %s", (leaked,))
    page.goto(f"{organization.url}/home")
    assert page.get_by_text("was found in public").count() == 0
