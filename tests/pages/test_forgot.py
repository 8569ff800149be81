"""A user who has forgotten the password: the page, the mail, the link, and the mail afterwards."""

import pytest

from infra.identity.organizations import create_organization
from infra.postgres.database import connect_as_table_owner
from tests.support.console import PASSWORD, Console, new_user
from tests.support.mail_sink import MailSink, mail_settings
from tests.support.ports import free_address
from tests.support.service import Service
from tests.support.waiting import wait_until

NEW_PASSWORD = "nine plums under a tractor"
SENT = "If this address belongs to an account, a mail is on its way to it."


@pytest.fixture(scope="module")
def sink():
    with MailSink() as opened:
        yield opened


@pytest.fixture(scope="module")
def mailing_database(new_database):
    return new_database()


@pytest.fixture(scope="module")
def mailing(mailing_database, sink):
    """A service that sends mails."""
    address = free_address()
    with Service(mailing_database, "--bind", address, **mail_settings(sink.port, f"http://{address}")) as running:
        yield running


@pytest.fixture
def conn(mailing, mailing_database):
    with connect_as_table_owner(mailing_database) as opened:
        yield opened


@pytest.fixture
def user(conn):
    """A new user, with the link that sets the first password."""
    return new_user(conn, create_organization(conn, "Acme Traders").id)


@pytest.fixture
def browser(mailing, conn, user):
    with Console(mailing.url, user.user.email, user.user.id) as opened:
        opened.fill(user.path, {"password": PASSWORD, "again": PASSWORD})
        conn.execute("DELETE FROM login_failures")
        yield opened


def ask(browser, email):
    return browser.fill("/forgot", {"email": email})


def test_a_user_sets_a_new_password_by_mail(browser, sink, conn):
    browser.log_in(browser.email, PASSWORD)
    assert browser.get("/home").status_code == 200
    response = ask(browser, browser.email.upper())
    assert (response.status_code, response.headers["Location"]) == (303, "/forgot?sent=1")
    assert SENT in browser.get("/forgot?sent=1").text
    (mail,) = wait_until(lambda: sink.to(browser.email))
    assert mail.subject == "Set a new password"
    changed = browser.fill(mail.link(), {"password": NEW_PASSWORD, "again": NEW_PASSWORD})
    assert changed.headers["Location"] == "/login?set=1"
    assert browser.get("/home").status_code == 303, "the sessions of the user have ended"
    _, second = wait_until(lambda: len(sink.to(browser.email)) == 2 and sink.to(browser.email))
    assert second.subject == "Your password was changed"
    assert browser.log_in(browser.email, PASSWORD).status_code == 422
    assert browser.log_in(browser.email, NEW_PASSWORD).status_code == 303


def test_a_link_works_once_and_for_an_hour(browser, sink, conn):
    ask(browser, browser.email)
    (mail,) = wait_until(lambda: sink.to(browser.email))
    lifetime = "SELECT extract(epoch FROM max(expires_at) - now()) FROM user_links WHERE user_id = %s"
    ((seconds,),) = conn.execute(lifetime, (browser.user_id,)).fetchall()
    assert 3500 < seconds <= 3600
    assert browser.get(mail.link()).status_code == 200
    fields = {**browser.hidden_on(mail.link()), "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert browser.post(mail.link(), data=fields).status_code == 303
    assert browser.post(mail.link(), data=fields).status_code == 410
    assert browser.get(mail.link()).status_code == 410


def test_an_expired_link_does_not_work(browser, sink, conn):
    ask(browser, browser.email)
    (mail,) = wait_until(lambda: sink.to(browser.email))
    fields = {**browser.hidden_on(mail.link()), "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    conn.execute("UPDATE user_links SET expires_at = now() WHERE user_id = %s", (browser.user_id,))
    assert browser.post(mail.link(), data=fields).status_code == 410
    assert browser.log_in(browser.email, PASSWORD).status_code == 303


def test_the_log_in_page_leads_there(browser):
    assert 'href="/forgot"' in browser.get("/login").text


def test_without_mails_the_page_says_whom_to_ask(console):
    visitor = console(None)
    page = visitor.get("/forgot")
    assert page.status_code == 200 and "an owner or admin of your organization" in page.text
    assert 'action="/forgot"' not in page.text and 'href="/forgot"' in visitor.get("/login").text


def test_without_mails_nothing_is_asked_for(console, owner):
    visitor = console(None)
    sent = visitor.post("/forgot", data={"csrf": visitor.token_on("/login"), "email": "asha@example.in"})
    assert sent.status_code == 200 and "an owner or admin of your organization" in sent.text
    assert owner.execute("SELECT count(*) FROM mails").fetchone() == (0,)
