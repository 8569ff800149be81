"""A browser forgets the session at the log-out, and the visit at the log-in. It keeps that it is known for the user."""

import re

import pytest

from infra.postgres.database import connect_as_table_owner
from tests.support.console import PASSWORD, new_user
from tests.support.organization import Organization
from tests.support.ports import free_port
from tests.support.service import Service

LOCAL = tuple(f"smartdhandha_{name}" for name in ("session", "visit", "browser", "organization"))
SECURE = tuple(f"__Host-{name}" for name in ("session", "visit", "browser", "organization"))
KEPT = ("Path=/", "HttpOnly", "SameSite=Lax")


def cookies_of(page):
    """The names of the cookies that the browser keeps."""
    return {cookie["name"] for cookie in page.context.cookies()}


def log_in_and_out(page, url, link, email):
    """Set a password, log in, and log out; return the names of the cookies after each of the last two."""
    page.goto(f"{url}{link}")
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("Repeat the password").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url(f"{url}/home")
    signed_in = cookies_of(page)
    page.goto(f"{url}/logout")
    with page.expect_response(re.compile("/logout$")) as response:
        page.get_by_role("button", name="Log out", exact=True).last.click()
    page.wait_for_url(f"{url}/login")
    assert response.value.status == 303
    return signed_in, cookies_of(page)


def test_a_browser_deletes_them(browser_page, organization, owner):
    link = new_user(owner, organization.id)
    signed_in, signed_out = log_in_and_out(browser_page, organization.url, link.path, link.user.email)
    assert (signed_in, signed_out) == ({LOCAL[0], LOCAL[2], LOCAL[3]}, {LOCAL[1], LOCAL[2]})


def test_a_browser_deletes_those_with_the_prefix_of_https_too(chromium, own_database):
    """A browser treats http://localhost as secure, so it accepts the cookies that a service behind TLS sets."""
    port = free_port()
    with (
        Service(
            own_database, "--bind", f"127.0.0.1:{port}", SMARTDHANDHA_PUBLIC_URL=f"https://localhost:{port}"
        ) as service,
        connect_as_table_owner(own_database) as owner,
    ):
        link = new_user(owner, Organization(service.url, owner).id)
        context = chromium.new_context()
        signed_in, signed_out = log_in_and_out(
            context.new_page(), f"http://localhost:{port}", link.path, link.user.email
        )
        context.close()
    assert (signed_in, signed_out) == ({SECURE[0], SECURE[2], SECURE[3]}, {SECURE[1], SECURE[2]})


@pytest.mark.parametrize(("host", "names"), [("127.0.0.1", LOCAL), ("books.example.in", SECURE)])
def test_a_deleted_cookie_has_no_value_no_time_and_the_attributes_of_the_kept_one(person, host, names):
    person.headers["Host"] = host
    _, token = (person.get("/login"), person.token_on("/login"))
    kept = {name: value for name, value in person.cookies.items() if name in names}
    person.headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in kept.items())
    response = person.post("/login", data={"csrf": token, "email": person.email, "password": PASSWORD})
    said = {cookie.partition("=")[0]: cookie for cookie in response.headers.get_list("Set-Cookie")}
    session, visit = said[names[0]], said[names[1]]
    assert visit.startswith((f'{names[1]}="";', f"{names[1]}=;"))
    assert "Max-Age=0" in visit and "expires=Thu, 01 Jan 1970 00:00:00 GMT" in visit
    assert "Max-Age=2592000" in session and "expires" not in session
    assert all(attribute in cookie for cookie in (session, visit) for attribute in KEPT)
    assert [("Secure" in cookie) for cookie in (session, visit)] == [names is SECURE] * 2
