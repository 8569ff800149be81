"""`/`: the landing page, its files and its command."""

import html
import re

import httpx
import pytest

from api.openapi.texts import TEXTS


@pytest.fixture(scope="module")
def landing(service):
    return httpx.get(f"{service.url}/", trust_env=False)


def test_it_names_and_counts_the_tags_and_shows_the_sum(landing):
    assert all(f"<h3>{name}</h3>" in landing.text for name in TEXTS)
    assert f">{len(TEXTS)} groups of operations</h2>" in landing.text
    assert "82600.00" in landing.text


def test_its_policy_allows_only_its_own_script(landing):
    assert "script-src 'self'" in landing.headers["Content-Security-Policy"].split("; ")
    assert "default-src 'none'" in landing.headers["Content-Security-Policy"]


def test_it_links_to_the_reference_and_the_openapi_document(landing):
    links = set(re.findall(r'href="([^"#]+)', landing.text))
    assert {"/docs", "/api/v1/openapi.json"} <= links


def test_its_static_files_are_served(landing, service):
    for path in re.findall(r'(?:href|src)="(/static/[^"]+)"', landing.text):
        assert httpx.get(f"{service.url}{path}", trust_env=False).status_code == 200


def test_favicon_and_robots_txt_are_served(service):
    icon, robots = (httpx.get(f"{service.url}/{name}", trust_env=False) for name in ("favicon.ico", "robots.txt"))
    assert (icon.status_code, icon.headers["Content-Type"]) == (200, "image/svg+xml")
    assert robots.status_code == 200 and "Disallow: /api/" in robots.text


def test_a_matching_etag_gets_a_304(landing, service):
    again = httpx.get(f"{service.url}/", headers={"If-None-Match": landing.headers["ETag"]}, trust_env=False)
    assert (again.status_code, again.content) == (304, b"")


def test_its_command_works_as_pasted(landing, api):
    (body,) = re.findall(r"-d '(\{.*?\})'", html.unescape(landing.text), re.DOTALL)
    response = api.post("invoices", content=body, headers={"Content-Type": "application/json"})
    assert response.json()["data"]["totalAmount"] == "82600.00"


def test_the_copy_button_copies_its_command(browser_page, service):
    browser_page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    browser_page.goto(service.url)
    browser_page.get_by_role("button", name="Copy").click()
    browser_page.get_by_role("button", name="Copied").wait_for()
    assert browser_page.evaluate("navigator.clipboard.readText()").startswith(f"curl -sS {service.url}/api/v1/invoices")


@pytest.mark.parametrize("width", [360, 1280])
def test_it_fits_the_screen(browser_page, service, foreign_requests, console_errors, width):
    browser_page.set_viewport_size({"width": width, "height": 800})
    browser_page.goto(service.url)
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= width
    assert foreign_requests == []
    assert console_errors == []
