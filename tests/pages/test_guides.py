"""The guides in a browser that can reach only this server."""

import pytest

from tests.support.axe import faults, in_both_schemes, needs_axe


@pytest.mark.parametrize("slug", ["errors", "zapier", "google-sheets", "answering-an-auditor"])
def test_a_guide_fits_every_screen(browser_page, service, foreign_requests, console_errors, slug):
    browser_page.goto(f"{service.url}/docs/guides/{slug}")
    for width in (1280, 800, 360):
        browser_page.set_viewport_size({"width": width, "height": 800})
        assert browser_page.evaluate("document.documentElement.scrollWidth") <= width
    assert foreign_requests == []
    assert console_errors == []


def test_the_copy_button_copies_the_command_alone(browser_page, service):
    browser_page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    browser_page.goto(f"{service.url}/docs/guides/quickstart")
    browser_page.get_by_role("button", name="Copy").first.click()
    browser_page.get_by_role("button", name="Copied").wait_for()
    copied = browser_page.evaluate("navigator.clipboard.readText()")
    assert copied == f"export SD_URL={service.url}\nexport SD_KEY=sd_test_…\nexport ORDER=order-$(date +%s)\n"


def test_the_list_of_guides_is_closed_on_a_phone_and_marks_the_current_guide(browser_page, service):
    browser_page.set_viewport_size({"width": 390, "height": 800})
    browser_page.goto(f"{service.url}/docs/guides/errors")
    current = browser_page.locator(".guides [aria-current=page]")
    assert not current.is_visible()
    browser_page.get_by_text("All guides").click()
    assert current.is_visible() and current.inner_text() == "Errors"


@pytest.mark.parametrize("javascript", [True, False])
def test_on_a_phone_the_list_of_guides_is_closed_from_the_first_moment(request, service, javascript):
    page = request.getfixturevalue("browser_page" if javascript else "page_without_scripts")
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{service.url}/docs/guides/errors")
    link = page.locator(".guides [aria-current=page]")
    assert page.locator(".guides details").get_attribute("open") is None and not link.is_visible()
    page.get_by_text("All guides").click()
    boxes = [page.get_by_text("All guides").bounding_box(), link.bounding_box()]
    assert all(box["height"] >= 44 for box in boxes)


def test_on_a_wide_screen_the_list_of_guides_is_there_without_a_script(page_without_scripts, service):
    page_without_scripts.set_viewport_size({"width": 1280, "height": 800})
    page_without_scripts.goto(f"{service.url}/docs/guides/errors")
    assert page_without_scripts.locator(".guides [aria-current=page]").is_visible()


def test_a_printed_guide_has_only_the_text(browser_page, service):
    browser_page.goto(f"{service.url}/docs/guides/errors")
    browser_page.emulate_media(media="print")
    assert [browser_page.locator(each).is_visible() for each in (".guides", ".contents", ".neighbours", "article")] == [
        False, False, False, True,
    ]  # fmt: skip


def test_the_navigation_of_a_guide_marks_the_guides(browser_page, service):
    browser_page.goto(f"{service.url}/docs/guides/errors")
    assert browser_page.get_by_role("navigation", name="Main").locator("[aria-current]").inner_text() == "Guides"


def test_it_follows_the_systems_dark_mode(browser_page, service):
    browser_page.emulate_media(color_scheme="dark")
    browser_page.goto(f"{service.url}/docs/guides/errors")
    assert browser_page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(12, 18, 16)"


def choose(page, place, label):
    """Choose a tab of one of the blocks with tabs."""
    page.locator("fieldset.tabs").nth(place).locator(f"label:text-is('{label}')").click()


def shown_code(page):
    """Return the languages of the first command with tabs that are visible."""
    tabs = page.locator("fieldset.tabs[data-choice=language]").first
    return [each.get_attribute("data-language") for each in tabs.locator("pre").all() if each.is_visible()]


def test_the_chosen_language_is_that_of_all_commands_and_of_the_next_page(browser_page, service, console_errors):
    browser_page.goto(f"{service.url}/docs/guides/quickstart")
    assert shown_code(browser_page) == ["sh"]
    choose(browser_page, 2, "Node.js")
    assert shown_code(browser_page) == ["javascript"]
    browser_page.goto(f"{service.url}/docs/guides/leaves")
    assert shown_code(browser_page) == ["javascript"]
    assert console_errors == []


def test_a_command_stays_in_its_place_when_another_language_is_chosen(browser_page, service):
    browser_page.goto(f"{service.url}/docs/guides/quickstart")
    tabs = browser_page.locator("fieldset.tabs").nth(4)
    tabs.scroll_into_view_if_needed()
    before = tabs.bounding_box()["y"]
    choose(browser_page, 4, "PHP")
    assert abs(tabs.bounding_box()["y"] - before) <= 1


def test_powershell_is_chosen_for_variables_and_commands_at_once(browser_page, service):
    browser_page.goto(f"{service.url}/docs/guides/quickstart")
    choose(browser_page, 0, "PowerShell")
    assert shown_code(browser_page) == ["powershell"]
    assert browser_page.get_by_text("$env:SD_KEY", exact=True).first.is_visible()


def test_tabs_are_chosen_by_keyboard(browser_page, service):
    browser_page.goto(f"{service.url}/docs/guides/quickstart")
    browser_page.locator("fieldset.tabs[data-choice=language] input").first.focus()
    browser_page.keyboard.press("ArrowRight")
    assert shown_code(browser_page) == ["python"]


def test_tabs_work_without_javascript(page_without_scripts, service):
    page = page_without_scripts
    page.goto(f"{service.url}/docs/guides/quickstart")
    assert shown_code(page) == ["sh"]
    choose(page, 1, "PHP")
    assert shown_code(page) == ["php"]


@needs_axe
@pytest.mark.parametrize("path", ["/quickstart", "/zapier", "/excel"])
def test_a_guide_has_no_fault_of_accessibility(browser_page, service, path):
    browser_page.goto(f"{service.url}/docs/guides{path}")
    if path == "/quickstart":
        choose(browser_page, 2, "PHP")
    assert in_both_schemes(faults, browser_page) == []


@needs_axe
def test_axe_would_find_a_word_of_code_that_is_hard_to_read(browser_page, service):
    browser_page.goto(f"{service.url}/docs/guides/quickstart")
    browser_page.evaluate("""() => {
      const words = [...document.querySelectorAll("pre span[class]")].filter((each) => each.checkVisibility());
      const word = words.findLast((each) => /\\w\\w/.test(each.textContent));
      [...document.styleSheets].at(-1).insertRule(`pre .${word.className} { color: #777 !important }`);
    }""")
    assert [id for id, _ in faults(browser_page)] == ["color-contrast"]
