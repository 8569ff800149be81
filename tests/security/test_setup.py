"""Attacks on the page that sets up the first organization: guessing, repeating, racing, planting."""

import secrets

import psycopg
import pytest

from domain.accounts.user.setup_code import prepare_code
from infra.identity import users
from infra.identity.sessions import digest
from infra.identity.setup.codes import BEGIN_SETUP, FINISH_SETUP
from tests.support.console import ADDRESS_HEADER, PASSWORD, SESSION, open_session
from tests.support.setting_up import FOUNDER, enter, installation, open_form, set_up
from tests.support.waiting import run_at_once

OTHER = "another tractor over ten lakes"
WRONG = "AAAAA-AAAAA-AAAAA-AAAAA"


@pytest.fixture(scope="module")
def unused(new_database):
    """An installation whose tests do not set up anything. Each makes a new code."""
    with installation(new_database(), SMARTDHANDHA_ADDRESS_HEADER=ADDRESS_HEADER) as made:
        yield made


@pytest.fixture
def new(own_database):
    """An installation for one test, which may set it up."""
    with installation(own_database, SMARTDHANDHA_ADDRESS_HEADER=ADDRESS_HEADER) as made:
        yield made


def tries(owner):
    return owner.execute("SELECT tries_left FROM setup_codes").fetchone()[0]


def test_twenty_racers_have_five_tries_together(unused):
    code = unused.new_code()
    tokens = [(browser := unused.browser(), browser.token_on("/setup")) for _ in range(20)]

    def guess(number):
        browser, token = tokens[number]
        return browser.post("/setup", data={"csrf": token, "code": f"{WRONG}{number}"})

    pages = run_at_once(len(tokens), guess)
    said = sorted(page.status_code for page in pages)
    assert said == [410] * 16 + [422] * 4
    assert tries(unused.owner) == 0
    assert unused.owner.execute("SELECT count(*) FROM security_events WHERE kind = 'setup.wrong_code'").fetchone() == (
        5,
    )
    late = unused.browser()
    assert late.get("/setup").status_code == 410
    fields = {"csrf": late.token_on("/login"), "code": code}
    assert late.post("/setup", data=fields).status_code == 410


def test_a_wrong_code_says_how_many_tries_are_left(unused):
    code, browser = unused.new_code(), unused.browser()
    for left in ("4 tries are left", "3 tries are left", "2 tries are left", "One try is left"):
        assert left in browser.fill("/setup", {"code": WRONG}).text
    assert "Your organization" in browser.fill("/setup", {"code": code.lower().replace("-", " ")}).text
    assert tries(unused.owner) == 1


def test_the_form_for_the_organization_is_no_way_around_the_count(unused):
    unused.new_code()
    browser = unused.browser()
    token = browser.token_on("/setup")
    for _ in range(7):
        fields = {"csrf": token, "code": WRONG, "form_token": secrets.token_hex(8), **FOUNDER}
        page = browser.post("/setup", data=fields)
    assert (page.status_code, tries(unused.owner)) == (410, 0)
    unused.new_code()
    for fields in ({"code": WRONG, "form_token": "x"}, {"code": WRONG, "form_token": "x", "email": "wrong"}):
        browser.post("/setup", data={"csrf": token, **fields})
    assert tries(unused.owner) == 3
    assert unused.organizations() == []


def test_an_expired_code_does_not_work_although_its_form_is_open(unused):
    code, browser = unused.new_code(), unused.browser()
    hidden = open_form(browser, code)
    unused.owner.execute("UPDATE setup_codes SET expires_at = clock_timestamp()")
    page = browser.post("/setup", data={**hidden, **FOUNDER})
    assert page.status_code == 410 and "No code works now" in page.text
    assert browser.get("/setup").status_code == 410
    assert unused.organizations() == []


def test_a_new_code_replaces_the_one_before(unused):
    first, second, browser = unused.new_code(), unused.new_code(), unused.browser()
    assert browser.fill("/setup", {"code": first}).status_code == 422
    assert browser.fill("/setup", {"code": second}).status_code == 200


def test_only_a_hash_of_the_code_is_stored(unused):
    code = unused.new_code()
    (row,) = unused.owner.execute("SELECT setup_codes::text FROM setup_codes").fetchall()
    assert code not in row[0] and code.replace("-", "") not in row[0]


def test_the_code_and_the_form_work_once(new):
    code, browser = new.new_code(), new.browser()
    hidden = open_form(browser, code)
    page = browser.post("/setup", data={**hidden, **FOUNDER})
    assert page.status_code == 200 and page.headers["cache-control"] == "no-store"
    again = new.browser()
    fields = {**hidden, **FOUNDER, "csrf": again.token_on("/login")}
    repeated = again.post("/setup", data=fields)
    assert (
        repeated.status_code == 409 and "This form was sent before" in repeated.text and "sd_live_" not in repeated.text
    )
    other = again.post("/setup", data={**fields, "form_token": "another", "email": "ravi@example.in"})
    assert other.status_code == 410 and "The set-up is over" in other.text
    assert again.get("/setup").status_code == 410
    assert new.organizations() == ["Sharma Textiles"]
    assert [user.email for user in users.list_users(new.owner, org_id(new))] == ["asha@example.in"]


def test_of_two_browsers_with_the_same_code_one_wins(new):
    code = new.new_code()
    racers = []
    for number in range(2):
        browser = new.browser()
        fields = {**FOUNDER, "organization": f"Racer {number}", "email": f"racer{number}@example.in"}
        racers.append((browser, {**open_form(browser, code), **fields}))
    pages = run_at_once(2, lambda number: racers[number][0].post("/setup", data=racers[number][1]))
    assert sorted(page.status_code for page in pages) == [200, 410]
    assert len(new.organizations()) == 1
    assert new.owner.execute("SELECT count(*) FROM users").fetchone() == (1,)


def test_a_failure_in_the_middle_leaves_nothing_and_the_code_still_works(new):
    new.owner.execute("""
        CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'the disk is full'; END $$;
        CREATE TRIGGER fail BEFORE INSERT ON api_keys FOR EACH ROW EXECUTE FUNCTION fail();
    """)
    code, browser = new.new_code(), new.browser()
    assert set_up(browser, code).status_code == 500
    assert new.organizations() == []
    assert new.owner.execute("SELECT count(*) FROM users").fetchone() == (0,)
    new.owner.execute("DROP TRIGGER fail ON api_keys")
    assert set_up(browser, code).status_code == 200


def test_the_session_after_the_set_up_is_a_new_one(new):
    demo = new.demo()
    earlier = open_session(new.owner, demo.owner.user.id)
    browser = new.browser()
    browser.cookies.set(SESSION, earlier, domain="127.0.0.1", path="/")
    planted = browser.hidden_on("/setup")["csrf"]
    assert set_up(browser, new.new_code()).status_code == 200
    enter(browser)
    assert earlier not in [cookie.value for cookie in browser.cookies.jar]
    other = new.browser()
    other.cookies.set(SESSION, earlier)
    assert other.get("/home").status_code == 303  # the session that the browser had is ended
    assert "Sharma Textiles" in browser.get("/home").text
    assert browser.post("/logout", data={"csrf": planted}).status_code == 403


def test_a_planted_cookie_is_no_session_of_the_owner(new):
    browser = new.browser()
    browser.cookies.set(SESSION, "planted-by-somebody-else", domain="127.0.0.1", path="/")
    set_up(browser, new.new_code())
    thief = new.browser()
    thief.cookies.set(SESSION, "planted-by-somebody-else")
    assert thief.get("/home").status_code == 303


def test_the_address_of_somebody_who_uses_the_service_is_not_taken_over(new):
    demo = new.demo()
    guest = new.browser()
    guest.fill(demo.owner.path, {"password": PASSWORD, "again": PASSWORD})
    code, browser = new.new_code(), new.browser()
    page = set_up(browser, code, email=" Owner@DEMO.example", password=OTHER, again=OTHER)
    assert page.status_code == 422 and "already uses this service" in page.text
    assert guest.log_in(demo.owner.user.email, OTHER).status_code == 422
    assert guest.log_in(demo.owner.user.email, PASSWORD).status_code == 303
    assert new.organizations() == []
    assert set_up(browser, code).status_code == 200


@pytest.mark.parametrize("name", ["A\r\nSet-Cookie: x=1", "A\nB", "A\x00", "A\u2028B", " ", "\u200b", "A" * 121])
def test_a_name_that_would_break_lines_is_refused(unused, name):
    page = set_up(unused.browser(), unused.new_code(), organization=name)
    assert page.status_code == 422 and "x" not in page.cookies
    assert unused.organizations() == []


def test_markup_in_the_name_and_the_address_is_text(new):
    name, email = '"><script>alert(1)</script>', "<i>asha</i>@example.in"
    browser = new.browser()
    page = set_up(browser, new.new_code(), organization=name, email=email)
    assert page.status_code == 200, page.text
    enter(browser, email)
    for text in (page.text, browser.get("/home").text, browser.get("/settings/people").text):
        assert "<script>alert" not in text and "<i>asha" not in text
    assert "&lt;script&gt;alert" in page.text


def test_a_time_zone_that_does_not_exist_is_refused(unused):
    page = set_up(unused.browser(), unused.new_code(), time_zone="Mars/Olympus")
    assert page.status_code == 422 and "Choose a time zone from the list" in page.text


def test_the_application_s_role_cannot_give_an_existing_organization_an_owner(new):
    """Who can send SQL and knows the code makes a new organization, and gets into no other."""
    demo = new.demo()
    code = new.new_code()
    proof = (digest(prepare_code(code)), digest("form"), "192.0.2.1", "req_1")
    new.owner.execute("SET ROLE smartdhandha_app")
    with pytest.raises(psycopg.errors.RaiseException, match="no new organization"):
        new.owner.execute(FINISH_SETUP, (*proof, demo.owner.user.org_id, "user_1", "x@example.in", "hash"))
    with pytest.raises(psycopg.errors.RaiseException, match="no id of an organization"):
        new.owner.execute(BEGIN_SETUP, (*proof, "org_test_x", "X", "Asia/Kolkata", "x@example.in", ""))


def org_id(made):
    (found,) = made.owner.execute("SELECT org_id FROM organizations WHERE NOT is_sample").fetchone()
    return found
