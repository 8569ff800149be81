"""Settings → Developer in a browser: creating, using, rotating and revoking a key."""

import json
import re
import subprocess
import time
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from api.console.forms.tokens import FORM_LIFETIME
from api.console.keys.key_list import KEYS_PER_PAGE
from infra.identity.keys import revoke_key
from infra.projector.statement_sums import StatementSums
from infra.worker.thresholds import record_thresholds
from projections.accounts.usage import USAGE
from tests.support.client import Api, error_of
from tests.support.console import ADDRESS_HEADER, PASSWORD, new_user
from tests.support.waiting import run_at_once, wait_until

KEY = re.compile(r"sd_live_[0-9A-Za-z]{36}")
PATH = "/settings/developer"


@pytest.fixture
def page(browser_page):
    browser_page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return browser_page


def clipboard(page):
    return page.evaluate("navigator.clipboard.readText()")


def create_key(page, name="Zapier", scopes=("billing:read",), **fields):
    """Fill in the form and send it; return the raw key that the page shows."""
    page.get_by_role("link", name=re.compile("^Create")).first.click()
    page.get_by_label("Name").fill(name)
    for scope in scopes:
        page.get_by_role("checkbox", name=scope).check()
    for label, value in fields.items():
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Create the key").click()
    return page.locator("#raw-key").inner_text()


def status(url, key):
    with Api(url, key) as api:
        return api.get("invoices").status_code


def test_a_new_user_logs_in_and_creates_rotates_and_revokes_a_key(page, organization, owner, console_errors):
    link = new_user(owner, organization.id)
    url = organization.url

    page.goto(f"{url}{link.path}")
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("Repeat the password").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()

    page.get_by_label("E-mail address").fill(link.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()

    page.get_by_role("link", name="Settings", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Settings → Developer")
    first = create_key(page)
    page.get_by_role("button", name="Copy the key").click()
    page.get_by_text("Copied").wait_for()
    assert clipboard(page) == first and KEY.fullmatch(first)

    page.get_by_role("button", name="Copy the command").click()
    wait_until(lambda: clipboard(page).startswith("curl"))
    done = subprocess.run(["bash", "-c", clipboard(page)], capture_output=True, text=True, check=True)
    assert done.stdout.startswith('{"success":true,"data":[')

    page.get_by_role("link", name="See its usage").click()
    expect(page.get_by_text("1 of 1\u202f000")).to_have_count(1)
    assert page.get_by_role("row", name="GET /api/v1/invoices 1").count() == 1

    page.get_by_role("link", name="Rotate").click()
    page.get_by_label("The current secret works for another").select_option("1 hour")
    page.get_by_role("button", name="Rotate").click()
    second = page.locator("#raw-key").inner_text()
    assert second != first and [status(url, key) for key in (first, second)] == [200, 200]

    page.get_by_role("link", name="See its usage").click()
    page.get_by_role("link", name="Revoke").click()
    page.get_by_role("button", name="Revoke the key").wait_for()
    assert page.locator("dl.facts").inner_text().split("\n")[2:4] == ["Requests in the last 24 hours", "3"]
    page.get_by_role("button", name="Revoke the key").click()
    page.get_by_text("revoked", exact=True).first.wait_for()
    assert [status(url, key) for key in (first, second)] == [401, 401]
    assert console_errors == []


def test_a_key_has_the_scopes_the_limit_and_the_last_day_of_the_form(signed_in, organization):
    page = signed_in()
    page.goto(f"{organization.url}{PATH}")
    raw = create_key(
        page, "Leave bot", ("leaves:read", "leaves:write"), **{"Credit limit": "5", "Last day": "2099-03-31"}
    )
    with Api(organization.url, raw) as api:
        key = api.read("me")
        assert key["key"]["scopes"] == ["leaves:read", "leaves:write"] and key["credits"]["limit"] == 5
        assert key["key"]["expiresAt"] == "2099-03-31T18:30:00.000000Z"


@pytest.mark.parametrize("scope", ["billing:write", "leaves:write"])
def test_the_sample_command_works_for_a_key_that_may_only_write(signed_in, organization, scope):
    page = signed_in()
    page.goto(f"{organization.url}{PATH}")
    create_key(page, scopes=(scope,))
    curl = page.locator("#curl").inner_text()
    done = subprocess.run(["bash", "-c", curl], capture_output=True, text=True, check=True)
    assert done.stdout.startswith('{"success":true,"data":{"id"')


@pytest.mark.parametrize(("scope", "step"), [("billing:write", "void"), ("leaves:write", "cancelled")])
def test_what_the_sample_command_creates_can_be_undone(signed_in, organization, scope, step):
    page = signed_in()
    page.goto(f"{organization.url}{PATH}")
    raw = create_key(page, scopes=(scope,))
    curl = page.locator("#curl").inner_text()
    assert "trial" in page.get_by_text("drafts an invoice" if step == "void" else "requests leave").inner_text()
    resource = json.loads(subprocess.run(["bash", "-c", curl], capture_output=True, text=True, check=True).stdout)[
        "data"
    ]
    assert resource.get("clientId", resource.get("employeeId")) == f"trial-{raw[-4:].lower()}"
    with Api(organization.url, raw) as api:
        path = "invoices" if step == "void" else "leaves"
        assert api.update(f"{path}/{resource['id']}", {"status": step})["status"] == step


def test_a_key_is_edited_in_its_page(signed_in, organization):
    page = signed_in()
    page.goto(f"{organization.url}{PATH}")
    raw = create_key(page, "Zapier", **{"Credit limit": "1"})
    assert [status(organization.url, raw) for _ in range(2)] == [200, 429]
    page.get_by_role("link", name="See its usage").click()
    page.get_by_role("link", name="Edit").click()
    assert page.get_by_role("checkbox", name="billing:read").is_checked()
    page.get_by_label("Credit limit").fill("0")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("The credit limit must be a whole number").wait_for()
    page.get_by_label("Name").fill("Zapier, leaves too")
    page.get_by_role("checkbox", name="leaves:read").check()
    page.get_by_label("Credit limit").fill("1,00,000")
    page.get_by_label("Last day").fill("2099-03-31")
    page.get_by_label("Requests in a second").fill("0")
    page.get_by_label("Networks").fill("10.0.0.1/8")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("instead of “10.0.0.1/8”, enter 10.0.0.0/8 for all addresses of this range").wait_for()
    page.get_by_text("The burst must be a whole number from 1 to 1\u202f000.").wait_for()
    page.get_by_label("Requests in a second").fill("7")
    page.get_by_label("Networks").fill("127.0.0.1 2001:DB8::/32")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Zapier, leaves too")
    expect(page.get_by_text("1 of 100\u202f000")).to_have_count(1)
    expect(page.locator("ol.history li").first).to_contain_text("Changed by")
    with Api(organization.url, raw) as api:
        me = api.read("me")
        assert me["key"]["scopes"] == ["billing:read", "leaves:read"] and me["credits"]["limit"] == 100000
        assert me["key"]["expiresAt"] == "2099-03-31T18:30:00.000000Z" and api.get("leaves").status_code == 200
        assert (me["key"]["burst"], me["key"]["allowedCidrs"]) == (7, ["127.0.0.1/32", "2001:db8::/32"])
        api.headers[ADDRESS_HEADER] = "198.51.100.7"
        assert error_of(api.get("me"), 403, "address_not_allowed")["address"] == "198.51.100.7"


FIELDS = {"name": "Zapier", "scope": "billing:read", "limit": "1000", "expires": ""}
"""The fields of the form that changes a key."""


def edit_path(key):
    return f"{PATH}/keys/{key.row['id']}/edit"


def test_a_form_from_before_another_change_does_not_undo_it(console, organization):
    browser, path = console("admin"), edit_path(organization.new_key())
    earlier = browser.hidden_on(path)["version"]
    assert browser.fill(path, {**FIELDS, "limit": "5"}).status_code == 303
    refused = browser.fill(path, {**FIELDS, "limit": "7", "version": earlier})
    assert refused.status_code == 409 and "Somebody has changed this key" in refused.text
    assert 'name="limit" value="5"' in refused.text
    assert browser.fill(path, {**FIELDS, "version": "x"}).status_code == 422


def test_a_threshold_that_the_service_records_meanwhile_makes_no_form_stale(console, organization, owner):
    browser, key = console("admin"), organization.new_key(limit=2)
    path, budget = edit_path(key), f"{PATH}/budget"
    assert browser.fill(budget, {"limit": "2"}).status_code == 303
    opened = {each: browser.hidden_on(each)["version"] for each in (path, budget)}
    with Api(organization.url, key.raw) as api:
        api.get("invoices")
    assert record_thresholds(owner) >= 2  # half of the limit and of the budget, and what other tests left
    assert browser.fill(path, {**FIELDS, "limit": "7", "version": opened[path]}).status_code == 303
    assert browser.fill(budget, {"limit": "9", "version": opened[budget]}).status_code == 303
    assert 'name="limit" value="7"' in browser.get(path).text


def test_a_form_that_is_sent_twice_changes_the_key_once(console, organization, owner):
    browser, key = console("admin"), organization.new_key()
    form = {**browser.hidden_on(edit_path(key)), **FIELDS, "limit": "5"}
    assert [browser.post(edit_path(key), data=form).status_code for _ in range(2)] == [303, 303]
    sql = "SELECT count(*) FROM events WHERE org_id = %s AND name = 'api_key.updated'"
    assert owner.execute(sql, (organization.id,)).fetchone() == (1,)


def test_a_time_of_expiry_is_kept_if_the_day_stays(console, organization, owner):
    browser, at = console("admin"), datetime(2099, 3, 31, 6, 30, tzinfo=UTC)
    key, sql = organization.new_key(expires_at=at), "SELECT expires_at FROM api_keys WHERE id = %s"
    assert browser.fill(edit_path(key), {**FIELDS, "expires": "2099-03-31"}).status_code == 303
    assert owner.execute(sql, (key.row["id"],)).fetchone() == (at,)
    assert browser.fill(edit_path(key), FIELDS).status_code == 303
    assert owner.execute(sql, (key.row["id"],)).fetchone() == (None,)


def test_a_revoked_key_is_not_edited(console, organization, owner):
    browser, key = console("admin"), organization.new_key()
    form = browser.hidden_on(edit_path(key))
    revoke_key(owner, key.row["id"])
    refused = browser.post(edit_path(key), data={**form, **FIELDS})
    assert refused.status_code == 409 and "it cannot be changed" in refused.text


def test_the_user_is_the_actor_of_each_event(console, organization, owner):
    browser = console("admin")
    browser.fill(f"{PATH}/new", {"name": "Zapier", "scope": "billing:read", "limit": "1000"})
    (id,) = [id for (id,) in owner.execute("SELECT id FROM api_keys WHERE org_id = %s", (organization.id,))]
    browser.fill(f"{PATH}/keys/{id}/rotate", {"overlap": "24"})
    browser.fill(f"{PATH}/keys/{id}/revoke")
    sql = (
        "SELECT name, metadata::jsonb -> 'actor' FROM events WHERE org_id = %s AND originator_id = %s ORDER BY position"
    )
    actor = b'{"id": "%b", "type": "user"}' % browser.user_id.encode()
    rows = owner.execute(sql, (organization.id, id)).fetchall()
    assert rows == [(f"api_key.{name}", actor) for name in ("issued", "rotated", "revoked")]


def test_the_raw_key_is_in_no_cache_and_in_no_address(console):
    response = console().fill(f"{PATH}/new", {"name": "Zapier", "scope": "billing:read", "limit": "1000"})
    assert response.headers["Cache-Control"] == "no-store"
    assert KEY.search(response.text) and not KEY.search(str(response.url))


NEW = {"name": "Zapier", "scope": "billing:read", "limit": "1000"}


def versions(owner, organization):
    return owner.execute("SELECT version FROM api_keys WHERE org_id = %s", (organization.id,)).fetchall()


def test_reloading_the_page_of_a_new_key_creates_no_second_key(signed_in, organization, owner):
    page = signed_in()
    page.goto(f"{organization.url}{PATH}")
    raw = create_key(page)
    page.reload()
    page.get_by_role("heading", name="This form was sent before").wait_for()
    assert f"sd_live_…{raw[-4:]}" in page.content() and raw not in page.content()
    assert versions(owner, organization) == [(1,)]


def test_a_form_sent_several_times_at_once_creates_one_key(console, organization, owner):
    browser = console()
    form = {**browser.hidden_on(f"{PATH}/new"), **NEW}
    responses = run_at_once(8, lambda _: browser.post(f"{PATH}/new", data=form))
    assert sorted(response.status_code for response in responses) == [200] + [409] * 7
    assert sum(bool(KEY.search(response.text)) for response in responses) == 1
    assert versions(owner, organization) == [(1,)]


def test_a_rotation_sent_again_keeps_the_new_secret_working(console, organization, owner):
    id = organization.new_key().row["id"]
    browser, path = console(), f"{PATH}/keys/{id}/rotate"
    form = {**browser.hidden_on(path), "overlap": "0"}
    raw = KEY.findall(browser.post(path, data=form).text)[0]
    again = browser.post(path, data=form)
    assert again.status_code == 409 and "The new secret of" in again.text and not KEY.search(again.text)
    assert versions(owner, organization) == [(2,)] and status(organization.url, raw) == 200


@pytest.mark.parametrize(
    "form_token",
    [
        "",
        "x",
        f"{int(time.time() - FORM_LIFETIME.total_seconds()) - 1}-{'a' * 22}",
        f"{int(time.time()) + 86_400}-{'a' * 22}",
        f"999999999999-{'a' * 22}",
    ],
    ids=["empty", "malformed", "expired", "in the future", "in a year that no calendar has"],
)
@pytest.mark.parametrize("what", ["new", "keys/{id}/rotate"])
def test_a_form_without_a_valid_token_changes_nothing_and_is_shown_again(
    console, organization, owner, what, form_token
):
    path = f"{PATH}/{what.format(id=organization.new_key().row['id'])}"
    response = console().fill(path, {**NEW, "overlap": "0", "form_token": form_token})
    assert response.status_code == 422 and "was open for too long" in response.text
    assert versions(owner, organization) == [(1,)]


def test_a_corrected_form_can_be_sent_again(console, organization, owner):
    browser = console()
    form = browser.hidden_on(f"{PATH}/new")
    assert browser.post(f"{PATH}/new", data={**form, **NEW, "limit": "0"}).status_code == 422
    assert browser.post(f"{PATH}/new", data={**form, **NEW}).status_code == 200
    assert versions(owner, organization) == [(1,)]


def test_many_keys_are_listed_in_small_pages_active_keys_first(console, organization, owner):
    ids = [organization.new_key().row["id"] for _ in range(KEYS_PER_PAGE + 2)]
    revoke_key(owner, ids[-1])
    owner.execute("UPDATE api_keys SET name = %s WHERE org_id = %s", ("&" * 200, organization.id))
    browser, seen, path = console(), [], PATH
    while path:
        page = browser.get(path)
        assert page.status_code == 200 and len(page.content) < 61_000
        seen += re.findall(rf'scope="row"><a href="{PATH}/keys/(\w+)"', page.text)
        path = "".join(re.findall(r'rel="next" href="([^"]+)"', page.text))
    assert seen == [*ids[-2::-1], ids[-1]]
    for odd in ("x", "-1", "9999999", "٣"):
        assert browser.get(PATH, params={"skip": odd}).text.count("</tr>") == KEYS_PER_PAGE + 1
    assert "There are no more keys" in browser.get(PATH, params={"skip": "999"}).text


def test_the_history_shows_each_change_and_its_actor(console, organization):
    browser = console()
    id = organization.new_key().row["id"]
    old = browser.get(f"{PATH}/keys/{id}").text
    browser.fill(f"{PATH}/keys/{id}/rotate", {"overlap": "1"})
    page = re.sub(r"</?bdi>", "", browser.get(f"{PATH}/keys/{id}").text)
    assert "Created</strong> by the command line" in page and "keyHash" not in page
    assert f"Rotated</strong> by {browser.email}" in page
    last_four = re.findall(r"sd_live_…(\w{4})", old)[0]
    assert f"<del>sd_live_…{last_four}</del> → sd_live_…" in page


def test_requests_by_endpoint_include_those_that_are_not_summed_yet(console, organization, owner):
    key = organization.new_key()
    with Api(organization.url, key.raw) as api:
        api.read("invoices")
        StatementSums(USAGE).add_new(owner)
        api.read("invoices")
        api.read("bills")
    page = console().get(f"{PATH}/keys/{key.row['id']}").text
    rows = re.findall(r'<code>(GET [^<]+)</code></th><td class="number">(\d+)', page)
    assert rows == [("GET /api/v1/invoices", "2"), ("GET /api/v1/bills", "1")]
    assert "3 of 1\u202f000\u202f000" in page


def test_a_key_without_credits_shows_when_its_next_request_is_accepted(console, organization):
    key = organization.new_key(limit=1)
    with Api(organization.url, key.raw) as api:
        api.read("invoices")
        reset = error_of(api.get("invoices"), 429, "rate_limited")["resetAt"]
    page = console().get(f"{PATH}/keys/{key.row['id']}").text
    assert "Next request accepted from" in page and f'datetime="{reset}"' in page


@pytest.mark.parametrize("what", ["", "/rotate", "/revoke"])
def test_another_organizations_key_is_not_found(console, other_organization, what):
    id = other_organization.new_key().row["id"]
    response = console().get(f"{PATH}/keys/{id}{what}")
    assert response.status_code == 404 and "There is no api key" in response.text


@pytest.mark.parametrize("what", ["rotate", "revoke"])
def test_another_organizations_key_cannot_be_changed(console, other_organization, owner, what):
    id = other_organization.new_key().row["id"]
    browser = console()
    response = browser.fill(f"{PATH}/keys/{id}/{what}", {"overlap": "0"}, on=f"{PATH}/new")
    assert response.status_code == 404
    assert owner.execute("SELECT version FROM api_keys WHERE id = %s", (id,)).fetchone() == (1,)


def test_a_member_sees_the_keys_but_no_button_to_change_them(console, organization):
    id = organization.new_key().row["id"]
    browser = console("viewer")
    for path in (PATH, f"{PATH}/keys/{id}"):
        page = browser.get(path).text.partition("<main")[2].partition("<footer")[0]  # around it are forms for all
        assert "a test" in page and page.count("<button") == page.count("Find</button>")
        assert not re.search("/new|/rotate|/revoke", page)


@pytest.mark.parametrize("what", ["new", "keys/{id}/rotate", "keys/{id}/revoke"])
def test_a_form_forged_by_a_member_changes_nothing(console, organization, owner, what):
    id = organization.new_key().row["id"]
    browser = console("viewer")
    path = f"{PATH}/{what.format(id=id)}"
    fields = {"name": "Mine", "scope": "billing:read", "limit": "1", "overlap": "0"}
    assert browser.get(path).status_code == 403
    response = browser.fill(path, fields, on="/logout")
    assert response.status_code == 403 and "Only owners and admins" in response.text
    sql = "SELECT id, version FROM api_keys WHERE org_id = %s"
    assert owner.execute(sql, (organization.id,)).fetchall() == [(id, 1)]


def test_a_user_who_becomes_a_member_can_change_nothing_from_the_next_request_on(console, owner):
    browser = console("admin")
    token = browser.token_on(f"{PATH}/new")
    owner.execute("UPDATE memberships SET role = 'viewer' WHERE user_id = %s", (browser.user_id,))
    fields = {"csrf": token, "name": "Mine", "scope": "billing:read", "limit": "1"}
    assert browser.post(f"{PATH}/new", data=fields).status_code == 403


@pytest.mark.parametrize("what", ["rotate", "revoke"])
def test_an_invalid_key_id_is_not_found(console, what):
    assert console().get(f"{PATH}/keys/<script>/{what}").status_code == 404
