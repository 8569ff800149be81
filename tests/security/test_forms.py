"""A form of the console takes effect only if a page of this service sent it, for the session that opened the page."""

import re

import pytest

from api.console.objects.kinds import OBJECT_PAGES
from api.console.page import ConsolePage
from tests.support.cases import all_cases
from tests.support.client import Api
from tests.support.openapi import ALL_ROUTES

FORMS = [path for path, page in ALL_ROUTES if isinstance(page, ConsolePage) and hasattr(page, "on_post")]
PAGES = [path for path, page in ALL_ROUTES if isinstance(page, ConsolePage)]
FACTOR_PAGES = {path for path in FORMS if path.startswith("/profile/factors") or path == "/login/factor"}
LISTS = tuple(each.type.path for each in OBJECT_PAGES)
BY_MEMBERS = {
    *FACTOR_PAGES,
    "/forgot",
    "/language",
    "/login",
    "/logout",
    "/mode",
    "/password/{token}",
    "/setup",
    "/signup",
    "/signup/{token}",
    "/invitation/{token}",
    "/profile",
    "/profile/password",
    "/profile/sessions",
    "/settings/developer/test",
    *(f"/home/{name}/{page}" for name in LISTS for page in ("views", "files")),
    "/home/files",
    "/settings/people/{id}/remove",  # everybody may leave: see tests/pages/test_people.py
}
NEW = {"name": "Mine", "scope": "billing:read", "limit": "9", "overlap": "0", "everywhere": "1", "confirm": "yes"}


@pytest.fixture
def browser(console):
    """A browser in which an owner is signed in. Fail the test if it has ended the session."""
    client = console()
    yield client
    assert client.get("/home").status_code == 200


@pytest.fixture
def member(console):
    """A browser in which a member is signed in."""
    return console("viewer")


@pytest.fixture
def visitor(console):
    """A browser in which nobody is signed in."""
    return console(None)


@pytest.fixture
def token(browser):
    """The token in the forms of the browser's session."""
    return browser.token_on("/logout")


@pytest.fixture
def token_of_member(member):
    """The token in the forms of the member's session."""
    return member.token_on("/logout")


@pytest.fixture
def at(organization):
    """The address of a form, for a key of the organization."""
    key = organization.new_key()
    return lambda path: path.format(id=key.row["id"], token="spent", deliveryId="dlv_1", replayId="rpl_1")


@pytest.fixture
def unchanged(organization, owner):
    """Fail the test if it has changed a key, or made one."""
    yield
    sql = "SELECT name FROM events WHERE org_id = %s AND name <> 'user.added' ORDER BY position"
    assert owner.execute(sql, (organization.id,)).fetchall() == [("api_key.issued",)]


CONTENT = "csrf={token}&name=Mine&scope=billing:read&limit=9&overlap=0&everywhere=1"
PART = '--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{token}\r\n--x--\r\n'
FOREIGN = {
    "another site": {"Origin": "https://evil.example"},
    "no site at all": {"Origin": "null"},
    "another port": {"Origin": "http://127.0.0.1:1"},
    "another name of this machine": {"Origin": "http://localhost"},
    "a subdomain": {"Origin": "http://evil.127.0.0.1"},
    "a site that begins like ours": {"Origin": "{url}.evil.example"},
    "a cross-site request": {"Sec-Fetch-Site": "cross-site"},
    "a same-site request": {"Sec-Fetch-Site": "same-site"},
}
OTHER_TYPES = {
    "text": ("text/plain", CONTENT),
    "several parts": ("multipart/form-data; boundary=x", PART),
    "JSON": ("application/json", '{{"csrf": "{token}"}}'),
    "no type": ("", CONTENT),
}


@all_cases("path", FORMS)
def test_each_form_needs_its_token(browser, token_of_member, at, unchanged, path):
    for token in ({}, {"csrf": ""}, {"csrf": "0" * 64}, {"csrf": token_of_member}):
        assert browser.post(at(path), data={**NEW, **token}).status_code == 403


@all_cases("path", FORMS)
@all_cases("sender", FOREIGN.values(), ids=FOREIGN)
def test_no_form_is_taken_from_another_site_even_with_its_token(browser, token, at, unchanged, path, sender):
    fields = {**NEW, "csrf": token}
    headers = {name: value.format(url=str(browser.base_url).rstrip("/")) for name, value in sender.items()}
    assert browser.post(at(path), data=fields, headers=headers).status_code == 403


@all_cases("path", [path for path, page in ALL_ROUTES if path in FORMS and not page.file_field])
@all_cases(("media_type", "content"), OTHER_TYPES.values(), ids=OTHER_TYPES)
def test_no_form_is_taken_in_another_type(browser, token, at, unchanged, path, media_type, content):
    content = content.format(token=token)
    headers = {"Content-Type": media_type} if media_type else {}
    assert browser.post(at(path), content=content, headers=headers).status_code == 415


@all_cases("path", [path for path, page in ALL_ROUTES if path in FORMS and page.file_field])
@all_cases("type", sorted({*OTHER_TYPES} - {"several parts"}))
def test_a_form_with_a_file_is_taken_in_no_other_type_either(browser, token, at, unchanged, path, type):
    """In several parts, it may hold a file: see ../pages/test_logo_of_the_organization.py."""
    media_type, content = OTHER_TYPES[type]
    headers = {"Content-Type": media_type} if media_type else {}
    response = browser.post(at(path), content=content.format(token=token), headers=headers)
    assert response.status_code == 415


@all_cases("path", [path for path in FORMS if path not in BY_MEMBERS])
def test_the_token_of_a_browser_without_a_session_opens_nothing(visitor, at, unchanged, path):
    response = visitor.post(at(path), data={**NEW, "csrf": visitor.token_on("/login")})
    assert (response.status_code, response.headers["Location"]) == (303, "/login")


@all_cases("path", [path for path in FORMS if path not in BY_MEMBERS and not path.endswith("verify")])
def test_a_member_cannot_send_the_forms_of_managers(member, token_of_member, at, unchanged, path):
    assert member.post(at(path), data={**NEW, "csrf": token_of_member}).status_code == 403


@all_cases("path", PAGES)
def test_opening_a_page_changes_nothing(browser, token, at, unchanged, path):
    for method in ("GET", "HEAD", "OPTIONS"):
        browser.request(method, at(path), params={**NEW, "csrf": token})


def test_the_api_takes_no_session(console):
    browser = console()
    for token in ({}, {"csrf": browser.token_on("/logout")}):
        response = browser.post("/api/v1/invoices", data=token, headers={"Origin": str(browser.base_url)})
        assert response.status_code == 401 and re.search("missing_credentials", response.text)


def test_a_key_is_no_session(organization, console):
    with Api(organization.url, organization.new_key().raw) as api:
        response = api.get(f"{organization.url}/home")
        assert (response.status_code, response.headers["Location"]) == (303, "/login?next=/home")


IDS_WITH_NUL = {
    "a view to rename": ("/home/invoices/views", {"id": "view_\0", "name": "Mine"}, 422),
    "a view to remove": ("/home/invoices/views", {"id": "view_\0", "action": "remove"}, 303),
    "a file": ("/home/files", {"id": "\0"}, 303),
    "an organization": ("/organization", {"organization": "org_\0"}, 403),
    "a session": ("/profile/sessions", {"id": "\0"}, 303),
    "a payment": ("/home/invoices/inv_x", {"action": "reversePayment", "partId": "\0"}, 404),
}


@pytest.mark.parametrize(("path", "fields", "status"), IDS_WITH_NUL.values(), ids=IDS_WITH_NUL)
def test_an_id_with_u_0000_names_nothing(browser, path, fields, status):
    page = "/home/invoices/views" if path.startswith("/home/invoices") else "/logout"
    assert browser.fill(path, fields, on=page).status_code == status
