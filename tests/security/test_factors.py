"""Attacks on the second factor, over HTTP: replays, races, guesses, and what a log-in without its factor opens."""

import pytest

from api.console.page import ConsolePage
from infra.identity import users
from infra.identity.sessions import counter_key
from tests.support.console import ADDRESS_HEADER, PASSWORD, SESSION, new_user
from tests.support.factors import FACTORS, LAST_STEP, add_app, begin, give, kinds_of
from tests.support.openapi import ALL_ROUTES
from tests.support.waiting import run_at_once

PAGES = [path for path, page in ALL_ROUTES if isinstance(page, ConsolePage) and not page.public and "{" not in path]
FORMS = [path for path in PAGES if hasattr(dict(ALL_ROUTES)[path], "on_post")]


@pytest.fixture
def asha(person, owner):
    """A user with an authenticator app, who is logged in."""
    assert person.log_in(person.email, PASSWORD).status_code == 303
    (person.user_id,) = owner.execute("SELECT user_id FROM users WHERE email = %s", (person.email,)).fetchone()
    person.app = add_app(person)
    return person


@pytest.fixture
def thief(console, asha):
    """Another browser, in which somebody has typed the right password."""
    browser = console(None)
    begin(browser, asha.email)
    return browser


def test_the_password_alone_opens_nothing(thief):
    token = thief.token_on(LAST_STEP)
    for path in PAGES:
        assert thief.get(path).headers["Location"].startswith(LAST_STEP), path
    for path in FORMS:
        assert thief.post(path, data={"csrf": token, "everywhere": "1"}).headers["Location"] == LAST_STEP, path


def test_a_code_that_was_used_is_worth_nothing(asha, thief, console):
    code = asha.app.code()
    owner_of_it = console(None)
    begin(owner_of_it, asha.email)
    assert give(owner_of_it, code).status_code == 303
    assert give(thief, code).status_code == 422
    assert thief.get("/home").status_code == 303


def test_the_code_that_added_the_app_is_used_up(asha, thief):
    assert give(thief, asha.app.first_code).status_code == 422


@pytest.mark.parametrize("kind", ["app", "recovery code"])
def test_of_twenty_equal_answers_at_once_one_is_accepted(asha, console, owner, kind):
    """Each belongs to a log-in of its own."""
    browsers = [console(None) for _ in range(20)]
    for browser in browsers:
        begin(browser, asha.email)
    tokens = [browser.token_on(LAST_STEP) for browser in browsers]
    code = asha.app.code() if kind == "app" else asha.app.recovery_codes[0]

    def send(number):
        return browsers[number].post(LAST_STEP, data={"csrf": tokens[number], "code": code}).status_code

    statuses = run_at_once(20, send)
    assert statuses.count(303) == 1 and {*statuses} <= {303, 422, 429}
    assert kinds_of(owner, asha.user_id).count("login.succeeded") == 2  # with the one before the app was added


def test_one_log_in_is_finished_once(asha, thief, owner):
    """Two right answers, of a code and of a recovery code, arrive for the same pending log-in."""
    token = thief.token_on(LAST_STEP)
    answers = [asha.app.code(), *asha.app.recovery_codes[:3]]
    cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in thief.cookies.items())}
    thief.cookies.clear()

    def send(number):
        return thief.post(LAST_STEP, data={"csrf": token, "code": answers[number]}, headers=cookie)

    responses = run_at_once(4, send)
    assert [each.headers.get("Location") for each in responses].count("/home") == 1


def test_guesses_are_throttled_and_then_even_the_right_code_must_wait(asha, thief, owner):
    statuses = [give(thief, asha.app.wrong_code()).status_code for _ in range(21)]
    assert statuses == [422] * 20 + [429]
    refused = give(thief, asha.app.code())
    assert refused.status_code == 429 and int(refused.headers["Retry-After"]) > 0
    kinds = kinds_of(owner, asha.user_id)
    assert kinds.count("login.wrong_factor") == 20 and "throttling.account" in kinds


def test_the_right_password_gives_no_new_guesses(asha, thief, console):
    for _ in range(20):
        give(thief, asha.app.wrong_code())
    again = console(None)
    begin(again, asha.email)
    assert give(again, asha.app.code()).status_code == 429


def test_a_browser_is_not_known_before_the_factor(asha, thief):
    """A known browser has attempts of its own, so a thief could have as many as browsers."""
    for _ in range(10):
        give(thief, asha.app.wrong_code())
    begin(thief, asha.email)
    statuses = [give(thief, asha.app.wrong_code()).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


def guesses(browsers, app, email):
    """Send eleven wrong codes from each browser, after the password; return the statuses."""
    statuses = []
    for browser in browsers:
        begin(browser, email)
        statuses += [give(browser, app.wrong_code()).status_code for _ in range(11)]
    return statuses


def test_browsers_of_before_the_first_factor_have_no_guesses_of_their_own(person, console):
    """The thief of a password could have made many known before. Seen red while every known browser had its own."""
    thieves = [console(None) for _ in range(2)]
    for browser in (*thieves, person):
        assert browser.log_in(person.email, PASSWORD).status_code == 303
    app = add_app(person)
    assert guesses(thieves, app, person.email) == [422] * 20 + [429] * 2


def test_links_that_set_a_password_give_no_new_guesses(asha, console, owner):
    """Admins make such links. Seen red while the browser that has used one had guesses of its own."""
    thieves = [console(None) for _ in range(2)]
    statuses = []
    for browser in thieves:
        link = users.create_link(owner, asha.email)
        browser.fill(link.path, {"password": PASSWORD, "again": PASSWORD})
        statuses += guesses([browser], asha.app, asha.email)
    assert statuses == [422] * 20 + [429] * 2


def test_guesses_of_a_thief_do_not_lock_out_the_browser_in_which_a_factor_was_given(asha, thief):
    asha.fill("/logout")
    begin(asha, asha.email)
    assert give(asha, asha.app.recovery_codes[0]).status_code == 303
    for _ in range(21):
        give(thief, asha.app.wrong_code())
    asha.fill("/logout")
    begin(asha, asha.email)
    assert give(asha, asha.app.code()).status_code == 303


def test_wrong_factors_are_remembered_longer_than_wrong_passwords(asha, thief, owner):
    give(thief, asha.app.wrong_code())
    address = counter_key("address", thief.headers[ADDRESS_HEADER])
    sql = "SELECT subject = %s, until > clock_timestamp() + interval '29 days' FROM login_failures WHERE failures = 1"
    kept = set(owner.execute(sql, (address,)))
    assert (True, False) in kept and (False, True) in kept


def test_the_token_of_the_pending_log_in_is_no_session_afterwards(asha, thief):
    before = thief.cookies[SESSION]
    assert give(thief, asha.app.code()).status_code == 303
    after = thief.cookies[SESSION]
    assert before != after
    thief.cookies.set(SESSION, before, domain="127.0.0.1")
    assert thief.get("/home").headers["Location"] == "/login?next=/home"


def test_a_token_that_was_planted_is_no_pending_log_in(asha, console):
    """Fixation: somebody gives the browser a token before the log-in."""
    browser = console(None)
    browser.cookies.set(SESSION, "planted", domain="127.0.0.1")
    begin(browser, asha.email)
    assert browser.cookies[SESSION] != "planted"


@pytest.mark.parametrize("sender", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_the_last_step_is_taken_from_its_page_alone(asha, thief, sender):
    token = thief.token_on(LAST_STEP)
    fields = {"csrf": token, "code": asha.app.code()}
    assert thief.post(LAST_STEP, data=fields, headers=sender).status_code == 403
    assert thief.post(LAST_STEP, data={**fields, "csrf": asha.token_on("/logout")}).status_code == 403
    assert thief.post(LAST_STEP, data=fields).status_code == 303


def test_a_link_for_a_new_password_does_not_take_the_factor_away(asha, console, owner):
    link, browser = users.create_link(owner, asha.email), console(None)
    assert browser.fill(link.path, {"password": PASSWORD, "again": PASSWORD}).status_code == 303
    begin(browser, asha.email)
    assert browser.get("/home").status_code == 303


def test_codes_of_another_user_are_wrong(asha, thief, console):
    other = console()
    foreign = add_app(other)
    for code in (foreign.code(), foreign.recovery_codes[0]):
        assert give(thief, code).status_code == 422


def test_a_removed_user_cannot_finish_a_log_in(asha, thief, owner, organization):
    new_user(owner, organization.id)  # another owner, because there must be one
    users.remove_user(owner, asha.email)
    assert thief.get(LAST_STEP).headers["Location"] == "/login"
    sql = "SELECT count(*) FROM user_factors WHERE user_id = %s"
    assert owner.execute(sql, (asha.user_id,)).fetchone() == (0,)


@pytest.mark.parametrize("answer", ["{}", "[]", "null", "x", '{"id": 1}', '{"id": "AA", "rawId": "AA"}', "{" * 20_000])
def test_an_answer_that_is_no_passkey_is_a_wrong_one(thief, answer):
    assert thief.fill(LAST_STEP, {"passkey": answer}).status_code == 422


@pytest.mark.parametrize("code", ["\0", "１２３４５６", "x" * 60_000, "१२३४५६", "'; DROP TABLE users"])
def test_any_text_is_taken_as_a_wrong_code(thief, code):
    assert give(thief, code).status_code == 422


def test_a_stolen_session_cannot_guess_without_end_either(asha, owner):
    for _ in range(20):
        asha.fill(f"{FACTORS}/confirm", {"code": asha.app.wrong_code()})
    assert asha.fill(f"{FACTORS}/confirm", {"code": asha.app.code()}).status_code == 429
