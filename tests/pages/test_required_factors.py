"""SMARTDHANDHA_REQUIRE_SECOND_FACTOR: who must have a second factor can do nothing before adding one."""

import pytest

from infra.identity import users
from infra.postgres.database import connect_as_table_owner
from tests.support.command_line import environment, run
from tests.support.console import PASSWORD, SESSION, Console, new_user, open_session
from tests.support.factors import FACTORS, LAST_STEP, add_app, begin, give
from tests.support.organization import Organization
from tests.support.service import Service

PAGES = ("/home", "/activity", "/settings/developer", "/settings/developer/new")


@pytest.fixture(scope="module")
def place(new_database):
    """A service that requires a second factor of owners and admins, and the owner of its database."""
    database = new_database()
    with (
        Service(database, "--workers", "1", SMARTDHANDHA_REQUIRE_SECOND_FACTOR="managers") as service,
        connect_as_table_owner(database) as owner,
    ):
        yield service, owner


@pytest.fixture
def enter(place):
    """Return a function that opens a session for a new user with a role, and returns its browser."""
    service, owner = place
    organization, opened = Organization(service.url, owner), []

    def open_as(role):
        browser = Console(service.url)
        opened.append(browser)
        link = new_user(owner, organization.id, role)
        browser.email = link.user.email
        browser.cookies.set(SESSION, open_session(owner, link.user.id), domain="127.0.0.1")
        return browser

    yield open_as
    for browser in opened:
        browser.close()


@pytest.mark.parametrize("role", ["owner", "admin"])
def test_a_manager_without_a_factor_can_only_add_one(enter, role):
    browser = enter(role)
    for path in PAGES:
        assert browser.get(path).headers["Location"] == FACTORS, path
    token = browser.token_on("/logout")
    new = {"csrf": token, "name": "Zapier", "scope": "billing:read", "limit": "10"}
    assert browser.post("/settings/developer/new", data=new).headers["Location"] == FACTORS
    assert "requires a second factor of owners and admins" in browser.get(FACTORS).text
    assert len(add_app(browser).recovery_codes) == 10
    assert [browser.get(path).status_code for path in PAGES] == [200] * len(PAGES)


@pytest.mark.parametrize("role", ["accountant", "hr", "viewer"])
def test_others_are_not_asked_for_one(enter, role):
    assert enter(role).get("/home").status_code == 200


def test_a_user_who_becomes_an_admin_must_add_one(enter, place):
    _, owner = place
    browser = enter("viewer")
    users.change_role(owner, browser.email, "admin")
    assert browser.get("/home").headers["Location"] == FACTORS


def test_the_last_factor_cannot_be_removed(enter):
    browser = enter("owner")
    add_app(browser)
    (path,) = {part.partition('"')[0] for part in browser.get(FACTORS).text.split('href="') if "/factor_" in part[:30]}
    response = browser.fill(path, {"remove": "1"})
    assert response.status_code == 422 and "requires a second factor" in response.text


def test_the_first_log_in_leads_to_the_page_of_factors_and_the_next_one_asks_for_it(place):
    service, owner = place
    link = new_user(owner, Organization(service.url, owner).id)
    email = link.user.email
    with Console(service.url) as browser, Console(service.url) as other:
        assert browser.fill(link.path, {"password": PASSWORD, "again": PASSWORD}).status_code == 303
        assert browser.log_in(email, PASSWORD).headers["Location"] == "/home"
        assert browser.get("/home").headers["Location"] == FACTORS
        app = add_app(browser)
        begin(other, email)
        assert give(other, app.code()).headers["Location"] == "/home" and other.get(LAST_STEP).status_code == 303


def test_an_operator_resets_the_factors_of_a_user(enter, place):
    _, owner = place
    browser = enter("owner")
    add_app(browser)
    env = environment(DATABASE_URL=owner.info.dsn + f" password={owner.info.password}")
    said = run("user", "reset-factors", browser.email, env=env)
    assert "has no second factor now" in said.out
    assert browser.get("/home").headers["Location"] == "/login?next=/home"
    sql = "SELECT kind, actor_type FROM security_events ORDER BY event_id DESC LIMIT 1"
    assert owner.execute(sql).fetchone() == ("factors.reset", "operator")
    assert "no user" in run("user", "reset-factors", "nobody@example.in", env=env, status=1).err


def test_a_service_that_requires_factors_does_not_start_without_a_key(own_database):
    env = environment(
        DATABASE_URL=own_database,
        SMARTDHANDHA_SECRET_KEY="",
        SMARTDHANDHA_DATA="/dev/null/data",
        SMARTDHANDHA_REQUIRE_SECOND_FACTOR="managers",
    )
    assert (
        "needs a key for the secrets of second factors" in run("serve", "--bind", "127.0.0.1:0", env=env, status=1).err
    )


def test_the_setting_has_three_values():
    env = environment(SMARTDHANDHA_REQUIRE_SECOND_FACTOR="everybody")
    assert "must be none, managers or all, not 'everybody'" in run("serve", env=env, status=1).err
