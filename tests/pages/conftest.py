"""A real browser whose only network is the service under test."""

import shutil

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


@pytest.fixture(scope="session")
def chromium():
    """The browser."""
    if CHROMIUM is None:
        pytest.skip("no chromium is installed here")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed here")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, headless=True, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def strangers():
    """The addresses beyond the service that the page has asked for; it should ask for none."""
    return []


@pytest.fixture
def complaints():
    """What the browser refused or failed at on the page, such as a breach of its Content-Security-Policy."""
    return []


@pytest.fixture
def browser_page(chromium, service, strangers, complaints):
    """A page in a new profile; everything but the service is out of its reach."""
    context = chromium.new_context(viewport={"width": 1400, "height": 900}, color_scheme="light")

    def reach(route):
        if route.request.url.startswith(f"{service.url}/"):
            route.continue_()
        else:
            strangers.append(route.request.url)
            route.abort()

    context.route("**/*", reach)
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
