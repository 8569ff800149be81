"""`/docs` in a browser that can reach only this server."""

import gzip
import re
from typing import Any, NamedTuple

import falcon
import httpx
import pytest
from falcon import testing
from playwright.sync_api import expect

from api.docs.reference.routes import reference_routes
from api.docs.reference.scalar import CDN, INTEGRITY, OWN, SAMPLE_LANGUAGES
from api.pages.factory import PageFactory
from api.samples.languages import LANGUAGES
from infra.assets import fetch, integrity_of, reference_script
from tests.support.axe import faults, in_both_schemes, needs_axe
from tests.support.openapi import build_document, operations
from tests.support.profiles import SCREEN, Profile
from tests.support.scenarios import sent_invoice
from tests.support.targets import SMALL_TARGETS

PHONE = {"width": 390, "height": 844}
WIDTH = "document.documentElement.scrollWidth"
SCRIPT = reference_script()
needs_script = pytest.mark.skipif(SCRIPT is None, reason="set-up could not fetch Scalar: no npm, or no network")


def draw(page, service, place="invoices/GET/invoices"):
    """Open the page, and wait until the reference is drawn in place of the text."""
    page.goto(f"{service.url}/docs#tag/{place}")
    page.locator("#operations").wait_for(state="detached", timeout=60_000)
    return page


@pytest.fixture(scope="module")
def drawing(chromium, service):
    """The profile whose page shows the reference."""
    profile = Profile(chromium, service.url)
    with profile.noting_requests():
        yield profile
    profile.close()


class Drawn(NamedTuple):
    """The page with the reference drawn."""

    page: Any
    titles: set[str]
    """The titles of the operations on the page before the script of the reference came."""


@pytest.fixture(scope="module")
def drawn(drawing, service):
    """The page with the reference drawn. That takes seconds, so tests use it in turn."""
    page, held = drawing.clean_page(), list[Any]()

    def hold(route):
        held.append(route)

    page.route(f"**{OWN}", hold)
    with page.expect_request(f"**{OWN}"):
        page.goto(f"{service.url}/docs#tag/invoices/GET/invoices")
    titles = page.get_by_role("main").get_by_role("heading", level=3).all_inner_texts()
    held[0].continue_()
    page.locator("#operations").wait_for(state="detached", timeout=60_000)
    page.get_by_role("heading", name="List invoices").wait_for(timeout=60_000)
    page.unroute(f"**{OWN}")
    return Drawn(page, {*titles})


@pytest.fixture
def reference(drawn):
    """The same, in the theme of the system, and without the assistant's panel or the form for a request."""
    page = drawn.page
    page.set_viewport_size(SCREEN)
    if page.locator(".scalar-app-exit").is_visible():
        page.locator(".scalar-app-exit").click(position={"x": 5, "y": 5})
    page.get_by_label("Theme").select_option("system")
    if page.locator(".assistant-panel").is_visible():
        page.get_by_role("button", name="Close", exact=True).click()
    return page


@needs_script
def test_the_text_is_there_before_the_script_and_goes_when_the_reference_is_drawn(drawn):
    assert {operation["summary"] for _, _, operation in operations(build_document()).values()} <= drawn.titles
    assert drawn.page.locator("#operations").count() == 0


@needs_script
def test_it_shows_every_module_and_loads_nothing_from_other_sites(reference, drawing):
    for module in ("Bills", "Leaves", "Account", "Events", "Assistant"):
        assert reference.get_by_role("button", name=f"Open Group - {module}").count() == 1
    assert drawing.foreign_requests == []
    assert drawing.console_errors == []


@needs_script
def test_it_switches_to_dark_mode(reference):
    assert "dark-mode" not in reference.locator("body").get_attribute("class")
    reference.get_by_label("Theme").select_option("dark")
    reference.locator("body.dark-mode").wait_for()


@needs_script
def test_the_assistants_panel_follows_its_dark_mode(reference):
    reference.get_by_role("button", name="Ask the assistant").click()
    frame = reference.frame_locator(".assistant-panel iframe")
    frame.get_by_label("Your question").wait_for()
    ground = "() => getComputedStyle(document.body).backgroundColor"
    inside = next(frame for frame in reference.frames if frame.url.endswith("/assistant/panel"))
    inside.wait_for_function(f"({ground})() === 'rgb(255, 255, 255)'")
    reference.get_by_role("button", name="Close", exact=True).click()
    reference.get_by_label("Theme").select_option("dark")
    reference.get_by_role("button", name="Ask the assistant").click()
    inside.wait_for_function(f"({ground})() === 'rgb(12, 18, 16)'")


@needs_script
def test_the_panel_puts_the_cursor_into_the_question_and_escape_closes_it(reference):
    opener = reference.get_by_role("button", name="Ask the assistant")
    opener.click()
    question = reference.frame_locator(".assistant-panel iframe").get_by_label("Your question")
    expect(question).to_be_focused()
    reference.keyboard.type("How do I void an invoice?")
    expect(question).to_have_value("How do I void an invoice?")

    reference.keyboard.press("Escape")

    expect(reference.locator(".assistant-panel")).to_be_hidden()
    expect(opener).to_be_focused()


@needs_script
def test_the_panel_takes_room_from_the_page_and_covers_nothing(reference):
    reference.get_by_role("button", name="Ask the assistant").click()

    page, panel = (reference.locator(each).bounding_box() for each in ("#main", ".assistant-panel"))
    header = reference.get_by_role("banner").first.bounding_box()
    assert page["x"] + page["width"] <= panel["x"]
    assert header["y"] + header["height"] <= panel["y"]


@needs_script
def test_on_a_phone_nothing_covers_the_button_that_tries_a_request(reference):
    reference.set_viewport_size(PHONE)
    button = reference.get_by_role("button", name="Test Request").first
    button.scroll_into_view_if_needed()

    assert button.evaluate("""button => {
        const { x, y, width, height } = button.getBoundingClientRect();
        return [[2, 2], [width / 2, height / 2], [width - 2, height - 2]].every(([dx, dy]) =>
          button.contains(document.elementFromPoint(x + dx, y + dy)));
    }""")


@needs_script
def test_on_a_phone_each_control_of_the_reference_is_large_enough_to_touch(reference):
    reference.set_viewport_size(PHONE)

    assert reference.evaluate(SMALL_TARGETS) == []
    assert reference.evaluate(WIDTH) == PHONE["width"]


@needs_script
def test_our_own_samples_come_first_and_other_clients_are_still_offered(reference):
    sample = reference.locator(".scalar-code-block, .scalar-card").filter(has_text="$SD_KEY").first
    expect(sample).to_contain_text("curl -sS")
    reference.get_by_role("button", name="Introduction").or_(reference.get_by_text("Introduction")).first.click()
    expect(reference.get_by_text("Client Libraries")).to_be_attached()
    expect(reference.get_by_text("Ruby").first).to_be_attached()
    expect(reference.get_by_text("are for programs on a server, too").first).to_be_attached()


@needs_axe
@needs_script
@pytest.mark.parametrize(
    ("place", "scheme"),
    [
        ("invoices/POST/invoices", "both"),
        pytest.param("events", "dark", marks=pytest.mark.long),
    ],
)
def test_anyone_can_use_it(browser_page, service, place, scheme):
    browser_page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    draw(browser_page, service, place)
    browser_page.get_by_placeholder("sd_live_…").first.wait_for()

    assert (in_both_schemes(faults, browser_page) if scheme == "both" else faults(browser_page)) == []


@needs_script
def test_the_assistants_panel_answers_next_to_it(reference, drawing):
    reference.get_by_role("button", name="Ask the assistant").click()
    panel = reference.frame_locator("iframe[title='API assistant']")
    panel.get_by_label("Your question").fill("how do I mark an invoice as paid?")
    panel.get_by_label("Your question").press("Enter")
    panel.get_by_text("POST /api/v1/invoices/{id}/payments").first.wait_for()
    reference.get_by_role("button", name="Close", exact=True).click()
    assert reference.locator(".assistant-panel").is_hidden()
    assert drawing.foreign_requests == []
    assert drawing.console_errors == []


@needs_script
def test_a_request_with_a_pasted_key_shows_the_data_on_a_phone_and_on_a_wide_screen(reference, drawing, organization):
    api = organization.api()
    invoice = sent_invoice(api)
    reference.set_viewport_size(PHONE)
    reference.get_by_placeholder("sd_live_…").first.fill(api.key)
    reference.get_by_role("button", name=re.compile(r"Test Request.*get .invoices\)", re.DOTALL)).click()
    reference.get_by_role("button", name=re.compile("^Send")).first.wait_for()
    assert (reference.evaluate(SMALL_TARGETS), reference.evaluate(WIDTH)) == ([], PHONE["width"])
    for screen in (PHONE, SCREEN):
        reference.set_viewport_size(screen)
        with reference.expect_response(re.compile(r"/api/v1/invoices")) as response_info:
            reference.get_by_role("button", name=re.compile("^Send")).first.click()
        assert response_info.value.status == 200
        sent = response_info.value.request.headers
        assert sent["authorization"] == f"Bearer {api.key}"
        assert not {"if-position", "if-match", "idempotency-key"} & sent.keys()  # nobody has asked for them
        expect(reference.locator(".scalar-client .animate-response-children")).to_be_in_viewport()
        if screen == PHONE:
            expect(reference.locator(".scalar-client--open .scalar-sidebar-toggle")).to_be_hidden()
    reference.get_by_text(invoice["id"]).first.wait_for()
    assert drawing.foreign_requests == []
    assert drawing.console_errors == []


@needs_script
def test_its_navigation_links_to_the_other_pages(reference, service):
    links = reference.get_by_role("banner").first.get_by_role("link")
    assert {link.get_attribute("href") for link in links.all()} >= {"/", "/docs/guides", "/assistant", "/login"}
    reference.get_by_role("link", name="Guides", exact=True).first.click()
    reference.wait_for_url(f"{service.url}/docs/guides")


@needs_script
def test_browsers_may_cache_the_script_for_a_year(service):
    response = httpx.get(f"{service.url}{OWN}", trust_env=False)
    assert "immutable" in response.headers["Cache-Control"]
    assert integrity_of(response.content) == INTEGRITY


def test_its_policy_allows_no_other_site_when_the_script_is_here(service):
    policy = httpx.get(f"{service.url}/docs", trust_env=False).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert ("https:" in policy) == (SCRIPT is None)


def test_without_the_script_it_loads_the_same_file_from_the_cdn():
    routes = dict(reference_routes(PageFactory(), None, None, list, [], lambda req: "https://api.example.com"))
    assert OWN not in routes
    app = falcon.App()
    app.add_route("/docs", routes["/docs"])
    html = testing.TestClient(app).simulate_get("/docs").text
    assert f'data-source="{CDN}" data-integrity="{INTEGRITY}"' in html


def test_a_script_that_is_not_the_pinned_one_is_not_served(tmp_path):
    path = tmp_path / "scalar.js.gz"
    path.write_bytes(gzip.compress(b"alert(1)"))
    assert reference_script(path) is None


def test_set_up_continues_without_npm(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "CDN" in fetch(tmp_path / "scalar.js.gz")
    assert not (tmp_path / "scalar.js.gz").exists()


@needs_script
def test_the_number_of_languages_with_samples_is_that_of_the_script():
    languages = re.findall(rb"\{key:`\w+`,title:`[^`]+`,default:", gzip.decompress(SCRIPT or b""))
    assert len(languages) == SAMPLE_LANGUAGES > len(LANGUAGES)
