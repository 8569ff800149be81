"""Signing up in a browser: the form, the mail, the link, and the first key."""

import pytest
from playwright.sync_api import expect

from infra.identity.organizations import create_organization
from infra.postgres.database import connect_as_table_owner
from infra.worker.mail.outbox import turn_mails
from tests.support.axe import in_both_schemes, needs_axe, violations
from tests.support.console import PASSWORD, SESSION, Console, new_user, open_session
from tests.support.mail_sink import MailSink, mail_settings
from tests.support.ports import free_address
from tests.support.service import Service
from tests.support.setting_up import FOUNDER, enter, hidden_in, shown
from tests.support.terminal import refusal
from tests.support.waiting import wait_until

TERMS = "https://example.in/terms"
SENT = "A mail is on its way to this address."


@pytest.fixture(scope="module")
def sink():
    with MailSink() as opened:
        yield opened


@pytest.fixture(scope="module")
def database(new_database):
    return new_database()


@pytest.fixture(scope="module")
def hosted(database, sink):
    """A service on which anybody can sign up."""
    address = free_address()
    settings = mail_settings(sink.port, f"http://{address}")
    settings |= {"SMARTDHANDHA_SIGNUP": "open", "SMARTDHANDHA_TERMS_URL": TERMS}
    with Service(database, "--bind", address, "--workers", "1", **settings) as running:
        yield running


@pytest.fixture
def conn(hosted, database):
    with connect_as_table_owner(database) as opened:
        opened.execute("DELETE FROM login_failures")
        yield opened


@pytest.fixture
def browser(hosted, conn):
    with Console(hosted.url) as opened:
        yield opened


def link_to(sink, email):
    (mail,) = wait_until(lambda: sink.to(email))
    assert mail.subject == "Confirm your e-mail address"
    return mail.link()


def test_somebody_signs_up(new_page, hosted, sink, conn):
    page = new_page
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(f"{hosted.url}/login")
    page.get_by_role("link", name="Sign up").click()
    expect(page.get_by_role("link", name="terms of this service")).to_have_attribute("href", TERMS)
    page.get_by_label("Your e-mail address").fill("meera@example.in")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_text(SENT)).to_be_visible()
    page.goto(f"{hosted.url}{link_to(sink, 'meera@example.in')}")
    expect(page.get_by_text("meera@example.in is confirmed")).to_be_visible()
    page.get_by_label("Name of the organization").fill("Meera Sweets")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_label("Repeat the password").fill(PASSWORD)
    page.get_by_role("button", name="Set up the organization").click()
    expect(page.get_by_role("heading", name="Meera Sweets is set up")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_user_gets_another_mail_and_the_page_says_nothing(browser, sink, conn):
    (org_id,) = conn.execute("SELECT org_id FROM organizations LIMIT 1").fetchone()
    email = new_user(conn, org_id).user.email
    known, unknown = (browser.fill("/signup", {"email": each}) for each in (email, "ravi@example.in"))
    assert [(each.status_code, each.headers["Location"], each.content) for each in (known, unknown)] == [
        (303, "/signup?sent=1", known.content)
    ] * 2
    (mail,) = wait_until(lambda: sink.to(email))
    assert mail.subject == "You have an account already" and "/signup/" not in mail.text()


def test_wrong_fields_are_named_and_the_link_stays(browser, sink):
    browser.fill("/signup", {"email": "ira@example.in"})
    path = link_to(sink, "ira@example.in")
    wrong = browser.fill(path, {**FOUNDER, "organization": "", "again": "different"})
    assert wrong.status_code == 422
    assert "Enter the name of your organization." in wrong.text and "The passwords do not match." in wrong.text
    page = browser.post(path, data={**hidden_in(browser.get(path)), **FOUNDER, "email": "other@example.in"})
    assert shown(page, "raw-key").startswith("sd_live_")
    enter(browser, "ira@example.in")  # the address is the confirmed one, whatever the form says


def test_a_link_works_once(browser, sink):
    browser.fill("/signup", {"email": "omar@example.in"})
    path = link_to(sink, "omar@example.in")
    fields = {**browser.hidden_on(path), **FOUNDER}
    assert browser.post(path, data=fields).status_code == 200
    stranger = Console(str(browser.base_url))
    assert stranger.get(path).status_code == 410
    assert "This link does not work any more" in stranger.get(path).text
    again = stranger.post(path, data={**fields, "csrf": stranger.token_on("/login")})
    assert (again.status_code, "This form was sent before" in again.text) == (409, True)
    stranger.close()


@pytest.mark.parametrize(
    "email", ["", "asha", "asha@", "a b@example.in", "asha,ravi@example.in", "<asha@example.in>", "a@b.example。in"]
)
def test_an_address_must_be_one(browser, email):
    response = browser.fill("/signup", {"email": email})
    assert response.status_code == 422 and "must be one such as asha@example.in" in response.text


def test_too_many_links_must_wait(browser):
    for _ in range(3):
        assert browser.fill("/signup", {"email": "flood@example.in"}).status_code == 303
    late = browser.fill("/signup", {"email": "flood@example.in"})
    assert late.status_code == 429 and int(late.headers["Retry-After"]) > 0
    assert "Too many links were asked for." in late.text


def test_without_mails_the_page_says_that_nobody_can_sign_up_now(browser, conn):
    turn_mails(conn, is_on=False)
    try:
        form = {"csrf": browser.token_on("/login"), "email": "late@example.in"}
        for page in (browser.get("/signup"), browser.get("/signup?sent=1"), browser.post("/signup", data=form)):
            assert page.status_code == 503 and "Nobody can sign up now" in page.text and SENT not in page.text
    finally:
        turn_mails(conn, is_on=True)


def test_where_anybody_can_sign_up_no_owner_sees_the_link_of_an_invitation(hosted, conn, sink):
    """A stranger would set the password of the invited person."""
    user, email = new_user(conn, create_organization(conn, "Strangers").id).user, "victim@example.in"
    with Console(hosted.url) as stranger:
        stranger.cookies.set(SESSION, open_session(conn, user.id), domain="127.0.0.1")
        sent = stranger.fill("/settings/people/invite", {"email": email, "role": "viewer"})
        (mail,) = wait_until(lambda: sink.to(email))
        path = sent.headers["location"].partition("?")[0]
        assert "Send the invitation again" in stranger.get(f"{path}?sent=1").text
        again = stranger.fill(f"{path}/link", on=path)
        assert (again.status_code, again.headers["location"]) == (303, f"{path}?sent=1")
        wait_until(lambda: len(sink.to(email)) == 2)
        turn_mails(conn, is_on=False)
        try:
            fields = {"email": "other.victim@example.in", "role": "viewer"}
            for answer in (stranger.fill("/settings/people/invite", fields), stranger.fill(f"{path}/link", on=path)):
                assert answer.status_code == 503 and "/invitation/" not in answer.text
        finally:
            turn_mails(conn, is_on=True)
    assert mail.link().startswith("/invitation/") and sink.to(email)[1].link() != mail.link()


def test_the_page_says_when_an_invitation_is_not_sent_and_when_it_is(hosted, conn):
    org_id = create_organization(conn, "Acme Traders").id
    user = new_user(conn, org_id).user
    path, add = "/settings/people", "SELECT add_mail('invitation', %s, %s, 'lila@example.in', '{}')"
    with Console(hosted.url) as boss:
        boss.cookies.set(SESSION, open_session(conn, user.id), domain="127.0.0.1")
        invited = boss.fill(f"{path}/invite", {"email": "lila@example.in", "role": "viewer"}).headers["Location"]
        assert "on its way by mail" in boss.get(invited).text
        page, id = invited.partition("?")[0], invited.partition("?")[0].rpartition("/")[2]
        for _ in range(25):
            conn.execute(add, (org_id, id))
        again = boss.fill(f"{page}/link", on=page).headers["Location"]
        assert again == f"{page}?unsent=1"
        told = boss.get(again).text
        assert "No mail was sent" in told and "Send it again after" in told and "on its way" not in told
        conn.execute("UPDATE mails SET queued_at = queued_at - interval '1 hour' WHERE user_id = %s", (id,))
        conn.execute("UPDATE mails SET due_at = clock_timestamp() + interval '2 hours' WHERE org_id = %s", (org_id,))
        again = boss.fill(f"{page}/link", on=page).headers["Location"]
        assert again == f"{page}?sent=1"
        assert "The mail with the invitation waits until" in boss.get(page).text


def test_elsewhere_nobody_can_sign_up(console):
    visitor = console(None)
    assert 'href="/signup"' not in visitor.get("/login").text
    for path in ("/signup", "/signup/abc"):
        page = visitor.get(path)
        assert page.status_code == 403 and "Nobody can sign up on this installation." in page.text


@pytest.mark.process
def test_open_needs_mails():
    said = refusal(SMARTDHANDHA_SIGNUP="open")
    assert "SMARTDHANDHA_SIGNUP=open needs SMARTDHANDHA_SMTP_URL" in said


@needs_axe
def test_the_pages_fit_a_phone_and_axe_finds_nothing(new_page, hosted, browser, sink):
    browser.fill("/signup", {"email": "axe@example.in"})
    link, found = link_to(sink, "axe@example.in"), []
    for path in ("/signup", "/signup?sent=1", link, "/signup/none"):
        new_page.goto(f"{hosted.url}{path}")
        found += in_both_schemes(violations, new_page)
    assert found == []
