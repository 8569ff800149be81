"""Settings → Organization: who sees and changes the name, the time zone and the series of numbers."""

import html
import re
import secrets

import pytest
from playwright.sync_api import expect

from domain.accounts.key_secret import new_secret
from tests.support.cases import all_cases
from tests.support.console import enter_console
from tests.support.scenarios import draft_invoice

PATH = "/settings/organization"
SAME = {"name": "Test Traders", "time_zone": "Asia/Kolkata", "series_prefix": "INV"}


@pytest.fixture
def changes(organization, owner):
    """What the events of the organization have changed, and how many security events there are."""

    def read():
        log = """
        SELECT ARRAY(SELECT json_object_keys(state::json)) FROM events
        WHERE org_id = %s AND name = 'organization.updated' ORDER BY position
        """
        traces = "SELECT count(*) FROM security_events WHERE org_id = %s AND kind = 'organization.changed'"
        fields = [sorted(names) for (names,) in owner.execute(log, (organization.id,))]
        return fields, owner.execute(traces, (organization.id,)).fetchone()[0]

    return read


def words_of(response):
    """Return the text of a page, with one space between its words."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.text)).replace("\u2068", "").split())


def test_an_admin_changes_the_name_and_everybody_sees_it_and_who_did_it(console, changes):
    admin, member = console("admin"), console("viewer")
    response = admin.fill(PATH, SAME | {"name": " Sharma Textiles "})
    assert (response.status_code, response.headers["Location"]) == (303, PATH)
    for page in (admin.get("/home").text, member.get(PATH).text):
        assert "Sharma Textiles" in page
    assert f"{admin.email} changed the organization – name" in words_of(admin.get("/activity"))
    assert changes() == ([["name"]], 1)


def test_a_member_sees_the_values_and_can_send_nothing(console, changes):
    member = console("viewer")
    page = member.get(PATH).text
    assert "Asia/Kolkata" in page and "Owners and admins can change these." in page
    assert '<form method="post" novalidate' not in page
    response = member.post(PATH, data={"csrf": member.token_on("/logout"), **SAME, "name": "x", "version": "0"})
    assert (response.status_code, changes()) == (403, ([], 0))


WRONG = {
    "no name": ({"name": " "}, "The name must have 1 to 120 characters"),
    "a long name": ({"name": "x" * 121}, "The name must have 1 to 120 characters; it has 121"),
    "a line break": ({"name": "a\nb"}, "The name must not contain line breaks or other control characters"),
    "an escape sequence": ({"name": "a\x1b[2J"}, "The name must not contain line breaks or other control characters"),
    "an API key": ({"name": new_secret(secrets.choice)}, "The name must not contain an API key"),
    "no such zone": ({"time_zone": "Asia/Kolkatta"}, "Did you mean Asia/Kolkata?"),
    "a file for a zone": ({"time_zone": "../../etc/passwd"}, "The time zone must be one of those in the list"),
    "only its city": ({"time_zone": "new york"}, "Did you mean America/New_York?"),
    "small letters": ({"series_prefix": "st"}, "The prefix must be capital letters A to Z, digits, - and /"),
    "SQL for a prefix": ({"series_prefix": "ST';"}, "The prefix must be capital letters A to Z, digits, - and /"),
    "a hyphen first": ({"series_prefix": "-ST"}, "and begin with a letter or a digit"),
    "a long prefix": ({"series_prefix": "ABCDEFGHIJK"}, "The prefix must have 1 to 10 characters; it has 11"),
}


@all_cases("case", WRONG)
def test_a_wrong_value_is_refused_at_its_field_and_kept_there(console, changes, case):
    values, message = WRONG[case]
    response = console().fill(PATH, SAME | values)
    page = html.unescape(response.text)
    assert response.status_code == 422 and message in page and changes() == ([], 0)
    (field,) = values
    assert re.search(rf'name="{field}" value="[^"]*"[^>]* aria-invalid="true"', response.text)


def test_a_form_takes_effect_once_and_one_that_changes_nothing_records_nothing(console, changes):
    browser = console()
    opened = browser.hidden_on(PATH)
    for _ in range(2):
        assert browser.post(PATH, data={**opened, **SAME, "name": "Sharma"}).status_code == 303
    assert browser.fill(PATH, SAME | {"name": "Sharma"}).status_code == 303
    assert changes() == ([["name"]], 1)


def test_a_form_that_was_opened_before_another_change_overwrites_nothing(console, changes):
    browser = console()
    opened = browser.hidden_on(PATH)
    browser.fill(PATH, SAME | {"name": "One"})
    response = browser.post(PATH, data={**opened, **SAME, "name": "Two"})
    assert response.status_code == 409 and "Somebody has changed the organization" in response.text
    assert 'value="One"' in response.text and changes() == ([["name"]], 1)


def test_a_form_without_its_token_changes_nothing_and_keeps_what_was_typed(console, changes):
    browser = console()
    response = browser.post(PATH, data={**browser.hidden_on(PATH), "form_token": "old", **SAME, "name": "Two"})
    assert response.status_code == 422 and "open for too long" in response.text and 'value="Two"' in response.text
    assert changes() == ([], 0)


def test_a_new_time_zone_is_shown_with_the_midnight_from_which_it_counts(console, changes):
    browser = console()
    browser.fill(PATH, SAME | {"time_zone": "America/New_York"})
    page = words_of(browser.get(PATH))
    until = r"counts from \d+ \w+ \d+, 00:00 on\. Until then, days begin and end in Asia/Kolkata\."
    assert re.search(f"America/New_York {until}", page)
    assert "Times are in the time zone Asia/Kolkata." in page
    browser.fill(PATH, SAME)
    assert "counts from" not in browser.get(PATH).text.partition("<form")[0]
    zone = ["earlierTimeZone", "timeZone", "timeZoneFrom"]
    assert changes() == ([zone, zone], 2)


def test_times_are_shown_in_the_zone_that_counts_by_the_clock_of_the_log(console, organization, sibling, owner):
    """In live mode, as if midnight had been an hour ago; in test mode, midnight has not come yet."""
    browser = console()
    browser.fill(PATH, SAME | {"time_zone": "America/New_York"})
    count = "UPDATE organizations SET new_time_zone_from = clock_timestamp() - interval '1 hour' WHERE org_id = %s"
    owner.execute(count, (organization.id,))
    assert "Times are in the time zone America/New_York." in browser.get("/home").text
    browser.fill("/mode", {"mode": "test"}, on="/home")
    assert "Times are in the time zone Asia/Kolkata." in browser.get("/home").text
    owner.execute(count, (sibling.id,))
    assert "Times are in the time zone America/New_York." in browser.get("/home").text


def test_a_new_prefix_counts_from_the_next_draft_on(console, api):
    browser = console()
    first = draft_invoice(api)["invoiceNumber"]
    browser.fill(PATH, SAME | {"series_prefix": "ST-"})
    page = browser.get(PATH).text
    assert 'value="ST"' in page and "ST-20" in page
    assert draft_invoice(api)["invoiceNumber"] == first.replace("INV", "ST")


def test_test_mode_changes_the_same_organization(console, changes, api, sibling):
    browser = console()
    browser.fill("/mode", {"mode": "test"}, on="/home")
    assert browser.fill(PATH, SAME | {"name": "Sharma", "series_prefix": "ST"}).status_code == 303
    assert changes() == ([["name", "seriesPrefix"]], 1)
    tester = sibling.api()
    assert {each.read("me")["organization"]["name"] for each in (api, tester)} == {"Sharma"}
    assert {draft_invoice(each)["invoiceNumber"][:3] for each in (api, tester)} == {"ST-"}


def test_it_works_with_the_keyboard_and_without_scripts(page_without_scripts, organization, owner, changes):
    page = page_without_scripts
    enter_console(page, organization, owner)
    page.goto(f"{organization.url}{PATH}")
    page.get_by_label("Time zone").fill("Asia/Dubai")
    page.get_by_label("Time zone").press("Enter")
    expect(page.get_by_text("Asia/Dubai counts from")).to_be_visible()
    assert len(changes()[0]) == 1


@pytest.mark.parametrize("width", [390, 1280])
def test_the_tabs_fit_and_say_where_one_is(signed_in, organization, width):
    page = signed_in()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{organization.url}{PATH}")
    assert page.get_by_role("navigation", name="Settings").locator("[aria-current]").inner_text() == "Organization"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
