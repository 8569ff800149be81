"""Profile: the name, the theme, the password and the sessions of a user."""

from __future__ import annotations

import html
import re

import pytest

from infra.identity import users
from tests.support.console import PASSWORD, SESSION, open_session
from tests.support.waiting import run_at_once

NEW_PASSWORD = "another tractor over ten lakes"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"


@pytest.fixture
def signed_in(person):
    """The person after a log-in."""
    person.headers["User-Agent"] = FIREFOX
    assert person.log_in(person.email, PASSWORD).status_code == 303
    return person


def change(client, present=PASSWORD, new=NEW_PASSWORD, again=None):
    fields = {"present": present, "password": new, "again": again or new}
    return client.fill("/profile/password", fields, on="/profile")


def is_signed_in(client):
    return client.get("/profile").status_code == 200


def session_ids(client):
    return re.findall(r'name="id" value="([0-9a-f]+)"', client.get("/profile").text)


def another_session(console, owner, email):
    """Return a client with a session of its own of a user."""
    (user_id,) = owner.execute("SELECT user_id FROM users WHERE email = %s", (email,)).fetchone()
    other = console(None)
    other.cookies.set(SESSION, open_session(owner, user_id), domain="127.0.0.1")
    return other


def test_the_header_leads_to_the_profile_for_every_role(console):
    for role in ("owner", "viewer", "hr"):
        client = console(role)
        assert 'href="/profile"' in client.get("/home").text and is_signed_in(client)


def test_a_name_is_shown_beside_the_address(console, signed_in, owner, organization):
    named = f"Asha & Sharma ({signed_in.email})"
    assert signed_in.fill("/profile", {"name": "Asha & Sharma", "theme": "dark"}).status_code == 303
    page = signed_in.get("/profile?saved=profile").text
    assert "are saved" in page and 'value="Asha &amp; Sharma"' in page
    signed_in.fill("/settings/developer/new", {"name": "Zapier", "scope": "billing:read", "limit": "10"})
    for path in ("/activity", "/settings/security"):
        assert named in html.unescape(signed_in.get(path).text), path
    assert "<bdi>Asha &amp; Sharma</bdi>" in signed_in.get("/settings/people").text
    signed_in.fill("/profile", {"name": "", "theme": "dark"})
    assert "Asha" not in signed_in.get("/settings/people").text


def test_the_language_is_chosen_here_too(signed_in):
    fields = {**signed_in.hidden_on("/profile"), "back": "/profile?saved=language"}
    saved = signed_in.post("/language", data={**fields, "language": "hi"})
    assert saved.headers["Location"] == "/profile?saved=language"
    page = signed_in.get("/profile?saved=language").text
    assert '<html lang="hi"' in page and '<option value="hi" lang="hi" selected>' in page
    signed_in.cookies.clear()
    assert signed_in.log_in(signed_in.email, PASSWORD).status_code == 303
    assert '<html lang="hi"' in signed_in.get("/profile").text, "the choice is the user's, in every browser"


WRONG = [({"name": "boss@example.in", "theme": "dark"}, "name"), ({"name": "A", "theme": "x"}, "theme")]


@pytest.mark.parametrize(("fields", "field"), WRONG)
def test_a_wrong_field_is_marked_and_nothing_is_stored(signed_in, fields, field):
    page = signed_in.fill("/profile", fields)
    assert page.status_code == 422 and f'id="{field}-problem"' in page.text
    assert 'value=""' in signed_in.get("/profile").text


def test_a_new_password_ends_all_other_sessions_and_the_old_password(console, owner, signed_in):
    elsewhere = another_session(console, owner, signed_in.email)
    link = users.create_link(owner, signed_in.email).path
    assert change(signed_in).headers["Location"] == "/profile?saved=password"
    assert is_signed_in(signed_in) and not is_signed_in(elsewhere)
    stranger = console(None)
    assert stranger.get(link).status_code == 410
    assert stranger.log_in(signed_in.email, PASSWORD).status_code == 422
    assert stranger.log_in(signed_in.email, NEW_PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"present": "wrong"}, "present"),
        ({"new": "short"}, "password"),
        ({"again": "something else entirely"}, "again"),
    ],
)
def test_a_change_that_is_wrong_says_what_and_changes_nothing(console, owner, signed_in, fields, field):
    elsewhere = another_session(console, owner, signed_in.email)
    page = change(signed_in, **fields)
    assert page.status_code == 422 and f'id="{field}-problem"' in page.text
    assert is_signed_in(elsewhere) and console(None).log_in(signed_in.email, PASSWORD).status_code == 303


def test_guesses_of_the_present_password_are_counted_as_log_ins_are(signed_in, owner):
    """Somebody who has found an open browser has no more attempts than at the log-in, and then must wait, too."""
    assert change(signed_in, "wrong").status_code == 422
    owner.execute("UPDATE login_failures SET failures = 19 WHERE failures = 1")
    assert change(signed_in, "wrong").status_code == 422
    refused = change(signed_in)
    assert refused.status_code == 429 and int(refused.headers["Retry-After"]) > 0
    assert "Too many failed log-ins" in refused.text


def test_of_two_changes_at_once_from_two_sessions_one_wins(console, owner, signed_in):
    elsewhere = another_session(console, owner, signed_in.email)
    clients, new = (signed_in, elsewhere), (NEW_PASSWORD, f"{NEW_PASSWORD} and more")
    fields = [{"csrf": client.token_on("/profile"), "present": PASSWORD} for client in clients]

    def send(number):
        typed = {**fields[number], "password": new[number], "again": new[number]}
        return clients[number].post("/profile/password", data=typed)

    run_at_once(2, send)
    assert sorted(map(is_signed_in, clients)) == [False, True]


def test_the_sessions_are_listed_with_their_browser_and_address_and_old_ones_as_unknown(console, owner, signed_in):
    another_session(console, owner, signed_in.email)
    page = signed_in.get("/profile").text
    assert "Firefox on Linux" in page and f"<bdi>{signed_in.headers['X-Forwarded-For']}</bdi>" in page
    assert page.count("this one") == 1 and '<th scope="row">unknown</th>' in page


def test_a_session_is_ended_from_another_one(console, owner, signed_in):
    first, second = (another_session(console, owner, signed_in.email) for _ in range(2))
    ids = session_ids(signed_in)
    assert len(ids) == 2
    ended = signed_in.fill("/profile/sessions", {"id": ids[0]}, on="/profile")
    assert ended.headers["Location"] == "/profile?saved=session"
    assert sorted(map(is_signed_in, (first, second))) == [False, True] and is_signed_in(signed_in)
    signed_in.fill("/profile/sessions", on="/profile")
    assert not is_signed_in(first) and not is_signed_in(second) and is_signed_in(signed_in)
    told = html.unescape(re.sub(r"<[^>]+>", "", signed_in.get("/settings/security").text))
    assert f"{signed_in.email} ended a session" in told and f"{signed_in.email} ended all other sessions" in told


@pytest.mark.parametrize("id", ["x", "-1", "0" * 32, "f" * 1000, "\0"])
def test_no_session_ends_for_a_wrong_id(console, owner, signed_in, id):
    elsewhere = another_session(console, owner, signed_in.email)
    assert signed_in.fill("/profile/sessions", {"id": id}, on="/profile").status_code == 303
    assert is_signed_in(elsewhere) and is_signed_in(signed_in)


def test_a_session_of_somebody_else_cannot_be_ended_or_seen(console, owner, organization, signed_in):
    victim = console()
    id = owner.execute(
        "SELECT session_id(token_hash) FROM user_sessions WHERE user_id = %s", (victim.user_id,)
    ).fetchone()
    assert id[0] not in session_ids(signed_in)
    signed_in.fill("/profile/sessions", {"id": id[0]}, on="/profile")
    signed_in.fill("/profile/sessions", on="/profile")
    assert is_signed_in(victim)


FIRST_THEME = """
new MutationObserver((_, observer) => {
  if (!document.body) return;
  window.first = document.documentElement.dataset.theme;
  observer.disconnect();
}).observe(document, { childList: true, subtree: true });
"""
"""A script that remembers the theme at the moment when the page gets its body, before anything is drawn."""
SCHEME = "getComputedStyle(document.documentElement).colorScheme"


def test_the_chosen_theme_follows_the_user_into_another_browser_without_a_flash(new_page, person, service):
    """The switch at the top still changes it in one browser."""
    person.log_in(person.email, PASSWORD)
    person.fill("/profile", {"name": "", "theme": "dark"})
    page = new_page
    page.add_init_script(FIRST_THEME)
    page.goto(f"{service.url}/login")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/home")
    assert (page.evaluate("first"), page.evaluate(SCHEME)) == ("dark", "dark")
    page.goto(service.url)
    assert page.evaluate(SCHEME) == "dark"
    page.locator("#theme").select_option("light")
    page.goto(f"{service.url}/profile")
    assert (page.evaluate("first"), page.locator("#chosen-theme").input_value()) == ("light", "dark")
    page.locator("#chosen-theme").select_option("dark")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Your name and theme are saved.").wait_for()
    assert (page.evaluate("first"), page.evaluate(SCHEME)) == ("dark", "dark")
    assert "theme=" not in page.evaluate("document.cookie")


def test_a_person_walks_through_the_profile_and_sees_it_in_security(browser_page, console, owner, signed_in, service):
    """In a browser: another session is ended, the password is changed, and both are told."""
    elsewhere = another_session(console, owner, signed_in.email)
    page = browser_page
    token = signed_in.cookies[SESSION]
    page.context.add_cookies([{"name": SESSION, "value": token, "url": service.url}])
    page.goto(f"{service.url}/home")
    page.get_by_role("link", name=signed_in.email).click()
    page.get_by_label("Name", exact=True).fill("Asha Sharma")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="End", exact=True).click()
    page.get_by_text("The session has ended.").wait_for()
    assert not is_signed_in(elsewhere)
    for label, typed in (("Present", PASSWORD), ("New", NEW_PASSWORD), ("Repeat the new", NEW_PASSWORD)):
        page.get_by_label(f"{label} password", exact=True).fill(typed)
    page.get_by_role("button", name="Change the password").click()
    page.get_by_text("Your password is changed.").wait_for()
    page.goto(f"{service.url}/settings/security")
    told = page.locator(".log").inner_text()
    assert f"Asha Sharma ({signed_in.email}) changed the password" in told
    page.get_by_label("What").select_option("log-out")
    page.get_by_role("button", name="Filter").click()
    assert page.locator(".log li").first.inner_text().startswith(f"Asha Sharma ({signed_in.email}) ended a session")
    assert page.locator(".log li").count() == 1
