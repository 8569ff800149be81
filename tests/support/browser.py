"""Fixtures for pages: a real browser that can only reach the service under test, and clients of the console."""

import os
import shutil

import pytest

from tests.support.console import PASSWORD, SESSION, Console, enter_console, new_user, open_session
from tests.support.profiles import Profile

HEADED = bool(os.environ.get("HEADED"))
"""Whether the browser's window is shown."""
NAMES = ["chromium", "chromium-browser", "google-chrome"]
WITHOUT_WINDOWS = ["chromium-headless-shell", "chrome-headless-shell"]
"""The same browser without what only windows need. It takes a quarter less processor time."""
CHROMIUM = next(filter(None, map(shutil.which, NAMES if HEADED else WITHOUT_WINDOWS + NAMES)), None)
PLAIN_HOST = "books.example"
"""A name of this machine, for tests of plain HTTP. Browsers trust pages of 127.0.0.1, but not those of this name."""
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    f"--host-resolver-rules=MAP {PLAIN_HOST} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--process-per-site",
]
"""The browser can reach only this machine. Pages of the same site share a process, so a script is compiled once.

What would draw with a graphics card has no process of its own: an eighth of the processor time of tests of pages.
"""


@pytest.fixture(scope="session")
def chromium():
    """One browser for the session. HEADED=1 shows its window."""
    if CHROMIUM is None:
        pytest.skip("no chromium is installed here")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed here")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, headless=not HEADED, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def profile(chromium, service):
    """The profile that all tests of a session share."""
    opened = Profile(chromium, service.url)
    yield opened
    opened.close()


@pytest.fixture
def foreign_requests(profile):
    """The addresses outside the service that the page has requested. A test expects none."""
    with profile.noting_requests() as noted:
        yield noted


@pytest.fixture
def console_errors(profile):
    """The errors in the browser's console, such as a violation of the Content-Security-Policy."""
    return profile.console_errors


@pytest.fixture
def browser_page(profile):
    """A page without cookies and storage, which can only reach this machine. Tests use it one after the other."""
    yield profile.clean_page()
    profile.close_pages()


@pytest.fixture
def without_scalar(browser_page, profile):
    """The same, which cannot load the script of Scalar: it takes seconds to draw the interactive reference."""
    from api.docs.reference.scalar import OWN  # noqa: PLC0415 -- only these tests need it

    profile.load(without=OWN)
    return browser_page


@pytest.fixture
def new_page(profile):
    """The same as a new page, for a test that adds what cannot be taken back, such as a listener or a script."""
    yield profile.new_page()
    profile.close_pages()


@pytest.fixture(scope="session")
def profile_without_scripts(chromium, service):
    """The profile of a browser that runs no scripts, which all tests of a session share."""
    opened = Profile(chromium, service.url, java_script_enabled=False)
    yield opened
    opened.close()


@pytest.fixture
def page_without_scripts(profile_without_scripts):
    """A page of a browser that runs no scripts, without cookies."""
    yield profile_without_scripts.clean_page()
    profile_without_scripts.close_pages()


@pytest.fixture
def console(organization, owner):
    """Return a function that makes an HTTP client: signed in to the console with a role, or not signed in for None."""
    opened = []

    def enter(role="owner", org_id=None):
        client = Console(organization.url)
        opened.append(client)
        if role is not None:
            link = new_user(owner, org_id or organization.id, role)
            client.email, client.user_id = link.user.email, link.user.id
            client.cookies.set(SESSION, open_session(owner, client.user_id), domain="127.0.0.1")
        return client

    yield enter
    for client in opened:
        client.close()


@pytest.fixture
def signed_in(browser_page, organization, owner):
    """Return a function that signs the browser's page in to the console with this role."""

    def enter(role="owner"):
        enter_console(browser_page, organization, owner, role)
        return browser_page

    return enter


@pytest.fixture
def person(console, owner, organization):
    """An HTTP client of a user who has set a password and is not signed in."""
    link = new_user(owner, organization.id)
    browser = console(None)
    assert browser.fill(link.path, {"password": PASSWORD, "again": PASSWORD}).status_code == 303
    browser.email, browser.link = link.user.email, link.path
    return browser
