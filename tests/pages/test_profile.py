"""The profile of the browser that tests share: it reaches no other host, and a test leaves nothing behind."""

from tests.support.console import enter_console
from tests.support.profiles import SCREEN

LEFT_BEHIND = """() => [
  localStorage.length, sessionStorage.length, document.cookie, innerWidth,
  matchMedia("(prefers-color-scheme: dark)").matches, matchMedia("print").matches,
]"""
STILL_LOADS = "void fetch('/docs').finally(() => { sessionStorage.late = '1'; throw Error('late') })"
"""Begins a request whose end stores something and is an error."""
ELSEWHERE = "http://elsewhere.example/picture.png"


def test_a_request_to_another_host_is_noted_and_reaches_nobody(browser_page, foreign_requests, console_errors):
    browser_page.goto("about:blank")
    assert (foreign_requests, console_errors) == ([], [])
    browser_page.set_content(f'<img src="{ELSEWHERE}" onerror="throw Error(&quot;not loaded&quot;)">')
    browser_page.wait_for_function("document.images[0].complete")
    assert foreign_requests == [ELSEWHERE]
    assert any("ERR_NAME_NOT_RESOLVED" in text for text in console_errors), console_errors
    assert any("not loaded" in text for text in console_errors), console_errors


def test_a_test_begins_without_what_an_earlier_one_left_behind(profile, console_errors, organization, owner):
    address = f"{organization.url}/docs/guides"
    page = profile.clean_page()
    page.goto(address)
    clean = page.evaluate(LEFT_BEHIND)
    assert clean == [0, 0, "", SCREEN["width"], False, False]

    enter_console(page, organization, owner)
    page.goto(f"{organization.url}/home")
    page.context.grant_permissions(["clipboard-read"])
    page.evaluate("localStorage.colorMode = 'dark'; sessionStorage.kept = '1'")
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 800})
    page.route("**/docs/guides", lambda route: route.abort())
    page.context.new_page()
    assert page.evaluate(LEFT_BEHIND)[:2] == [1, 1]
    page.evaluate(STILL_LOADS)

    for again in (profile.clean_page(), profile.new_page()):
        again.goto(address)
        assert again.evaluate(LEFT_BEHIND) == clean
        permission = "navigator.permissions.query({ name: 'clipboard-read' }).then((found) => found.state)"
        assert again.evaluate(permission) != "granted"
        again.goto(f"{organization.url}/home")
        assert again.url.startswith(f"{organization.url}/login")
        assert console_errors == []
    profile.close_pages()


def test_an_address_on_the_page_of_an_earlier_test_opens_the_page_again(profile, service):
    address = f"{service.url}/docs/guides/credits"
    profile.clean_page().goto(address)
    page = profile.clean_page()
    page.evaluate("window.earlier = true")
    page.goto(f"{address}#content")
    assert page.evaluate("window.earlier") is None
