"""Log-in, log-out, sessions, and the protection of forms."""

import re
import uuid

import httpx
import pytest
from argon2.low_level import hash_secret

from api.ports.users import Client
from infra.identity import passwords, sessions, users
from infra.identity.sessions import counter_key
from infra.postgres.database import connect_as_table_owner
from tests.support.console import ADDRESS_HEADER, PASSWORD, SESSION, Console, new_user, open_session
from tests.support.service import Service
from tests.support.waiting import run_at_once

CLIENT = Client("192.0.2.1", "192.0.2.1", "req_1")
FORM = "application/x-www-form-urlencoded"


def test_a_user_logs_in_with_the_password(person):
    response = person.log_in(person.email, PASSWORD)
    assert response.status_code == 303
    page = person.get(response.headers["Location"])
    assert page.status_code == 200 and person.email in page.text


def test_after_the_log_in_the_user_returns_to_the_page_that_was_opened(person):
    response = person.get("/settings/developer?x=1")
    assert response.headers["Location"] == "/login?next=/settings/developer%3Fx%3D1"
    token = person.token_on(response.headers["Location"])
    fields = {"csrf": token, "email": person.email, "password": PASSWORD, "next": "/settings/developer?x=1"}
    assert person.post("/login", data=fields).headers["Location"] == "/settings/developer?x=1"


@pytest.mark.parametrize(
    "path", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", "//[", "http://["]
)
def test_the_log_in_never_redirects_to_another_site(person, path):
    fields = {"email": person.email, "password": PASSWORD, "next": path}
    assert person.fill("/login", fields).headers["Location"].startswith("/")
    assert "evil" not in person.get("/login", params={"next": path}).headers.get("Location", "")


def test_an_error_in_the_console_is_an_html_page(console):
    response = console().get("/settings/nothing")
    assert response.status_code == 404
    assert response.headers["Content-Type"].startswith("text/html") and "There is no such page" in response.text


def test_a_page_that_does_not_exist_shows_the_navigation_to_signed_in_users_only(console):
    known, stranger = console().get("/settings/nothing").text, console(None).get("/settings/nothing").text
    assert 'href="/activity"' in known and "Back to Home" in known and "To the log-in" not in known
    assert 'href="/activity"' not in stranger and "To the log-in" in stranger


def test_settings_redirects_to_developer(console):
    response = console("viewer").get("/settings")
    assert (response.status_code, response.headers["Location"]) == (303, "/settings/developer")


def test_an_error_outside_the_console_is_json(service):
    assert httpx.get(f"{service.url}/nothing", trust_env=False).json()["error"]["code"] == "not_found"


def test_the_session_cookie_is_hidden_from_scripts_and_other_sites(person):
    cookies = person.log_in(person.email, PASSWORD).headers.get_list("Set-Cookie")
    (said,) = [cookie for cookie in cookies if cookie.startswith(f"{SESSION}=") and "Max-Age=0" not in cookie]
    assert re.search("HttpOnly", said) and re.search("SameSite=Lax", said) and "Path=/" in said
    assert "Secure" not in said and "Domain" not in said


def test_on_a_public_host_the_cookie_is_for_https_and_this_host_only(service):
    response = httpx.get(f"{service.url}/login", headers={"Host": "books.example.in"}, trust_env=False)
    (said,) = response.headers.get_list("Set-Cookie")
    assert said.startswith("__Host-visit=") and "Secure" in said


def test_a_log_in_ends_the_previous_session(person):
    person.log_in(person.email, PASSWORD)
    first = person.cookies[SESSION]
    page = person.get("/logout")
    token = re.findall(r'name="csrf" value="(\w+)"', page.text)[0]
    person.post("/login", data={"csrf": token, "email": person.email, "password": PASSWORD})
    second = person.cookies[SESSION]
    assert first != second
    person.cookies.set(SESSION, first, domain="127.0.0.1")
    assert person.get("/settings/developer").status_code == 303


def test_a_stolen_session_does_not_work_after_the_log_out(console):
    browser, thief = console(), console(None)
    thief.cookies.set(SESSION, browser.cookies[SESSION], domain="127.0.0.1")
    token = thief.token_on("/settings/developer/new")
    assert browser.fill("/logout").status_code == 303
    assert thief.get("/settings/developer").headers["Location"].startswith("/login")
    stolen = {"csrf": token, "name": "Mine", "scope": "billing:read", "limit": "1"}
    assert thief.post("/settings/developer/new", data=stolen).headers["Location"] == "/login"


def test_a_log_out_ends_one_session_and_a_log_out_everywhere_all(console, owner):
    here, there, elsewhere = console(), console(None), console(None)
    for other in (there, elsewhere):
        other.cookies.set(SESSION, open_session(owner, here.user_id), domain="127.0.0.1")
    there.fill("/logout")
    assert [each.get("/logout").status_code for each in (here, there, elsewhere)] == [200, 303, 200]
    here.fill("/logout", {"everywhere": "1"})
    assert [each.get("/logout").status_code for each in (here, there, elsewhere)] == [303, 303, 303]


@pytest.mark.parametrize(("column", "age"), [("seen_at", "12 hours"), ("began_at", "30 days")])
def test_a_session_ends_after_idle_time_and_after_its_maximum_age(console, owner, column, age):
    browser = console()
    move = f"UPDATE user_sessions SET {column} = clock_timestamp() - %s::interval + %s::interval WHERE user_id = %s"
    owner.execute(move, (age, "1 minute", browser.user_id))
    assert browser.get("/settings/developer").status_code == 200
    owner.execute(move, (age, "-1 second", browser.user_id))
    assert browser.get("/settings/developer").status_code == 303


def test_a_removed_user_is_signed_out_and_cannot_log_in(person, owner, organization):
    person.log_in(person.email, PASSWORD)
    new_user(owner, organization.id)  # somebody must stay
    users.remove_user(owner, person.email)
    assert person.get("/settings/developer").status_code == 303
    assert "password is wrong" in person.log_in(person.email, PASSWORD).text


@pytest.mark.parametrize("meanwhile", ["a new password", "removed"])
def test_a_log_in_fails_when_the_password_or_user_changes_meanwhile(
    person, owner, organization, pool, monkeypatch, meanwhile
):
    """The password was right when the log-in began, and has been replaced before it was finished."""
    known = sessions.PostgresUsers(pool)
    link = users.create_link(owner, person.email).path.removeprefix("/password/")
    new_user(owner, organization.id)  # somebody must stay

    def overtaken(setting, password):
        if meanwhile == "removed":
            users.remove_user(owner, person.email)
        else:
            assert known.set_password(link, "another tractor over ten lakes", CLIENT, None)
        return passwords.hash_as(setting, password)

    monkeypatch.setattr(sessions, "hash_as", overtaken)
    assert known.sign_in(person.email, PASSWORD, CLIENT, None) is None
    sql = "SELECT count(*) FROM user_sessions JOIN users USING (user_id) WHERE email = %s"
    assert owner.execute(sql, (person.email,)).fetchone() == (0,)


FORMS = ["/login", "/logout", "/settings/developer/new"]


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("token", [None, "", "0" * 64, "é"])
def test_a_form_with_a_wrong_token_is_refused(console, owner, path, token):
    browser = console()
    fields = {"name": "Mine", "scope": "billing:read", "limit": "1"}
    response = browser.post(path, data=fields if token is None else {**fields, "csrf": token})
    assert response.status_code == 403 and "This form has expired" in response.text
    assert browser.get("/settings/developer").text.count("<tbody>") == 0


def test_the_token_of_another_session_is_refused(console):
    token = console().token_on("/logout")
    assert console().post("/logout", data={"csrf": token}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://["},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_from_another_site_is_refused_even_with_a_valid_token(console, headers):
    browser = console()
    token = browser.token_on("/logout")
    response = browser.post("/logout", data={"csrf": token}, headers=headers)
    assert response.status_code == 403 and "another site" in response.text
    own = {"Origin": str(browser.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin"}
    assert browser.post("/logout", data={"csrf": token}, headers=own).status_code == 303


def test_concurrent_wrong_passwords_are_all_counted(console, person, service):
    """The requests reach both worker processes."""
    browsers = [console(None) for _ in range(8)]
    tokens = [browser.token_on("/login") for browser in browsers]

    def guess(number):
        fields = {"csrf": tokens[number], "email": person.email, "password": "wrong"}
        return [browsers[number].post("/login", data=fields).status_code for _ in range(5)]

    statuses = [status for each in run_at_once(8, guess) for status in each]
    assert sorted(statuses) == [422] * 20 + [429] * 20


def test_failed_log_ins_are_counted_for_the_address_in_the_proxys_header(person, owner):
    """Only the last entry of the header comes from the proxy; the caller can write the others."""
    address = person.headers[ADDRESS_HEADER]
    person.headers[ADDRESS_HEADER] = f"198.51.100.1, {address}"
    person.log_in("nobody@example.in", "wrong")
    sql = "SELECT failures FROM login_failures WHERE subject = %s"
    assert owner.execute(sql, (counter_key("address", address),)).fetchone() == (1,)


def test_without_the_setting_the_proxys_header_is_ignored(own_database):
    with (
        Service(own_database) as service,
        connect_as_table_owner(own_database) as owner,
        Console(service.url) as browser,
    ):
        browser.log_in("nobody@example.in", "wrong")
        sql = "SELECT subject FROM login_failures"
        counters = {bytes(each) for (each,) in owner.execute(sql)}
        assert counters == {counter_key("account", "nobody@example.in"), counter_key("address", "127.0.0.1")}


def test_an_unknown_address_gets_the_same_response_as_a_wrong_password(person, console, owner, organization):
    """The same holds for a user who has set no password yet, and for the wait after many failures."""
    invited = new_user(owner, organization.id).user.email
    sql = "UPDATE login_failures SET failures = 19 WHERE subject = %s AND failures = 1"
    said = set()
    for email in (person.email, invited, "nobody.at.all@example.in", "x\0@example.in", "n" * 300):
        browser = console(None)
        responses = [browser.log_in(email, "wrong")]
        assert owner.execute(sql, (counter_key("account", email),)).rowcount == 1
        responses += [browser.log_in(email, "wrong") for _ in range(2)]
        texts = {re.sub(r'value="[^"]*"', "", response.text) for response in responses}
        said.add((tuple(response.status_code for response in responses), *sorted(texts)))
    ((statuses, *_),) = said
    assert statuses == (422, 422, 429)


@pytest.mark.parametrize("password", ["wrong", "\uff57rong"], ids=["one form", "two forms"])
def test_the_password_is_hashed_alike_with_and_without_an_account(
    person, owner, organization, pool, monkeypatch, password
):
    """The response takes as long, then. A password whose prepared form is another text is hashed in both forms."""
    known, hashed = sessions.PostgresUsers(pool), []

    def counted(text, salt, **costs):
        hashed.append((text, len(salt), tuple(costs.items())))
        return hash_secret(text, salt, **costs)

    monkeypatch.setattr(passwords, "hash_secret", counted)
    invited = new_user(owner, organization.id).user.email
    work = []
    for email in (person.email, invited, f"{uuid.uuid4().hex}@example.in"):  # other tests throttle fixed addresses
        assert known.sign_in(email, password, CLIENT, None) is None
        work.append(tuple(hashed))
        hashed.clear()
    assert work[0] and set(work) == {work[0]}


def test_a_body_that_is_too_large_or_not_a_form_is_refused(console):
    browser = console()
    token = browser.token_on("/logout")
    assert browser.post("/logout", data={"csrf": token, "x": "x" * 70_000}).status_code == 413
    assert browser.post("/logout", json={"csrf": token}).status_code == 415
    assert browser.post("/logout", content=b"a=1&" * 100, headers={"Content-Type": FORM}).status_code == 400


def test_the_openapi_document_does_not_contain_the_console(service):
    document = httpx.get(f"{service.url}/api/v1/openapi.json", trust_env=False).json()
    assert not [path for path in document["paths"] if "login" in path or "settings" in path]


def test_concurrent_log_ins_never_deadlock(person, console, owner):
    """Right and wrong passwords take the same two locks."""
    browsers = [console(None) for _ in range(8)]
    for browser in browsers:
        browser.headers[ADDRESS_HEADER] = person.headers[ADDRESS_HEADER]
    tokens = [browser.token_on("/login") for browser in browsers]

    def try_one(number):
        password = PASSWORD if number % 2 else "wrong"
        fields = {"csrf": tokens[number], "email": person.email, "password": password}
        return browsers[number].post("/login", data=fields).status_code

    assert sorted(run_at_once(8, try_one)) == [303] * 4 + [422] * 4
