"""The console in Hindi: who reads it, how people switch, and that nothing else becomes Hindi."""

import re

import pytest

from api.console.access.language import accepted_language
from api.pages.translation import ENGLISH, HINDI, LANGUAGES, gettext, in_language, language, ngettext
from tests.support.cases import all_cases
from tests.support.console import new_user, open_session
from tests.support.scenarios import open_bill, pending_leave, sent_invoice

COOKIE = "smartdhandha_language"
PHONE = {"width": 390, "height": 844}
DEVANAGARI = range(0x900, 0x980)
DENSE = (
    "/login",
    "/home",
    "/activity",
    "/activity?from=yesterday&object=x",
    "/activity/{key}",
    "/logout",
    "/settings/developer",
    "/settings/developer/new",
    "/settings/developer/requests",
    "/settings/developer/budget",
    "/settings/developer/test",
    "/settings/developer/keys/{key}",
    "/settings/developer/keys/{key}/edit",
    "/settings/developer/keys/{key}/rotate",
    "/settings/developer/keys/{key}/revoke",
    "/settings/people",
    "/settings/people/invite",
    "/settings/webhooks",
    "/settings/webhooks/new",
    "/settings/nowhere",
)
"""Pages of the console that need no further step."""


def choose(browser, code, on="/home", **fields):
    return browser.fill("/language", {"language": code, **fields}, on=on)


def is_in(code, text):
    return f'<html lang="{code}">' in text


def has_devanagari(text):
    return any(ord(character) in DEVANAGARI for character in text)


def test_a_user_reads_the_console_in_the_chosen_language_in_every_browser(console, owner):
    browser, other = console("viewer"), console(None)
    assert is_in(ENGLISH, browser.get("/home").text)
    chosen = choose(browser, HINDI, on="/activity?type=invoice.sent")
    assert (chosen.status_code, chosen.headers["Location"]) == (303, "/activity?type=invoice.sent")
    other.cookies.set("smartdhandha_session", open_session(owner, browser.user_id), domain="127.0.0.1")
    for each in (browser, other):
        text = each.get("/home").text
        assert is_in(HINDI, text) and "<h1>होम</h1>" in text and ">गतिविधि<" in text
    choose(browser, ENGLISH)
    assert is_in(ENGLISH, other.get("/home").text)


def test_before_a_log_in_the_cookie_decides_and_before_that_the_browser(console):
    browser = console(None)
    browser.headers["Accept-Language"] = "hi-IN,hi;q=0.9,en;q=0.8"
    assert is_in(HINDI, browser.get("/login").text)
    choose(browser, ENGLISH, on="/login")
    assert is_in(ENGLISH, browser.get("/login").text)


@pytest.mark.parametrize(
    ("header", "code"),
    [("", "en"), ("hi", "hi"), ("en-IN,en;q=0.9,hi;q=0.8", "en"), ("ta,hi;q=0.5", "hi"), ("fr;q=x, *", "en")],
)
def test_the_language_of_a_browser(header, code):
    assert accepted_language(header) == code


def test_another_language_is_refused_and_no_other_site_is_opened(console):
    browser = console()
    assert choose(browser, "fr").status_code == 400
    away = choose(browser, ENGLISH, back="https://evil.example/")
    assert (away.status_code, away.headers["Location"]) == (303, "/home")
    assert browser.post("/language", data={"language": HINDI}).status_code == 403


def test_public_pages_and_the_api_stay_english(console, api):
    browser = console()
    choose(browser, HINDI)
    for _ in range(8):  # more than one for each thread that has just written Hindi
        assert is_in(HINDI, browser.get("/home").text)
        assert is_in(ENGLISH, browser.get("/docs/guides").text)
        assert is_in(ENGLISH, browser.get("/nowhere", headers={"Accept": "text/html"}).text)
        assert not has_devanagari(browser.get("/api/v1/invoices").text)


def test_errors_and_refusals_of_the_console_are_in_hindi(console):
    browser = console("viewer")
    choose(browser, HINDI)
    missing = browser.get("/settings/nowhere")
    assert missing.status_code == 404 and is_in(HINDI, missing.text) and "ऐसा कोई पेज नहीं है" in missing.text
    refused = browser.get("/settings/developer/new")
    assert refused.status_code == 403 and "केवल मालिक और एडमिन" in refused.text


def test_what_is_wrong_in_a_field_is_said_in_hindi(console):
    browser = console()
    choose(browser, HINDI)
    page = browser.fill("/settings/developer/new", {"name": "Zapier", "scope": "billing:read", "limit": "many"}).text
    (said,) = re.findall(r'role="alert">([^<]*)', page)
    assert said.startswith("API क्रेडिट सीमा: 1 से ") and said.endswith(" तक की पूर्ण संख्या लिखें।")


def test_activity_makes_sentences_in_hindi(console, api):
    number = sent_invoice(api)["invoiceNumber"]
    browser = console()
    choose(browser, HINDI)
    text = browser.get("/activity").text
    assert number in text and ">इनवॉइस <bdi>" in text and "</a> भेजा</p>" in text


def test_the_answer_to_a_form_has_no_switch_because_it_may_show_a_secret_once(console):
    browser = console()
    assert 'action="/language"' in browser.get("/settings/developer/new").text
    sent = browser.fill("/settings/developer/new", {"name": "Zapier", "scope": "billing:read", "limit": "10"})
    assert "Your key" in sent.text and 'action="/language"' not in sent.text


def test_a_thread_writes_in_one_language_and_then_english_again():
    with in_language(HINDI):
        assert (language(), gettext("Home"), gettext("no such text"), gettext("")) == ("hi", "होम", "no such text", "")
        assert ngettext("%(num)s day", "%(num)s days", 1) == "1 दिन"
    assert (language(), gettext("Home"), ngettext("%(num)s day", "%(num)s days", 2)) == ("en", "Home", "2 days")


@pytest.fixture
def key(organization):
    """The id of a key of the organization."""
    return organization.new_key().row["id"]


@pytest.fixture
def phone(signed_in, organization, api):
    """A phone on which somebody reads the console in Hindi. The organization has an object of each kind."""
    for make in (sent_invoice, open_bill, pending_leave):
        make(api)
    page = signed_in()
    page.context.add_cookies([{"name": COOKIE, "value": HINDI, "url": organization.url}])
    page.set_viewport_size(PHONE)
    return page


@all_cases("path", DENSE)
def test_a_page_fits_the_screen_of_a_phone_in_hindi(phone, organization, key, path):
    page = phone
    page.goto(f"{organization.url}{path.format(key=key)}")
    assert page.locator("html").get_attribute("lang") == HINDI
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert has_devanagari(page.locator("main").inner_text())


def test_people_switch_the_language_and_go_on(page_without_scripts, organization, owner):
    page = page_without_scripts
    user = new_user(owner, organization.id).user
    page.context.add_cookies(
        [{"name": "smartdhandha_session", "value": open_session(owner, user.id), "url": organization.url}]
    )
    page.goto(f"{organization.url}/home")
    page.get_by_role("button", name=LANGUAGES[HINDI]).click()
    page.get_by_role("heading", name="होम").wait_for()
    page.get_by_role("link", name="सेटिंग्स", exact=True).click()
    page.get_by_role("link", name="कुंजी बनाएँ", exact=True).click()
    page.get_by_role("button", name="कुंजी बनाएँ").wait_for()
    page.get_by_role("button", name=LANGUAGES[ENGLISH]).click()
    page.get_by_role("heading", name="Create a key").wait_for()
