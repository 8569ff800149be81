"""Errors of public addresses: a page with ways to go on for browsers, JSON for programs."""

import httpx
import pytest

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PROGRAMS = ["", "*/*", "application/json", "application/json, text/html", "image/avif,image/webp,*/*;q=0.8"]


def get(service, path, accept, method="GET"):
    return httpx.request(method, f"{service.url}{path}", headers={"Accept": accept} if accept else {}, trust_env=False)


@pytest.mark.parametrize("path", ["/nonsense", "/docs/nope", "/docs/guides/nope", "/static/nope.css", "/docs/"])
def test_a_browser_gets_a_page_for_an_unknown_address(service, path):
    response = get(service, path, BROWSER)
    if path == "/docs/":
        assert response.status_code == 200
        return
    assert (response.status_code, response.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "There is no such page" in response.text and response.headers["X-Request-Id"] in response.text
    assert (response.headers["Cache-Control"], response.headers["Vary"]) == ("no-store", "Accept")
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_the_name_of_a_guide_in_capitals_leads_to_the_guide(service):
    response = get(service, "/docs/guides/Zapier", BROWSER)
    assert (response.status_code, response.headers["Location"]) == (301, "/docs/guides/zapier")
    assert get(service, "/docs/guides/Nope", BROWSER).status_code == 404


@pytest.mark.parametrize("accept", PROGRAMS)
def test_a_program_gets_json(service, accept):
    response = get(service, "/nonsense", accept)
    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["/api", "/api/v1/nonsense", "/api/v1/invoices", "/api/nope"])
def test_below_api_everybody_gets_json(service, path):
    assert get(service, path, BROWSER).json()["success"] is False


def test_a_method_that_a_page_does_not_have_is_a_page_with_the_methods_that_it_has(service):
    response = get(service, "/docs/guides", BROWSER, "POST")
    assert response.status_code == 405 and "GET" in response.headers["Allow"]
    assert "This page does not accept this request" in response.text
    assert get(service, "/docs/guides", "", "POST").json()["error"]["code"] == "method_not_allowed"


def test_a_text_from_the_address_is_escaped(service):
    response = get(service, "/%3Cscript%3Ealert(1)%3C/script%3E", BROWSER)
    assert response.status_code == 404 and "<script>alert" not in response.text


def test_its_links_work_and_its_box_finds_pages(browser_page, service):
    browser_page.goto(f"{service.url}/nonsense")
    for link in browser_page.locator("main a").all():
        assert httpx.get(f"{service.url}{link.get_attribute('href')}", trust_env=False).status_code == 200
    browser_page.get_by_label("What are you looking for?").fill("mark an invoice as paid")
    browser_page.keyboard.press("Enter")
    browser_page.wait_for_url("**/docs/search?q=**")
    assert browser_page.locator("main ol li").count() > 1
