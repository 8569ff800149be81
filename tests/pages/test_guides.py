"""The guides in a browser that can reach only this server."""

import pytest


@pytest.mark.parametrize("width", [360, 800, 1280])
@pytest.mark.parametrize("slug", ["errors", "zapier", "answering-an-auditor"])
def test_a_guide_fits_the_screen(browser_page, service, foreign_requests, console_errors, slug, width):
    browser_page.set_viewport_size({"width": width, "height": 800})
    browser_page.goto(f"{service.url}/docs/guides/{slug}")
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= width
    assert foreign_requests == []
    assert console_errors == []


def test_the_copy_button_copies_the_command_alone(browser_page, service):
    browser_page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    browser_page.goto(f"{service.url}/docs/guides/quickstart")
    browser_page.get_by_role("button", name="Copy").first.click()
    browser_page.get_by_role("button", name="Copied").wait_for()
    copied = browser_page.evaluate("navigator.clipboard.readText()")
    assert copied == f"export SD_URL={service.url}\nexport SD_KEY=sd_live_…\nexport ORDER=order-$(date +%s)\n"


def test_the_list_of_guides_is_closed_on_a_phone_and_marks_the_current_guide(browser_page, service):
    browser_page.set_viewport_size({"width": 390, "height": 800})
    browser_page.goto(f"{service.url}/docs/guides/errors")
    current = browser_page.locator(".guides [aria-current=page]")
    assert not current.is_visible()
    browser_page.get_by_text("All guides").click()
    assert current.is_visible() and current.inner_text() == "Errors"


def test_the_navigation_of_a_guide_marks_the_guides(browser_page, service):
    browser_page.goto(f"{service.url}/docs/guides/errors")
    assert browser_page.get_by_role("navigation", name="Main").locator("[aria-current]").inner_text() == "Guides"


def test_it_follows_the_systems_dark_mode(browser_page, service):
    browser_page.emulate_media(color_scheme="dark")
    browser_page.goto(f"{service.url}/docs/guides/errors")
    assert browser_page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(12, 18, 16)"
