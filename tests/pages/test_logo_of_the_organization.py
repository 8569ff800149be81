"""Settings → Organization → Logo: a file in a form, what is kept of it, and who sees it."""

import hashlib
import html
import json

import pytest
from playwright.sync_api import expect

from domain.reading.logo import MAX_LOGO_BYTES, read_logo
from tests.support.cases import all_cases
from tests.support.console import enter_console
from tests.support.pictures import noise, png

ORGANIZATION = "/settings/organization"
LOGO, PICTURE = f"{ORGANIZATION}/logo", f"{ORGANIZATION}/logo.png"
KEPT = "SELECT hash, png FROM organization_logos WHERE org_id = %s"


@pytest.fixture
def changes(organization, owner):
    """What each event of the organization has changed."""
    sql = "SELECT state::json FROM events WHERE org_id = %s AND name = 'organization.updated' ORDER BY position"
    return lambda: [json.loads(state) for (state,) in owner.execute(sql, (organization.id,))]


@pytest.fixture
def kept(organization, owner):
    """Return a function that reads the stored logo of an organization."""
    return lambda org_id=organization.id: owner.execute(KEPT, (org_id,)).fetchone()


def send(browser, file, **fields):
    """Send the form with this file."""
    return browser.post(LOGO, data={**browser.hidden_on(LOGO), **fields}, files={"logo": ("our logo.png", file)})


def test_an_admin_uploads_a_logo_and_everybody_sees_it(console, changes, kept, api):
    admin, viewer = console("admin"), console("viewer")
    assert viewer.get(PICTURE).status_code == 404 and "There is no logo yet." in admin.get(LOGO).text
    file = png(40, 20)
    response = send(admin, file)
    assert (response.status_code, response.headers["Location"]) == (303, LOGO)
    stored = read_logo(file)
    hash = hashlib.sha256(stored).hexdigest()
    assert changes() == [{"logo": hash}] and kept() == (hash, stored)
    for browser in (admin, viewer):
        assert f'src="{PICTURE}?{hash}"' in browser.get(ORGANIZATION).text
        shown = browser.get(PICTURE)
        assert (shown.headers["Content-Type"], shown.content) == ("image/png", stored)
        assert shown.headers["X-Content-Type-Options"] == "nosniff" and shown.headers["Cache-Control"] == "no-store"
    assert api.read("organization")["logo"] == hash


def test_another_logo_takes_its_place_and_none_is_left_when_it_is_removed(console, changes, kept, api):
    browser = console()
    send(browser, png(4, 4))
    send(browser, png(5, 5))
    assert kept()[1] == read_logo(png(5, 5))
    send(browser, b"", action="remove")
    assert [each["logo"] is None for each in changes()] == [False, False, True]
    assert (kept(), browser.get(PICTURE).status_code, api.read("organization")["logo"]) == (None, 404, None)


def test_the_same_logo_again_changes_nothing(console, changes):
    browser = console()
    for _ in range(2):
        assert send(browser, png()).status_code == 303
    assert len(changes()) == 1


WRONG = {
    "no file": (b"", "Choose a file."),
    "a script": (b"<svg><script>alert(1)</script></svg>", "The logo must be a PNG file."),
    "a JPEG": (png(format="JPEG"), "The logo must be a PNG file."),
    "too many bytes": (noise(500), "The logo must be a file of at most 200 KB; it has"),
    "too many points": (png(2001, 1), "The logo must have at most 2000 × 2000 pixels; it has 2001 × 1."),
}


@all_cases("case", WRONG)
def test_a_wrong_file_is_refused_in_words_of_the_form(console, changes, kept, case):
    file, message = WRONG[case]
    response = send(console(), file)
    assert response.status_code == 422 and message in html.unescape(response.text)
    assert 'id="logo-problem"' in response.text and (changes(), kept()) == ([], None)


def test_a_form_that_is_much_too_large_is_not_read(console, changes):
    assert send(console(), b"\0" * (3 * MAX_LOGO_BYTES)).status_code == 413 and changes() == []


def test_only_owners_and_admins_open_and_send_the_form(console, changes):
    for role in ("accountant", "hr", "viewer"):
        member = console(role)
        assert member.get(LOGO).status_code == 403
        sent = {"csrf": member.token_on("/logout"), "version": "0", "form_token": "x"}
        assert member.post(LOGO, data=sent, files={"logo": ("a.png", png())}).status_code == 403
    assert changes() == []


def test_a_file_is_taken_only_with_the_token_from_a_page_of_this_service(console, changes):
    browser, other = console(), console("viewer")
    files, hidden = {"logo": ("a.png", png())}, browser.hidden_on(LOGO)
    for token in ({}, {"csrf": ""}, {"csrf": "0" * 64}, {"csrf": other.token_on("/logout")}):
        fields = {name: value for name, value in hidden.items() if name != "csrf"}
        assert browser.post(LOGO, data={**fields, **token}, files=files).status_code == 403
    for sender in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        assert browser.post(LOGO, data=hidden, files=files, headers=sender).status_code == 403
    assert changes() == []


BOUNDARY = "multipart/form-data; boundary=x"
PART = '--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
MALFORMED = {
    "no boundary": ("multipart/form-data", "--x--", 400),
    "no end": (BOUNDARY, PART.format(name="csrf", value="{token}"), 400),
    "nothing": (BOUNDARY, "", 400),
    "many parts": (BOUNDARY, PART.format(name="csrf", value="{token}") * 60 + "--x--\r\n", 400),
    "a long head": (BOUNDARY, "--x\r\nX: " + "a" * 9000 + "\r\n\r\n\r\n--x--\r\n", 400),
    "a file without a form": (BOUNDARY, PART.format(name="logo", value="a") + "--x--\r\n", 403),
    "a token as the file": (BOUNDARY, PART.format(name="logo", value="{token}") + "--x--\r\n", 403),
    "a nameless part": (BOUNDARY, "--x\r\n\r\n{token}\r\n--x--\r\n", 400),
}


@all_cases("case", MALFORMED)
def test_a_malformed_form_is_refused(console, changes, case):
    media_type, content, status = MALFORMED[case]
    browser = console()
    content = content.replace("{token}", browser.token_on("/logout"))
    response = browser.post(LOGO, content=content, headers={"Content-Type": media_type})
    assert (response.status_code, changes()) == (status, [])


def test_a_form_takes_effect_once_and_overwrites_nothing_that_others_have_changed(console, changes):
    browser = console()
    opened = browser.hidden_on(LOGO)
    for _ in range(2):
        assert browser.post(LOGO, data=opened, files={"logo": ("a.png", png())}).status_code == 303
    late = browser.hidden_on(LOGO) | {"version": "0"}
    assert browser.post(LOGO, data=late, files={"logo": ("a.png", png(9, 9))}).status_code == 409
    old = browser.hidden_on(LOGO) | {"form_token": "old"}
    assert browser.post(LOGO, data=old, files={"logo": ("a.png", png(9, 9))}).status_code == 422
    assert len(changes()) == 1


def test_test_mode_changes_and_shows_the_same_logo(console, sibling, kept):
    browser = console()
    browser.fill("/mode", {"mode": "test"}, on="/home")
    assert send(browser, png()).status_code == 303
    assert browser.get(PICTURE).content == kept()[1] and kept(sibling.id) is None


def test_a_person_uploads_it_in_a_browser_without_scripts(page_without_scripts, organization, owner, tmp_path, kept):
    (tmp_path / "logo.png").write_bytes(png(60, 30))
    page = page_without_scripts
    enter_console(page, organization, owner)
    page.goto(f"{organization.url}{LOGO}")
    page.get_by_label("PNG file").set_input_files(tmp_path / "logo.png")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_alt_text("The logo of the organization")).to_be_visible()
    assert page.get_by_alt_text("The logo of the organization").evaluate("image => image.naturalWidth") == 60
    page.get_by_role("button", name="Remove the logo").click()
    expect(page.get_by_text("There is no logo yet.")).to_be_visible()
    assert kept() is None
