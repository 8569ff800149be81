"""The search in the header, by keyboard and without JavaScript, in a browser that can reach only this server."""

import pytest
from playwright.sync_api import expect

from tests.support.axe import faults, in_both_schemes, needs_axe
from tests.support.console import enter_console

BOX = "Search the documentation"


@pytest.fixture
def typing(browser_page, service):
    """Return a function that opens a page, presses `/` and types."""

    def type_on(path, text):
        browser_page.goto(f"{service.url}{path}")
        browser_page.keyboard.press("/")
        browser_page.keyboard.type(text)
        browser_page.get_by_role("listbox").wait_for()
        return browser_page

    return type_on


@pytest.mark.parametrize("path", ["/docs/guides/quickstart", "/docs/guides", "/docs"])
def test_results_are_shown_while_one_types(typing, path, foreign_requests, console_errors):
    page = typing(path, "webhook")
    options = page.get_by_role("listbox").get_by_role("option")
    expect(options.first).to_contain_text("Receiving webhooks")  # the results for "web" have come before
    expect(options.last).to_contain_text("Ask the assistant")
    assert foreign_requests == []
    assert console_errors == []


def test_arrows_choose_and_enter_opens_the_result(typing, service):
    page = typing("/docs/guides/quickstart", "refund")
    box = page.get_by_role("combobox", name=BOX)
    assert box.get_attribute("aria-expanded") == "true"
    for key, place in (("ArrowDown", 0), ("ArrowDown", 1), ("ArrowUp", 0)):
        page.keyboard.press(key)
        chosen = page.get_by_role("listbox").get_by_role("option").nth(place)
        assert chosen.get_attribute("aria-selected") == "true"
        assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{service.url}/docs/guides/credit-notes")


def test_the_last_entry_asks_the_assistant_what_was_typed(typing, service):
    page = typing("/docs/guides/quickstart", "who may approve a leave?")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{service.url}/assistant?question=*")
    assert page.get_by_label("Your question").input_value() == "who may approve a leave?"


def test_enter_without_a_choice_opens_the_page_with_all_results(typing, service):
    page = typing("/docs/guides/quickstart", "pagination")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{service.url}/docs/search?q=pagination")
    assert page.locator(".results a").first.get_attribute("href") == "/docs/guides/lists"


def test_escape_closes_the_results_and_then_leaves_the_box(typing):
    page = typing("/docs/guides/quickstart", "webhook")
    page.keyboard.press("Escape")
    assert page.get_by_role("listbox").count() == 0
    box = page.get_by_role("combobox", name=BOX)
    assert (box.input_value(), box.get_attribute("aria-expanded")) == ("webhook", "false")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement === document.body")


def test_a_slash_in_a_field_is_a_slash(browser_page, service):
    browser_page.goto(f"{service.url}/docs/search")
    field = browser_page.get_by_label("A word, a field")
    field.fill("")
    field.press("/")
    assert field.input_value() == "/"


def test_without_a_network_it_says_so_and_enter_still_searches(typing, browser_page, service):
    browser_page.route("**/docs/search/suggestions*", lambda route: route.abort())
    typing("/docs/guides", "webhook")
    browser_page.get_by_text("Search could not be reached. Press Enter to try again").wait_for()
    browser_page.keyboard.press("Enter")
    browser_page.wait_for_url(f"{service.url}/docs/search?q=webhook")


def test_without_javascript_the_box_opens_the_page_with_the_results(page_without_scripts, service):
    page = page_without_scripts
    page.goto(f"{service.url}/docs/guides/quickstart")
    page.get_by_label(BOX).fill("GST")
    page.get_by_label(BOX).press("Enter")
    page.wait_for_url(f"{service.url}/docs/search?q=GST")
    assert "GST invoices" in page.locator(".results a").first.inner_text()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_results_fit_the_screen(typing, browser_page, width):
    browser_page.set_viewport_size({"width": width, "height": 800})
    page = typing("/docs/guides/quickstart", "invoice")
    box = page.get_by_role("listbox").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@needs_axe
def test_the_search_has_no_fault_of_accessibility(typing, service):
    page = typing("/docs/guides/quickstart", "webhook")
    page.keyboard.press("ArrowDown")
    assert in_both_schemes(faults, page) == []
    page.goto(f"{service.url}/docs/search?q=webhook")
    assert in_both_schemes(faults, page) == []


@pytest.fixture
def console_page(browser_page, organization, owner):
    enter_console(browser_page, organization, owner)
    return browser_page


@pytest.mark.parametrize("path", ["/docs/search", "/home/find"])
def test_the_key_can_be_turned_off_in_a_browser_and_on_again(console_page, service, path):
    page = console_page

    def is_focused_on_press(path, field):
        page.goto(f"{service.url}{path}")
        page.keyboard.press("/")
        return page.evaluate("document.activeElement.id") == field

    assert is_focused_on_press("/docs/guides/quickstart", "find")
    page.goto(f"{service.url}/home")
    page.keyboard.press("/")
    page.wait_for_url("**/home/find")
    page.goto(f"{service.url}{path}")
    box = page.get_by_role("checkbox")
    box.uncheck()
    assert not is_focused_on_press("/docs/guides/quickstart", "find")
    assert not is_focused_on_press("/home", "q") and page.url.endswith("/home")
    page.goto(f"{service.url}{path}")
    assert not box.is_checked()
    box.check()
    assert is_focused_on_press("/docs/guides/quickstart", "find")


def test_without_javascript_there_is_no_key_to_turn_off(page_without_scripts, service):
    page_without_scripts.goto(f"{service.url}/docs/search")
    assert page_without_scripts.get_by_role("checkbox").count() == 0
