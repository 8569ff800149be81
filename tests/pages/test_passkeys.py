"""Passkeys in a real browser, with a virtual device."""

import json
import os
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from infra.identity.passwords import HASHER
from infra.identity.sessions import digest
from infra.identity.users.factors import passkeys
from tests.support.axe import in_both_schemes, needs_axe, violations
from tests.support.cases import all_cases
from tests.support.console import PASSWORD, SESSION, Console, new_user
from tests.support.factors import FACTORS, LAST_STEP, MAKE_OLD, begin, kinds_of, recovery_codes_on
from tests.support.passkeys import Device, by_name, enter


@pytest.fixture
def page(new_page):
    return new_page


@pytest.fixture
def device(page):
    added = Device(page)
    yield added
    added.close()


@pytest.fixture
def origin(service):
    return by_name(service.url)


@pytest.fixture
def user(owner, organization):
    """A user with a password and without a second factor."""
    user = new_user(owner, organization.id).user
    owner.execute("UPDATE users SET password_hash = %s WHERE user_id = %s", (HASHER.hash(PASSWORD), user.id))
    return user


@pytest.fixture
def session(page, owner, origin, user):
    """The token of the session in which the passkey is added."""
    return enter(page, owner, origin, user.id)


def add_passkey(page, origin, name="This laptop"):
    page.goto(f"{origin}{FACTORS}/passkey")
    page.get_by_label("Name of the passkey").fill(name)
    page.get_by_role("button", name="Create the passkey").click()


@pytest.fixture
def added(page, device, session, origin):
    """The recovery codes that were shown when the passkey was added."""
    add_passkey(page, origin)
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    return recovery_codes_on(page.content())


def log_out(page):
    page.context.clear_cookies()


def log_in(page, origin, user):
    page.goto(f"{origin}/login")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url(f"{origin}{LAST_STEP}")


def await_factor(page, origin, user):
    """Open the last step of a log-in whose password another client has sent: faster than through the form."""
    with Console(origin) as client:
        begin(client, user.email)
        cookies = [{"name": name, "value": value, "url": origin} for name, value in client.cookies.items()]
    page.context.add_cookies(cookies)
    page.goto(f"{origin}{LAST_STEP}")


def captured(page, path):
    """Press the button for a passkey, and return the form that the browser would have sent to the path."""
    page.route(f"**{path}*", lambda route: route.fulfill(status=204) if is_form(route.request) else route.fallback())
    with page.expect_request(is_form) as sent:
        page.get_by_role("button", name="Use a passkey").click()
    assert sent.value.response().status == 204  # before that, `unroute` would let the form through
    page.unroute(f"**{path}*")
    return {name: values[0] for name, values in parse_qs(sent.value.post_data).items()}


def is_form(request):
    return request.method == "POST"


def client_of(page, origin):
    """An HTTP client with the cookies of the page."""
    client = Console(origin)
    client.headers["Cookie"] = "; ".join(f"{each['name']}={each['value']}" for each in page.context.cookies(origin))
    return client


def test_a_passkey_is_added_and_finishes_a_log_in(page, device, added, origin, user, owner, console_errors):
    assert len(added) == 10 and len(device.passkeys()) == 1
    log_out(page)
    log_in(page, origin, user)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{origin}/home")
    page.goto(f"{origin}{FACTORS}")
    expect(page.get_by_role("link", name="This laptop")).to_be_visible()
    assert kinds_of(owner, user.id)[-3:] == ["factor.added", "login.awaits_factor", "login.succeeded"]
    assert console_errors == []


def test_without_the_persons_verification_the_browser_returns_nothing(page, device, added, origin, user):
    log_out(page)
    log_in(page, origin, user)
    device.verify(succeeds=False)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("The browser has returned no passkey")).to_be_visible()
    device.verify(succeeds=True)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{origin}/home")


def test_a_device_that_has_a_passkey_of_the_user_makes_no_second_one(page, device, added, origin):
    add_passkey(page, origin, "Again")
    expect(page.get_by_text("The browser has returned no passkey")).to_be_visible()
    assert len(device.passkeys()) == 1


def test_an_answer_works_once_even_in_a_session(page, device, added, origin, user, owner):
    owner.execute(MAKE_OLD, (user.id,))
    page.goto(f"{origin}{FACTORS}/codes")
    form = captured(page, f"{FACTORS}/confirm")
    with client_of(page, origin) as client:
        assert client.post(f"{FACTORS}/confirm", data=form).status_code == 303
        assert client.post(f"{FACTORS}/confirm", data=form).status_code == 422


def test_an_answer_to_an_earlier_challenge_is_wrong(page, device, added, origin, user):
    log_out(page)
    await_factor(page, origin, user)
    form = captured(page, LAST_STEP)
    with client_of(page, origin) as client:
        client.get(LAST_STEP)  # the page asks for another signature
        assert client.post(LAST_STEP, data=form).status_code == 422


def test_a_challenge_of_another_log_in_is_wrong(page, device, added, origin, user, console):
    log_out(page)
    await_factor(page, origin, user)
    form = captured(page, LAST_STEP)
    with Console(origin) as thief:
        thief.log_in(user.email, PASSWORD)
        thief.headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in thief.cookies.items())
        fields = {"passkey": form["passkey"], "csrf": thief.token_on(LAST_STEP)}
        assert thief.post(LAST_STEP, data=fields).status_code == 422


@pytest.mark.parametrize("host", ["localhost:1", "evil.example", "127.0.0.1"])
def test_an_answer_of_another_origin_is_wrong(page, device, added, origin, user, host):
    log_out(page)
    await_factor(page, origin, user)
    form = captured(page, LAST_STEP)
    names = {"evil.example": "__Host-"}
    with client_of(page, origin) as client:
        if host in names:
            client.headers["Cookie"] = client.headers["Cookie"].replace("smartdhandha_", names[host])
        response = client.post(LAST_STEP, data=form, headers={"Host": host})
        assert response.status_code == 422, response.headers


def test_a_counter_that_does_not_grow_is_that_of_a_copy(page, device, added, origin, user, owner):
    log_out(page)
    await_factor(page, origin, user)
    form = captured(page, LAST_STEP)
    owner.execute("UPDATE user_factors SET used_count = 1000 WHERE user_id = %s", (user.id,))
    with client_of(page, origin) as client:
        assert client.post(LAST_STEP, data=form).status_code == 422
    assert kinds_of(owner, user.id)[-1] == "login.wrong_factor"


def test_a_challenge_ends_after_ten_minutes(page, device, added, origin, user, owner):
    log_out(page)
    await_factor(page, origin, user)
    form = captured(page, LAST_STEP)
    (token,) = [each["value"] for each in page.context.cookies(origin) if each["name"] == SESSION]
    age = "UPDATE passkey_challenges SET made_at = made_at - interval '10 minutes' WHERE token_hash = %s"
    assert owner.execute(age, (digest(token),)).rowcount == 1
    with client_of(page, origin) as client:
        assert client.post(LAST_STEP, data=form).status_code == 422


def test_the_signature_must_be_that_of_the_passkey(page, device, added, origin, user):
    log_out(page)
    await_factor(page, origin, user)
    form = captured(page, LAST_STEP)
    answer = json.loads(form["passkey"])
    signature = answer["response"]["signature"]
    answer["response"]["signature"] = signature[:-6] + ("AAAAAA" if signature[-6:] != "AAAAAA" else "BBBBBB")
    with client_of(page, origin) as client:
        assert client.post(LAST_STEP, data={**form, "passkey": json.dumps(answer)}).status_code == 422


def test_a_recovery_code_works_in_place_of_a_passkey_without_javascript(
    page_without_scripts, page, added, origin, user
):
    log_in(page_without_scripts, origin, user)
    expect(page_without_scripts.get_by_text("Passkeys need JavaScript")).to_be_visible()
    page_without_scripts.get_by_label("Recovery code").fill(added[0])
    page_without_scripts.get_by_role("button", name="Send the code").click()
    page_without_scripts.wait_for_url(f"{origin}/home")


@needs_axe
def test_the_pages_fit_a_phone_and_axe_finds_nothing(page, device, session, origin, user):
    """Those that only a host with a name has; the others are in `page_kinds`."""
    add_passkey(page, origin)
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    page.goto(f"{origin}{FACTORS}/passkey")
    found = faults_of(page)
    page.goto(f"{origin}{FACTORS}")
    found += faults_of(page)
    page.get_by_role("link", name="This laptop").click()
    found += faults_of(page)
    log_out(page)
    log_in(page, origin, user)
    page.get_by_label("Recovery code").fill("wrong")
    page.get_by_role("button", name="Send the code").click()
    page.get_by_role("alert").wait_for()
    assert found + faults_of(page) == []


def faults_of(page):
    """What axe finds, and a width that does not fit."""
    found = []
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        found += in_both_schemes(violations, page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += [] if wide == width else [f"{page.url} is {wide} pixels wide"]
        if folder := os.environ.get("PICTURES"):
            page.screenshot(path=f"{folder}/{urlsplit(page.url).path.replace('/', '-')}-{width}.png", full_page=True)
    return found


def test_under_an_address_no_passkey_can_be_added(signed_in, service):
    page = signed_in()
    page.goto(f"{service.url}{FACTORS}")
    expect(page.get_by_text("Browsers keep passkeys for names only")).to_be_visible()
    assert page.get_by_role("link", name="Add a passkey").count() == 0


@all_cases("answer", ["", "x", "{}", "[]", "1", '{"id":"AA","rawId":"AA","type":"public-key","response":{}}'])
def test_what_nobody_can_read_is_no_passkey(answer):
    assert passkeys.read_created(answer, b"challenge", "https://example.in") is None
    assert passkeys.read_id(answer) is None


def test_the_page_of_a_new_passkey_refuses_any_other_answer(console, origin):
    browser = console()
    browser.headers["Host"] = re.sub("^http://", "", origin)
    response = browser.fill(f"{FACTORS}/passkey", {"passkey": "{}", "name": "Mine"})
    assert response.status_code == 422 and "does not fit this page" in response.text
