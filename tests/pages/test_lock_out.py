"""Failed log-ins make the next one wait: longer with each, never for ever, and not in a browser that is known."""

import re
from datetime import timedelta

import pytest

from infra.audit.security_events import SecurityEventFilter, list_security_events
from infra.identity import users
from infra.identity.sessions import counter_key, digest
from tests.support.console import ADDRESS_HEADER, PASSWORD, new_user
from tests.support.waiting import run_at_once

BROWSER = "smartdhandha_browser"
"""The name of the cookie by which a browser is known, on localhost."""


@pytest.fixture
def known(console, person):
    """A browser in which the person has logged in, and out again."""
    browser = console(None)
    browser.email = person.email
    assert browser.log_in(person.email, PASSWORD).status_code == 303
    browser.fill("/logout")
    return browser


@pytest.fixture
def stranger(console, person):
    """Somebody who knows the person's address, and has logged in nowhere."""
    browser = console(None)
    browser.email = person.email
    return browser


def fail(browser, times=1, email=None):
    """Send wrong passwords; return the statuses of the responses."""
    token = browser.token_on("/login")
    fields = {"csrf": token, "email": email or browser.email, "password": "wrong"}
    return [browser.post("/login", data=fields).status_code for _ in range(times)]


def open_again(owner, subject):
    """Let the wait of a counter pass."""
    sql = "UPDATE login_failures SET free_at = clock_timestamp() - interval '1 second' WHERE subject = %s"
    assert owner.execute(sql, (subject,)).rowcount == 1


def fail_19_times(owner, browser):
    """Bring the account to the state after 19 wrong passwords of strangers. Each takes long, so one stands for all."""
    assert fail(browser) == [422]
    sql = "UPDATE login_failures SET failures = 19 WHERE subject = %s"
    assert owner.execute(sql, (counter_key("account", browser.email),)).rowcount == 1


def lock(owner, browser):
    """Bring the account to the state after 20 wrong passwords of strangers, the last one just now."""
    fail_19_times(owner, browser)
    assert fail(browser) == [422]


def failures_of(owner, subject):
    """Return how many failures a counter has."""
    (failures,) = owner.execute("SELECT failures FROM login_failures WHERE subject = %s", (subject,)).fetchone()
    return failures


def kinds(owner, email):
    return [event.kind for event in list_security_events(owner, SecurityEventFilter(user=email))]


def test_after_20_wrong_passwords_each_further_one_makes_the_wait_longer_up_to_15_minutes(stranger, owner):
    account, waits = counter_key("account", stranger.email), []
    assert fail(stranger, 19) == [422] * 19
    for _ in range(7):
        assert fail(stranger) == [422]
        response = stranger.log_in(stranger.email, PASSWORD)
        assert response.status_code == 429
        waits.append(int(response.headers["Retry-After"]))
        open_again(owner, account)
    assert [-(-wait // 60) for wait in waits] == [1, 2, 4, 8, 15, 15, 15]
    assert stranger.log_in(stranger.email, PASSWORD).status_code == 303


def test_failures_of_strangers_do_not_lock_out_a_known_browser(known, stranger, owner):
    fail_19_times(owner, stranger)
    assert fail(stranger, 2) == [422, 429]
    known.headers[ADDRESS_HEADER] = stranger.headers[ADDRESS_HEADER]
    assert known.log_in(known.email, PASSWORD).status_code == 303


def test_not_even_when_their_address_has_failed_too_often(known, stranger, owner):
    known.headers[ADDRESS_HEADER] = stranger.headers[ADDRESS_HEADER]
    fail(stranger)
    lock = "UPDATE login_failures SET free_at = clock_timestamp() + interval '9 minutes' WHERE subject = %s"
    owner.execute(lock, (counter_key("address", stranger.headers[ADDRESS_HEADER]),))
    assert stranger.log_in(known.email, PASSWORD).status_code == 429
    assert known.log_in(known.email, PASSWORD).status_code == 303


def test_a_known_browser_has_20_attempts_of_its_own(known, stranger):
    assert fail(known, 21) == [422] * 20 + [429]
    assert known.log_in(known.email, PASSWORD).status_code == 429
    assert stranger.log_in(known.email, PASSWORD).status_code == 303


def test_a_browser_is_known_for_its_own_account_only(known, console, person, owner, organization):
    link = users.create_user(owner, organization.id, f"other.{person.email}", "viewer")
    victim, attacker = console(None), console(None)
    victim.fill(link.path, {"password": PASSWORD, "again": PASSWORD})
    attacker.email = link.user.email
    lock(owner, attacker)
    assert known.log_in(link.user.email, PASSWORD).status_code == 429
    assert victim.log_in(link.user.email, PASSWORD).status_code == 303


def test_two_people_can_share_a_known_browser(known, console, person, owner, organization):
    link = users.create_user(owner, organization.id, f"other.{person.email}", "viewer")
    console(None).fill(link.path, {"password": PASSWORD, "again": PASSWORD})
    assert known.log_in(link.user.email, PASSWORD).status_code == 303
    known.fill("/logout")
    for email in (person.email, link.user.email):
        attacker = console(None)
        attacker.email = email
        lock(owner, attacker)
        assert attacker.log_in(email, PASSWORD).status_code == 429
        assert known.log_in(email, PASSWORD).status_code == 303
        known.fill("/logout")


@pytest.mark.parametrize("sent", [None, "", "x", "A" * 43])
def test_a_made_up_cookie_makes_no_browser_known(known, stranger, owner, sent):
    lock(owner, stranger)
    known.cookies.clear()
    if sent is not None:
        known.cookies.set(BROWSER, sent, domain="127.0.0.1")
    assert known.log_in(known.email, PASSWORD).status_code == 429


def test_the_cookie_of_a_known_browser_is_kept_a_year_and_hidden_from_scripts(known):
    before = known.cookies[BROWSER]
    (said,) = [each for each in known.log_in(known.email, PASSWORD).headers.get_list("Set-Cookie") if BROWSER in each]
    assert "HttpOnly" in said and "SameSite=Lax" in said and "Path=/" in said and "Max-Age=31536000" in said
    assert known.cookies[BROWSER] == before


def test_only_the_hash_of_the_cookie_is_stored(known, owner):
    sql = "SELECT count(*) FROM known_browsers WHERE token_hash = %s"
    assert owner.execute(sql, (digest(known.cookies[BROWSER]),)).fetchone() == (1,)


def test_a_browser_is_unknown_a_year_after_its_last_log_in(known, stranger, owner):
    age = "UPDATE known_browsers SET seen_at = clock_timestamp() - interval '365 days' WHERE token_hash = %s"
    owner.execute(age, (digest(known.cookies[BROWSER]),))
    lock(owner, stranger)
    assert known.log_in(known.email, PASSWORD).status_code == 429


def test_a_new_password_makes_the_users_browsers_unknown_but_for_the_one_that_sets_it(known, stranger, console, owner):
    link, setter = users.create_link(owner, known.email), console(None)
    assert setter.fill(link.path, {"password": PASSWORD, "again": PASSWORD}).status_code == 303
    lock(owner, stranger)
    assert known.log_in(known.email, PASSWORD).status_code == 429
    assert setter.log_in(known.email, PASSWORD).status_code == 303


def test_of_a_removed_user_no_browser_is_known(known, owner, organization):
    new_user(owner, organization.id)  # somebody must stay
    users.remove_user(owner, known.email)
    sql = "SELECT count(*) FROM known_browsers WHERE token_hash = %s"
    assert owner.execute(sql, (digest(known.cookies[BROWSER]),)).fetchone() == (0,)


def test_an_address_that_has_failed_100_times_must_wait_for_every_account(stranger, owner):
    address = counter_key("address", stranger.headers[ADDRESS_HEADER])
    fail(stranger, 1, "nobody@example.in")
    owner.execute("UPDATE login_failures SET failures = 99 WHERE subject = %s", (address,))
    assert fail(stranger, 2, "nobody.else@example.in") == [422, 429]
    assert stranger.log_in(stranger.email, PASSWORD).status_code == 429
    open_again(owner, address)
    assert stranger.log_in(stranger.email, PASSWORD).status_code == 303


@pytest.mark.parametrize("left", [20, 58, 65, 85, 95, 149, 640])
def test_a_locked_account_is_open_again_after_the_minutes_that_the_page_names(stranger, owner, left):
    fail(stranger)
    subject = counter_key("account", stranger.email)
    lock = "UPDATE login_failures SET failures = 20, free_at = clock_timestamp() + %s WHERE subject = %s"
    owner.execute(lock, (timedelta(seconds=left), subject))
    response = stranger.log_in(stranger.email, PASSWORD)
    assert response.status_code == 429
    (span,) = re.findall(r"Wait (a minute|\d+ minutes)", response.text)
    minutes = 1 if span == "a minute" else int(span.split()[0])
    assert int(response.headers["Retry-After"]) <= minutes * 60 < left + 60
    pass_ = "UPDATE login_failures SET free_at = free_at - %s WHERE subject = %s"
    owner.execute(pass_, (timedelta(minutes=minutes), subject))
    assert stranger.log_in(stranger.email, PASSWORD).status_code == 303


def test_a_clock_that_is_set_back_locks_nobody_out(stranger, owner):
    lock(owner, stranger)
    ahead = "UPDATE login_failures SET free_at = free_at + interval '1 year' WHERE subject = %s"
    owner.execute(ahead, (counter_key("account", stranger.email),))
    assert stranger.log_in(stranger.email, PASSWORD).status_code == 303


def test_failures_are_forgotten_an_hour_after_the_last_one(stranger, owner):
    fail_19_times(owner, stranger)
    account = counter_key("account", stranger.email)
    owner.execute("UPDATE login_failures SET until = until - interval '1 hour' WHERE subject = %s", (account,))
    assert fail(stranger, 2) == [422, 422]
    assert failures_of(owner, account) == 2


def test_a_successful_log_in_resets_the_failures(stranger, console, owner):
    fail_19_times(owner, stranger)
    assert stranger.log_in(stranger.email, PASSWORD).status_code == 303
    assert fail(console(None), 2, stranger.email) == [422, 422]
    assert failures_of(owner, counter_key("account", stranger.email)) == 2


def test_simultaneous_wrong_passwords_of_a_known_browser_are_all_counted(known, console):
    """The requests reach both server processes."""
    browsers = [console(None) for _ in range(4)]
    for browser in browsers:
        browser.email = known.email
        browser.cookies.set(BROWSER, known.cookies[BROWSER], domain="127.0.0.1")
    statuses = [status for each in run_at_once(4, lambda number: fail(browsers[number], 7)) for status in each]
    assert sorted(statuses) == [422] * 20 + [429] * 8


def test_each_outcome_of_a_log_in_is_an_event_and_a_flood_of_refused_ones_is_one_a_minute(stranger, owner):
    fail(stranger, 23)
    open_again(owner, counter_key("account", stranger.email))
    stranger.log_in(stranger.email, PASSWORD)
    own = [kind for kind in kinds(owner, stranger.email) if kind.startswith(("login", "throttling"))]
    assert own == ["login.wrong_password"] * 20 + ["throttling.account", "login.throttled", "login.succeeded"]
    wanted = SecurityEventFilter(user=stranger.email, kinds=["login.succeeded"])
    (success,) = list_security_events(owner, wanted)
    assert (success.actor_type, success.address) == ("user", stranger.headers[ADDRESS_HEADER])


def test_a_failure_says_from_where_it_came_and_what_was_typed_is_stored_nowhere(stranger, owner, organization):
    typed = "correct horse battery staple"  # somebody typed the password into the wrong field
    response = stranger.log_in(typed, "wrong")
    sql = "SELECT kind, org_id, object_id, address, row_to_json(e)::text FROM security_events e WHERE request_id = %s"
    ((*facts, row),) = owner.execute(sql, (response.headers["X-Request-Id"],)).fetchall()
    assert facts == ["login.unknown_account", None, None, stranger.headers[ADDRESS_HEADER]]
    assert typed not in row and counter_key("account", typed).hex() not in row
