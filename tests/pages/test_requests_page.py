"""Settings → Developer → Requests: an error is found by its requestId, with its cause, by users of any role."""

from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from api.account.requests import ERROR_CODES
from api.console.keys.request_filters import REQUESTS
from api.docs.reference.error_causes import cause_of
from tests.support.cases import all_cases
from tests.support.waiting import wait_until


def sent(response, status):
    assert response.status_code == status
    return response.headers["X-Request-Id"]


def yesterday_at(time):
    """Return this time of yesterday, in UTC."""
    return datetime.fromisoformat(f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%d}T{time}+00:00")


def _is_shown(console, id):
    return "No request fits" not in console.get(f"{REQUESTS}?requestId={id}").text


def await_entries(console, *ids):
    """Wait until the requests with these ids are written."""
    for id in ids:
        wait_until(partial(_is_shown, console, id))


def test_a_developer_finds_three_errors_by_their_ids_each_with_its_cause(
    signed_in, console, organization, console_errors
):
    api = organization.api(["billing:read", "leaves:write"], limit=2)
    errors = {
        sent(api.post("invoices", json={}), 403): ("insufficient_scope", "lacks the scope"),
        sent(api.post("leaves", json={}), 422): ("validation_failed", "Some fields are missing or wrong."),
        sent(api.get("invoices"), 429): ("rate_limited", "all credits of the key"),
    }
    await_entries(console(), *errors)

    page = signed_in("viewer")
    page.goto(f"{organization.url}/settings/developer")
    page.get_by_role("link", name="Requests", exact=True).click()
    for id, (code, cause) in errors.items():
        page.get_by_label("Request id").fill(id)
        page.get_by_role("button", name="Find").click()
        row = page.locator("tbody tr")
        expect(row).to_have_count(1)
        expect(row).to_contain_text(cause)
        assert row.get_by_role("link", name=code).get_attribute("href") == f"/docs/guides/errors#{code}"

    row.get_by_role("link", name="rate_limited").click()
    expect(page.get_by_role("heading", name="rate_limited")).to_be_in_viewport()
    assert console_errors == []


def test_filters_narrow_to_a_key_and_to_how_requests_ended(console, organization):
    one, two = organization.api(), organization.api()
    answered, refused = sent(one.get("invoices"), 200), sent(two.get("invoices?x=1"), 400)
    await_entries(client := console(), answered, refused)

    def shown(query):
        text = client.get(f"{REQUESTS}?{query}").text
        return {id for id in (answered, refused) if id in text}

    key = two.read("me")["key"]["id"]
    assert shown("") == {answered, refused}
    assert shown(f"key={key}") == shown("status=4xx,5xx") == shown("errorCode=unknown_parameter") == {refused}
    assert shown("status=1xx,2xx,3xx") == {answered}
    assert shown("status=429") == set()


def test_from_and_to_are_times_of_the_organization_and_include_their_minute(console, organization, owner):
    api = organization.api()
    id = sent(api.get("invoices"), 200)
    await_entries(client := console(), id)
    key = api.read("me")["key"]["id"]
    owner.execute("UPDATE request_records SET at = %s WHERE key_id = %s", (yesterday_at("18:29:30"), key))

    def shown(**asked):
        return id in client.get(REQUESTS, params=asked).text

    local = f"{yesterday_at('18:29:30').astimezone(ZoneInfo('Asia/Kolkata')):%Y-%m-%dT%H:%M}"
    assert local.endswith("T23:59") and shown(**{"from": local, "to": local}) and shown(to=local[:10])
    assert shown(**{"from": local[:10]}) and not shown(to=local.replace(":59", ":58"))
    assert not shown(**{"from": local.replace("23:59", "23:59:31")})
    text = client.get(REQUESTS, params={"from": local}).text
    assert f'type="datetime-local" value="{local}"' in text


@pytest.mark.parametrize(
    "query",
    [
        "from=soon",
        "from=2026-02-01&to=2026-01-01",
        "status=none",
        "cursor=other",
        "errorCode=x",
        "requestId=" + "a" * 129,
    ],
)
def test_a_wrong_filter_is_said_on_the_page(console, query):
    response = console().get(f"{REQUESTS}?{query}")
    assert response.status_code == 400 and "Show everything" in response.text


def test_requests_of_other_organizations_are_not_shown(console, organization, other_organization):
    stranger = sent(other_organization.api().get("invoices"), 200)
    await_entries(console("owner", other_organization.id), stranger)
    assert stranger not in console().get(REQUESTS).text
    assert "No request fits" in console().get(f"{REQUESTS}?requestId={stranger}").text


def test_older_requests_follow_page_by_page(console, organization):
    api = organization.api()
    ids = [sent(api.get("invoices"), 200) for _ in range(60)]
    await_entries(client := console(), ids[-1])
    first = client.get(REQUESTS).text
    older = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    rest = client.get(older).text
    assert all((id in first) != (id in rest) for id in ids)


def test_the_page_of_a_key_says_how_many_were_answered_refused_and_over_the_limit(console, organization):
    api = organization.api(["billing:read"], limit=3)
    key = api.read("me")["key"]["id"]
    sent(api.get("invoices"), 200)
    ids = [sent(api.post("invoices", json={}), 403), sent(api.get("bills?x=1"), 400), sent(api.get("invoices"), 429)]
    await_entries(client := console(), *ids)
    text = client.get(f"/settings/developer/keys/{key}").text
    said = (
        "Requests per hour, the last 24 hours: 5 in total, of which 2 answered, 2 refused or failed, 1 over the limit"
    )
    assert said in text
    assert "Answered: 2" in text and f'href="{REQUESTS}?key={key}"' in text


@all_cases("code", ERROR_CODES)
def test_each_error_code_has_a_cause_in_words(code):
    assert len(cause_of(code)) > 20 and "Status" not in cause_of(code) and "](" not in cause_of(code)
