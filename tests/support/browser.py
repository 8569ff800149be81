"""Fixtures for pages: a real browser that can only reach the service under test, and clients of the console."""

import os
import shutil

import pytest

from tests.support.console import PASSWORD, SESSION, Console, new_user, open_session

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PLAIN_HOST = "books.example"
"""A name of this machine. Browsers treat its pages as insecure, unlike those of 127.0.0.1: it stands for plain HTTP."""
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    f"--host-resolver-rules=MAP {PLAIN_HOST} 127.0.0.1",
]


@pytest.fixture(scope="session")
def chromium():
    """One browser for the session. HEADED=1 shows its window."""
    if CHROMIUM is None:
        pytest.skip("no chromium is installed here")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed here")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, headless=not os.environ.get("HEADED"), args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def foreign_requests():
    """The addresses outside the service that the page has requested. A test expects none."""
    return []


@pytest.fixture
def console_errors():
    """The errors in the browser's console, such as a violation of the Content-Security-Policy."""
    return []


@pytest.fixture
def browser_page(chromium, service, foreign_requests, console_errors):
    """A page with a new profile, which can only reach the service."""
    context = chromium.new_context(viewport={"width": 1400, "height": 900}, color_scheme="light")

    def reach(route):
        if route.request.url.startswith(f"{service.url}/"):
            route.continue_()
        else:
            foreign_requests.append(route.request.url)
            route.abort()

    context.route("**/*", reach)
    page = context.new_page()
    page.on("console", lambda message: console_errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: console_errors.append(str(error)))
    yield page
    context.close()


@pytest.fixture
def console(organization, owner):
    """Return a function that makes an HTTP client, signed in to the console with this role, or not at all for None."""
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
        token = open_session(owner, new_user(owner, organization.id, role).user.id)
        browser_page.context.add_cookies([{"name": SESSION, "value": token, "url": organization.url}])
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
