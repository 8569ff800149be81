"""A stolen session, or an open browser, makes nothing that outlives it, and keeps no owner or admin out.

Before, the page asks for the password, or for the second factor of a user who has one, unless it was given in the last
ten minutes. See also `../pages/test_people.py`, which lets people in, and `../pages/test_lost_device.py`.
"""

import re
from urllib.parse import quote

import pytest

from api.console.page import ConsolePage
from tests.support.cases import all_cases
from tests.support.console import PASSWORD, new_user
from tests.support.factors import MAKE_OLD, add_app
from tests.support.openapi import ALL_ROUTES

CONFIRM = "/profile/factors/confirm"
KEYS, WEBHOOKS, PEOPLE = "/settings/developer", "/settings/webhooks", "/settings/people"
KEY = {"name": "Mine", "scope": "billing:read", "limit": "9"}
WEBHOOK = {"url": "https://mallory.example/hooks", "scope": "billing:read"}
PAGES = {
    f"{KEYS}/new": KEY,
    f"{KEYS}/keys/{{id}}/edit": {**KEY, "scope": ["billing:read", "leaves:read"]},
    f"{KEYS}/keys/{{id}}/rotate": {"overlap": "0"},
    f"{WEBHOOKS}/new": WEBHOOK,
    f"{WEBHOOKS}/{{id}}/rotate": {"overlap": "0"},
    "/settings/organization/payment": {"upi_id": "mallory@okaxis"},
}
"""What makes or widens access of programs, or leads payments elsewhere, and what is sent."""
EVENTS = "SELECT count(*) FROM events WHERE org_id = %s"


@pytest.fixture
def thief(console):
    """A browser with the session of an owner, who has given the password just now."""
    return console()


@pytest.fixture
def colleague(owner, organization):
    """Return a function that adds somebody with a role, and returns the path of that person's page."""
    return lambda role: f"{PEOPLE}/{new_user(owner, organization.id, role).user.id}"


def count(owner, organization):
    return owner.execute(EVENTS, (organization.id,)).fetchone()[0]


def path_of(thief, organization, path):
    """Return the path with the id of a key, or of a webhook."""
    if "{id}" not in path:
        return path
    if path.startswith(KEYS):
        return path.format(id=organization.new_key().row["id"])
    page = thief.fill(f"{WEBHOOKS}/new", {**WEBHOOK, "url": "https://receiver.example/hooks"}).text
    return path.format(id=re.findall(rf"{WEBHOOKS}/(whk_\w+)", page)[0])


def test_the_pages_are_those_that_need_a_proof():
    assert {path for path, page in ALL_ROUTES if isinstance(page, ConsolePage) and page.needs_proof} == {*PAGES}


@all_cases(("path", "fields"), PAGES.items(), ids=PAGES)
def test_no_access_is_made_and_no_payment_led_elsewhere_without_a_proof(thief, owner, organization, path, fields):
    path = path_of(thief, organization, path)
    form = thief.hidden_on(path)
    owner.execute(MAKE_OLD, (thief.user_id,))
    before = count(owner, organization)
    for answer in (thief.get(path), thief.post(path, data={**form, **fields})):
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{CONFIRM}?next={path}")
    assert count(owner, organization) == before
    owner.execute("UPDATE user_sessions SET proved_at = now() WHERE user_id = %s", (thief.user_id,))
    assert thief.post(path, data={**form, **fields}).status_code in (200, 303)
    assert count(owner, organization) > before


def test_the_way_back_keeps_the_address(thief, owner):
    owner.execute(MAKE_OLD, (thief.user_id,))
    asked = thief.get(f"{KEYS}/new?from=home")
    assert asked.headers["Location"] == f"{CONFIRM}?next={quote(f'{KEYS}/new?from=home')}"


@pytest.mark.parametrize("has_factor", [True, False])
def test_the_proof_leads_back_to_the_form(person, owner, has_factor):
    person.log_in(person.email, PASSWORD)
    app = add_app(person) if has_factor else None
    owner.execute("UPDATE user_sessions SET proved_at = now() - interval '11 minutes'")
    asked = person.get(f"{KEYS}/new").headers["Location"]
    fields = {"code": app.code()} if app else {"password": PASSWORD}
    assert person.fill(CONFIRM, fields, on=asked).headers["Location"] == f"{KEYS}/new"
    assert person.fill(f"{KEYS}/new", KEY).status_code == 200


@pytest.mark.parametrize("role", ["owner", "admin"])
def test_no_owner_or_admin_is_demoted_or_removed_without_a_proof(thief, owner, organization, colleague, role):
    page = colleague(role)
    owner.execute(MAKE_OLD, (thief.user_id,))
    before = count(owner, organization)
    demoted = thief.fill(page, {"role": "viewer", "earlier": role})
    assert (demoted.status_code, demoted.headers["Location"]) == (303, f"{CONFIRM}?next={page}")
    removed = thief.fill(f"{page}/remove")
    assert (removed.status_code, removed.headers["Location"]) == (303, f"{CONFIRM}?next={page}/remove")
    own = f"{PEOPLE}/{thief.user_id}/remove"
    assert thief.fill(own).headers["Location"] == f"{CONFIRM}?next={own}"
    assert count(owner, organization) == before
    # A form that names another role than the person has changes nothing.
    assert thief.fill(page, {"role": "viewer", "earlier": "hr"}).status_code == 409
    assert count(owner, organization) == before
    owner.execute("UPDATE user_sessions SET proved_at = now() WHERE user_id = %s", (thief.user_id,))
    assert thief.fill(f"{page}/remove").headers["Location"] == PEOPLE
    assert count(owner, organization) == before + 1


def test_the_rest_needs_none(thief, owner, organization, console, colleague):
    """What takes access away is not delayed."""
    key, page = organization.new_key().row["id"], colleague("viewer")
    owner.execute(MAKE_OLD, (thief.user_id,))
    assert thief.fill(f"{KEYS}/keys/{key}/revoke").headers["Location"] == f"{KEYS}/keys/{key}"
    assert thief.fill(f"{page}/remove").headers["Location"] == PEOPLE
    leaving = console("viewer")
    owner.execute(MAKE_OLD, (leaving.user_id,))
    assert leaving.fill(f"{PEOPLE}/{leaving.user_id}/remove").headers["Location"] == "/login"
