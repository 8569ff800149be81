"""What all pages share: the header that knows a session, the theme, the skip link, print, and Copy."""

import re

import httpx
import pytest

from api.docs.reference.scalar import OWN
from tests.support.browser import PLAIN_HOST
from tests.support.cases import all_cases
from tests.support.console import enter_console

PUBLIC = ["/", "/docs/guides", "/docs/guides/credits", "/docs", "/assistant", "/login", "/status", "/nowhere"]
DARK, LIGHT = "rgb(12, 18, 16)", "rgb(255, 255, 255)"
GROUND = "() => getComputedStyle(document.body).backgroundColor"
REMEMBER_THE_FIRST_THEME = """
new MutationObserver((_, observer) => {
  if (!document.body) return;
  observer.disconnect();
  window.first = document.documentElement.dataset.theme;
}).observe(document, { childList: true, subtree: true });
"""
"""A script that remembers the theme at the moment when the page gets its body, before anything is drawn."""
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
"""What browsers accept when somebody opens an address."""


def enter_link(page):
    """The link into the console, in the header."""
    return page.locator(".enter")


def found_on(page, url, paths, find):
    """Open each page, and return what `find` finds on it."""
    found = {}
    for path in paths:
        page.goto(f"{url}{path}")
        found[path] = find(page)
    return found


def test_with_a_session_the_header_shows_the_console_with_the_organization(signed_in, without_scalar, organization):
    page, paths = signed_in(), [path for path in PUBLIC if path != "/login"]
    page.goto(f"{organization.url}/home")
    shown = found_on(page, organization.url, paths, lambda page: " ".join(enter_link(page).inner_text().split()))
    assert shown == dict.fromkeys(paths, "Console Test Traders")


def test_the_bytes_of_a_public_page_are_the_same_with_and_without_a_session(console):
    with_session, without = console(), console(None)
    with_session.get("/home")
    pages = [client.get("/docs/guides") for client in (with_session, without)]
    assert pages[0].content == pages[1].content and pages[0].headers["Cache-Control"].startswith("public")
    assert "Set-Cookie" not in pages[0].headers


def test_the_cookie_for_scripts_holds_the_name_and_nothing_else(person):
    said = person.log_in(person.email, "plum tractor over nine lakes").headers.get_list("Set-Cookie")
    (cookie,) = [each for each in said if each.startswith("smartdhandha_organization=")]
    assert cookie.partition(";")[0] == "smartdhandha_organization=Test%20Traders"
    assert "HttpOnly" not in cookie and "SameSite=Lax" in cookie


def test_the_cookie_goes_when_the_session_has_ended(console, owner):
    client = console()
    client.get("/home")
    assert client.cookies["smartdhandha_organization"] == "Test%20Traders"
    owner.execute("DELETE FROM user_sessions WHERE user_id = %s", (client.user_id,))
    client.get("/home")
    assert "smartdhandha_organization" not in client.cookies


@pytest.mark.parametrize(("has_session", "target"), [(True, "/home"), (False, "/login")])
def test_without_a_script_the_link_leads_to_the_right_page(
    page_without_scripts, organization, owner, has_session, target
):
    page = page_without_scripts
    if has_session:
        enter_console(page, organization, owner)
    page.goto(f"{organization.url}/docs/guides")
    enter_link(page).click()
    page.wait_for_url(f"{organization.url}{target}")


def test_the_theme_is_remembered_on_every_page_and_shown_from_the_start(new_page, organization, owner):
    page, theme = new_page, new_page.get_by_label("Theme")
    enter_console(page, organization, owner)
    page.add_init_script(REMEMBER_THE_FIRST_THEME)
    page.route(f"**{OWN}", lambda route: route.abort())  # drawing the reference takes seconds: see test_reference.py
    page.goto(f"{organization.url}/docs/guides")
    theme.select_option("dark")
    for path in [*PUBLIC, "/home"]:
        page.goto(f"{organization.url}{path}")
        assert page.evaluate("window.first") == "dark", path
        page.wait_for_function(f"({GROUND})() === '{DARK}'")
        theme.select_option("light")
        page.wait_for_function(f"({GROUND})() !== '{DARK}'")
        theme.select_option("dark")


def test_as_the_system_is_the_default_and_follows_it(browser_page, service):
    browser_page.goto(f"{service.url}/docs/guides")
    assert browser_page.get_by_label("Theme").input_value() == "system"
    assert browser_page.evaluate(GROUND) == LIGHT
    browser_page.emulate_media(color_scheme="dark")
    assert browser_page.evaluate(GROUND) == DARK


def test_another_tab_follows_at_once(browser_page, service):
    other = browser_page.context.new_page()
    for page in (browser_page, other):
        page.goto(f"{service.url}/docs/guides")
    browser_page.get_by_label("Theme").select_option("dark")
    other.wait_for_function(f"({GROUND})() === '{DARK}'")
    assert other.get_by_label("Theme").input_value() == "dark"


@all_cases("path", [path for path in PUBLIC if path != "/login"])
def test_a_shared_link_has_a_title_and_a_description(service, path):
    text = httpx.get(f"{service.url}{path}", headers=BROWSER, trust_env=False).text
    tags = dict(re.findall(r'<meta (?:property|name)="([\w:]+)" content="([^"]*)">', text))
    assert tags["og:title"] and tags["og:description"] == tags["description"] and tags["og:site_name"]
    assert text.count('name="description"') == 1


@pytest.mark.parametrize("path", ["/docs/guides/credits", "/home", "/nowhere"])
def test_print_leaves_out_navigation_and_buttons(signed_in, organization, path):
    page = signed_in()
    page.goto(f"{organization.url}{path}")
    page.emulate_media(media="print", color_scheme="dark")
    for hidden in (".top nav", ".foot", ".theme", ".copy"):
        assert not any(each.is_visible() for each in page.locator(hidden).all()), hidden
    assert page.evaluate(GROUND) == LIGHT


@pytest.mark.parametrize("host", ["127.0.0.1", PLAIN_HOST])
def test_copy_works_on_plain_http_too_and_tells_screen_readers(chromium, service, host):
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{service.url.replace('127.0.0.1', host)}/docs/guides/credits")
    assert page.evaluate("isSecureContext") == (host != PLAIN_HOST)
    command = page.locator("pre").first.text_content()
    page.get_by_role("button", name="Copy").first.click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.get_by_role("status").text_content() == "The clipboard has the text now."
    assert page.evaluate("document.activeElement.textContent") == "Copied"
    page.evaluate("document.body.prepend(Object.assign(document.createElement('textarea'), {id: 'paste'}))")
    page.locator("#paste").press("Control+V")
    assert page.locator("#paste").input_value() == command
    context.close()
