"""The budget of the organization in the console: who sees it, who sets it, and what is said when it is used up."""

import re

import pytest

from domain.accounts.key_secret import hash_secret
from infra.worker.thresholds import record_thresholds
from tests.support.client import error_of
from tests.support.waiting import wait_until

DEVELOPER, PATH = "/settings/developer", "/settings/developer/budget"
CARD = "Budget of the organization"


@pytest.fixture
def budget_events(organization, owner):
    """The names of the events of the budget, and of the security events."""

    def read():
        log = "SELECT name FROM events WHERE org_id = %s AND name LIKE 'budget.%%' ORDER BY position"
        traces = "SELECT count(*) FROM security_events WHERE org_id = %s AND kind = 'budget.changed'"
        names = [name for (name,) in owner.execute(log, (organization.id,))]
        return names, owner.execute(traces, (organization.id,)).fetchone()[0]

    return read


def test_an_admin_sets_a_budget_and_everybody_sees_what_is_used(console, api, budget_events):
    admin, member = console("admin"), console("viewer")
    api.read("invoices")
    assert CARD not in member.get(DEVELOPER).text
    response = admin.fill(PATH, {"limit": "1,00,000"})
    assert (response.status_code, response.headers["Location"]) == (303, DEVELOPER)
    api.read("invoices")
    assert api.read("me")["organizationCredits"]["used"] == 2
    for page in (admin.get(DEVELOPER).text, member.get(DEVELOPER).text):
        assert CARD in page and "2 of 100\u202f000" in page
    assert re.search(r"set\s+<a [^>]*>the budget of the organization</a>", admin.get("/activity").text)
    assert budget_events() == (["budget.set"], 1)


def test_a_budget_that_is_used_up_says_so_and_is_raised(console, api):
    browser = console()
    browser.fill(PATH, {"limit": "1"})
    api.read("invoices")
    assert error_of(api.get("invoices"), 429, "rate_limited")["policy"] == "organization"
    page = browser.get(DEVELOPER).text
    assert "It is used up." in page and f'href="{PATH}"' in page
    browser.fill(PATH, {"limit": "2"})
    api.read("invoices")
    assert api.get("invoices").status_code == 429
    browser.fill(PATH, {"limit": ""})
    api.read("invoices")
    assert CARD not in browser.get(DEVELOPER).text and api.read("me")["organizationCredits"] is None


def test_a_member_cannot_open_or_send_the_form(console, budget_events):
    member, admin = console("viewer"), console("admin")
    assert member.get(PATH).status_code == 403
    response = member.post(PATH, data={**admin.hidden_on(PATH), "csrf": member.token_on("/logout"), "limit": "5"})
    assert (response.status_code, budget_events()) == (403, ([], 0))


@pytest.mark.parametrize("text", ["0", "-5", "many", "1.5", "1000000000001"])
def test_a_budget_that_is_no_number_of_credits_is_refused_and_kept_in_the_field(console, budget_events, text):
    response = console().fill(PATH, {"limit": text})
    assert response.status_code == 422 and "The budget must be a whole number" in response.text
    assert f'value="{text}"' in response.text and budget_events() == ([], 0)


def test_a_form_that_was_opened_before_another_change_overwrites_nothing(console, budget_events):
    browser = console()
    opened = browser.hidden_on(PATH)
    browser.fill(PATH, {"limit": "10"})
    response = browser.post(PATH, data={**opened, "limit": "20"})
    assert response.status_code == 409 and "Somebody has changed the budget" in response.text
    assert budget_events() == (["budget.set"], 1)


def test_without_a_budget_an_empty_form_changes_nothing(console, budget_events):
    assert console().fill(PATH, {"limit": ""}).headers["Location"] == DEVELOPER
    assert budget_events() == ([], 0)


def test_home_activity_and_the_page_of_a_key_say_which_part_is_used(console, organization, owner):
    key = organization.new_key(limit=2)
    console().fill(PATH, {"limit": "10"})
    for _ in range(8):
        owner.execute("SELECT admit(%s, 'GET', '/x', false, '', true)", (hash_secret(key.raw),))
        owner.execute("SELECT admit(%s, 'GET', '/x', false, '', true)", (hash_secret(organization.new_key().raw),))
    wait_until(lambda: record_thresholds(owner) == 0)
    member = console("viewer")
    home, history = member.get("/home").text, member.get(f"{DEVELOPER}/keys/{key.row['id']}").text
    assert "has used all of its credits. Further requests are refused" in home
    assert re.search(r"The keys have used all of the <a [^>]*>budget of the organization</a>", home)
    assert history.count("Threshold reached") == 3 and re.search("<del>(<bdi>)?80", history)
    said = re.sub(r"\s+|<[^>]*>", " ", member.get("/activity").text)
    assert "has used all of its credits" in said and "used 50 % of the budget" in re.sub(" +", " ", said)


def test_test_mode_has_a_budget_of_its_own_which_a_reset_keeps(console, api, sibling, owner):
    browser, tester = console(), sibling.api()
    browser.fill("/mode", {"mode": "test"}, on="/home")
    browser.fill(PATH, {"limit": "10"})
    assert api.read("me")["organizationCredits"] is None
    tester.read("invoices")
    tester.post("test/reset").raise_for_status()
    shown = tester.read("me")["organizationCredits"]
    assert (shown["limit"], shown["used"]) == (10, 2)


def test_a_reset_of_test_mode_records_no_threshold_again(sibling, owner):
    tester = sibling.api(limit=2)
    tester.read("invoices")
    tester.post("test/reset").raise_for_status()
    wait_until(lambda: record_thresholds(owner) == 0)
    thresholds = "SELECT threshold FROM api_keys WHERE org_id = %s"
    assert owner.execute(thresholds, (sibling.id,)).fetchall() == [(100,)]
    assert error_of(tester.get("invoices"), 429, "rate_limited")
