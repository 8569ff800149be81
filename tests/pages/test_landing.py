"""`/`: the landing page, its files, its samples, and how much a browser has to load before there is text."""

import gzip
import html
import re

import httpx
import pytest

from api.docs.pictures import ON_LANDING
from api.docs.reference.scalar import SAMPLE_LANGUAGES
from api.openapi.reader import scopes_of
from api.samples.languages import LANGUAGES
from tests.support.axe import in_both_schemes, needs_axe, violations
from tests.support.openapi import build_document, operations

MAX_BYTES = 30 * 1024
"""How much HTML, CSS and JavaScript the page may weigh together, compressed."""
MAX_BLOCKING_BYTES = 20 * 1024
"""How much of it a browser needs before it can draw the text: a tenth of a second at 1.6 Mbit/s."""
MAX_REQUESTS = 16
ARE_LOADED = "(selector) => [...document.querySelectorAll(selector)].every((each) => each.naturalWidth > 0)"
"""Whether all these pictures are there. A network without traffic does not say so: lazy pictures begin to load late."""


@pytest.fixture(scope="module")
def landing(service):
    return httpx.get(f"{service.url}/", trust_env=False)


def text_of(landing, pattern):
    """The text of the first element that matches, without tags."""
    (found, *_) = re.findall(pattern, landing.text, re.DOTALL)
    return html.unescape(re.sub(r"<[^>]*>", "", found))


def test_its_figures_are_counted(landing):
    definitions = operations(build_document()).values()
    figures = dict(re.findall(r"<dt>([\w ]+)</dt><dd>(\d+)</dd>", landing.text))
    assert {name: int(number) for name, number in figures.items()} == {
        "modules": len({operation["tags"][0] for _, _, operation in definitions}),
        "endpoints": len(definitions),
        "scopes": len({operation.get("x-required-scope") for _, _, operation in definitions} - {None}),
        "sample languages": SAMPLE_LANGUAGES,
    }


def test_its_table_has_every_endpoint_with_its_sentence_and_its_scope(landing):
    rows = re.findall(r"<tr><td><a href=\"/docs#[^>]*>(.*?)</a></td><td>(.*?)</td></tr>", landing.text)
    shown = {tuple(html.unescape(re.sub(r"<[^>]*>", "", cell)) for cell in row) for row in rows}
    for method, path, operation in operations(build_document()).values():
        of_keys = "managing key" if operation["tags"] == ["Keys"] else "any key"
        access = " or ".join(scopes_of(operation)) or ("no key" if operation.get("security") == [] else of_keys)
        assert (f"{method} {path} {operation['summary']}", access) in shown
    assert len(shown) == len(operations(build_document()))


def test_its_policy_allows_only_its_own_script(landing):
    assert "script-src 'self'" in landing.headers["Content-Security-Policy"].split("; ")
    assert "default-src 'none'" in landing.headers["Content-Security-Policy"]
    assert not re.search(r"<style|<script>|style=|\son\w+=", landing.text)


def test_its_static_files_are_served(landing, service):
    for path in re.findall(r'(?:href|src|content)="(?:http://[^"/]+)?(/static/[^"]+)"', landing.text):
        assert httpx.get(f"{service.url}{path}", trust_env=False).status_code == 200


def test_favicon_and_robots_txt_are_served(service):
    icon, robots = (httpx.get(f"{service.url}/{name}", trust_env=False) for name in ("favicon.ico", "robots.txt"))
    assert (icon.status_code, icon.headers["Content-Type"]) == (200, "image/svg+xml")
    assert robots.status_code == 200 and "Disallow: /api/" in robots.text


def test_a_matching_etag_gets_a_304(landing, service):
    again = httpx.get(f"{service.url}/", headers={"If-None-Match": landing.headers["ETag"]}, trust_env=False)
    assert (again.status_code, again.content) == (304, b"")


def test_its_command_gets_the_answer_that_it_shows(landing, api):
    command = text_of(landing, r'<div class="program">(.*?)</div>')
    (body,) = re.findall(r"-d '(\{.*?\n\})'", command, re.DOTALL)
    response = api.post("invoices", content=body, headers={"Content-Type": "application/json"})
    shown = httpx.Response(201, text=text_of(landing, r'<figure class="answer">.*?<pre[^>]*>(.*?)</pre>')).json()
    data = {name: value for name, value in response.json()["data"].items() if name in shown["data"]}
    assert {**data, "id": shown["data"]["id"]} == shown["data"]


def test_its_tabs_work_with_the_keyboard_and_without_a_script(page_without_scripts, service):
    page = page_without_scripts
    page.goto(service.url)
    assert page.locator(".program:visible").inner_text().startswith("curl -sS")
    page.get_by_label("curl", exact=True).focus()
    for language in list(LANGUAGES.values())[1:]:
        page.keyboard.press("ArrowRight")
        assert page.get_by_label(language.label, exact=True).is_checked()
        assert page.locator(".program:visible").count() == 1
    page.get_by_text("What does a request cost?").click()
    assert page.get_by_text("One credit, also when it fails.").is_visible()


def test_a_question_is_answered_without_a_script(page_without_scripts, service):
    page = page_without_scripts
    page.goto(service.url)
    page.get_by_label("Your question").fill("How do I mark an invoice as paid?")
    page.keyboard.press("Enter")
    page.wait_for_url("**/assistant")
    assert "/payments" in page.locator("main").inner_text()


def test_the_copy_button_copies_the_program_that_is_shown(browser_page, service):
    browser_page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    browser_page.goto(service.url)
    browser_page.get_by_text("Node.js", exact=True).click()
    browser_page.locator(".program:visible").get_by_role("button", name="Copy").click()
    browser_page.get_by_role("button", name="Copied").wait_for()
    assert f'fetch("{service.url}/api/v1/invoices"' in browser_page.evaluate("navigator.clipboard.readText()")


def test_it_is_small_and_asks_no_other_site(new_page, service, foreign_requests, console_errors):
    sizes = {}
    new_page.on("response", lambda got: sizes.update({got.url: len(gzip.compress(got.body(), mtime=0))}))
    new_page.goto(service.url, wait_until="networkidle")
    code = {url: size for url, size in sizes.items() if not url.endswith((".svg", ".webp", ".png"))}
    first = [size for url, size in code.items() if not url.endswith(".js") or url.endswith("/frame.js")]
    assert sum(code.values()) <= MAX_BYTES, code
    assert sum(first) <= MAX_BLOCKING_BYTES, code
    assert len(sizes) <= MAX_REQUESTS
    assert foreign_requests == [] and console_errors == []


def test_its_text_is_there_before_any_script(landing):
    """Scripts wait for the text, but the one of the theme, which is small."""
    scripts = re.findall(r"<script ([^>]*)>", landing.text)
    assert [script for script in scripts if "defer" not in script and "module" not in script] == [
        'src="/static/frame.js"'
    ]
    assert "one request away</h1>" in landing.text


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_only_the_pictures_of_the_theme_are_loaded(new_page, service, theme):
    asked = []
    new_page.on("request", lambda sent: asked.append(sent.url.rpartition("/")[2]))
    new_page.emulate_media(color_scheme=theme)
    new_page.goto(service.url)
    for picture in new_page.locator(f".for-{theme}").all():
        picture.scroll_into_view_if_needed()
    new_page.wait_for_function(ARE_LOADED, arg=f".for-{theme}")
    assert {name for name in asked if name.endswith(".webp")} == {each.picture.file(theme) for each in ON_LANDING}


@needs_axe
def test_axe_finds_nothing_and_it_fits_the_screen(browser_page, service):
    """A width of 720 is that of 1440 at 200 % zoom."""
    browser_page.goto(service.url)
    for width in (360, 390, 1280, 720):
        browser_page.set_viewport_size({"width": width, "height": 800})
        for scheme in ("dark", "light"):
            browser_page.emulate_media(color_scheme=scheme)
            assert browser_page.evaluate("document.documentElement.scrollWidth") <= width, scheme
    assert in_both_schemes(violations, browser_page) == []  # other widths are in test_every_page.py


def test_everything_that_can_be_pressed_is_large_enough(browser_page, service):
    """44 pixels, but for links inside a sentence (WCAG 2.5.5)."""
    browser_page.set_viewport_size({"width": 390, "height": 844})
    browser_page.goto(service.url)
    small = browser_page.evaluate(
        """() => [...document.querySelectorAll("a, button, summary, select, input:not([type=radio]), fieldset label")]
        .filter((each) => each.checkVisibility() && !each.matches("p a:not(.button, .more a), .skip"))
        .filter((each) => each.getBoundingClientRect().height < 43.9)
        .map((each) => each.outerHTML.slice(0, 120))"""
    )
    assert small == []


def test_with_a_session_its_links_lead_to_the_console(browser_page, signed_in, organization):
    browser_page.goto(organization.url)
    assert browser_page.locator("main .entry:visible").all_inner_texts() == ["Log in", "Log in"]
    signed_in().goto(f"{organization.url}/home")
    browser_page.goto(organization.url)
    assert browser_page.locator("main .entry:visible").all_inner_texts() == ["Open the console", "Open the console"]


def test_every_stop_of_the_keyboard_is_visible(browser_page, service):
    browser_page.goto(service.url)
    seen: set[str] = set()
    while len(seen) < 300:
        browser_page.keyboard.press("Tab")
        at = browser_page.evaluate(
            """() => {
              const focused = document.activeElement;
              const box = focused.getBoundingClientRect();
              return [focused.outerHTML.slice(0, 80), box.top < innerHeight && box.bottom > 0,
                focused.matches("input[type=radio], select") || getComputedStyle(focused).outlineStyle !== "none"];
            }"""
        )
        if at[0].startswith("<body"):
            break
        assert at[1:] == [True, True], at[0]
        seen.add(at[0])
    assert len(seen) > 60
