"""Log-in, log-out, and what stands between a stranger and the console."""

import re

import httpx
import pytest

from tests.console import PASSWORD, SESSION, new_user


@pytest.fixture
def person(console, owner, organization):
    """A browser of somebody who has set a password, and is not logged in."""
    user = new_user(owner, organization.id)
    browser = console(None)
    assert browser.fill(user.path, {"password": PASSWORD, "again": PASSWORD}).status_code == 303
    browser.email, browser.link = user.row["email"], user.path
    return browser


def test_who_has_set_a_password_logs_in_with_it(person):
    answer = person.log_in(person.email, PASSWORD)
    assert answer.status_code == 303
    page = person.get(answer.headers["Location"])
    assert page.status_code == 200 and person.email in page.text


def test_without_a_session_a_page_leads_to_the_log_in_and_back(person):
    answer = person.get("/settings/developer?x=1")
    assert answer.headers["Location"] == "/login?next=/settings/developer%3Fx%3D1"
    token = person.token_on(answer.headers["Location"])
    fields = {"csrf": token, "email": person.email, "password": PASSWORD, "next": "/settings/developer?x=1"}
    assert person.post("/login", data=fields).headers["Location"] == "/settings/developer?x=1"


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"])
def test_the_way_back_never_leads_to_another_site(person, path):
    fields = {"email": person.email, "password": PASSWORD, "next": path}
    assert person.fill("/login", fields).headers["Location"].startswith("/")
    assert "evil" not in person.get("/login", params={"next": path}).headers.get("Location", "")


def test_a_failure_below_the_console_is_a_page(console):
    answer = console().get("/settings/nothing")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html") and "There is no such page" in answer.text


def test_elsewhere_a_failure_stays_json(service):
    assert httpx.get(f"{service.url}/nothing", trust_env=False).json()["error"]["code"] == "not_found"


def test_the_session_s_cookie_is_out_of_reach_of_scripts_and_other_sites(person):
    cookies = person.log_in(person.email, PASSWORD).headers.get_list("Set-Cookie")
    (said,) = [cookie for cookie in cookies if cookie.startswith(f"{SESSION}=") and "Max-Age=0" not in cookie]
    assert re.search("HttpOnly", said) and re.search("SameSite=Lax", said) and "Path=/" in said
    assert "Secure" not in said and "Domain" not in said
