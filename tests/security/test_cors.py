"""Scripts of other websites: none can call the API, unless the operator has named its origin; no page is ever open."""

import json
import re

import pytest

from api.docs.reference.scalar import OWN
from api.openapi.texts import common
from api.service.cors import MCP_HEADERS, REQUEST_HEADERS, RESPONSE_HEADERS
from infra.assets import reference_script
from tests.support.cases import all_cases
from tests.support.openapi import ROUTES
from tests.support.organization import Organization
from tests.support.ports import free_port
from tests.support.raw_http import exchange, request
from tests.support.scenarios import invoice_body, sent_invoice
from tests.support.service import Service

APP = "https://app.example.in"
ALLOWED = "access-control-allow-origin"


def cors_of(response):
    """The headers of the response that concern other websites."""
    return {name: value for name, value in response.headers.items() if name.startswith("access-control-")}


def asked(url, path, origin, *headers, method="GET"):
    return exchange(url, request(path, f"Origin: {origin}", *headers, method=method))


def preflight(url, path, origin, method):
    wanted = (f"Access-Control-Request-Method: {method}", "Access-Control-Request-Headers: authorization")
    return asked(url, path, origin, *wanted, method="OPTIONS")


@pytest.fixture(scope="module")
def open_service(shared_database):
    """A service that scripts of two origins may call. Its pages are at `localhost`, its API at 127.0.0.1."""
    port = free_port()
    with Service(
        shared_database,
        "--bind",
        f"127.0.0.1:{port}",
        SMARTDHANDHA_PUBLIC_URL=f"http://127.0.0.1:{port}",
        SMARTDHANDHA_CORS_ORIGINS=f"{APP}, http://localhost:{port}",
    ) as service:
        yield service


@pytest.fixture
def open_organization(open_service, owner):
    organization = Organization(open_service.url, owner)
    yield organization
    organization.close()


@all_cases("method", ["GET", "OPTIONS", "POST"])
@all_cases("path", ["/api/v1/me", "/api/v1/assistant", "/api/v1/nowhere", "/login", "/docs", "/healthz"])
def test_by_default_no_other_website_reads_anything(service, path, method):
    assert cors_of(asked(service.url, path, APP, method=method)) == {}
    assert cors_of(preflight(service.url, path, APP, method)) == {}


@pytest.mark.parametrize(("path", "resource"), ROUTES, ids=[path for path, _ in ROUTES])
def test_a_preflight_of_a_named_origin_is_answered_with_what_the_path_takes(open_service, path, resource):
    response = preflight(open_service.url, re.sub(r"\{\w+\}", "x", path), APP, next(iter(resource.operations)))
    assert response.status == 200 and response.headers[ALLOWED] == APP and response.headers["vary"] == "Origin"
    assert response.headers["access-control-allow-methods"] == response.headers["allow"]
    assert set(resource.operations) <= set(response.headers["allow"].split(", "))
    assert response.headers["access-control-allow-headers"] == ", ".join((*REQUEST_HEADERS, *MCP_HEADERS))
    assert int(response.headers["access-control-max-age"]) <= 600
    assert "access-control-allow-credentials" not in response.headers


STATUSES = {200: "/api/v1/me", 400: "/api/v1/me?x=1", 404: "/api/v1/invoices/x", 405: "/api/v1/me"}


@pytest.mark.parametrize("status", STATUSES)
def test_a_named_origin_reads_responses_and_errors(open_organization, status):
    key = f"Authorization: Bearer {open_organization.new_key().raw}"
    method = "PATCH" if status == 405 else "GET"
    response = asked(open_organization.url, STATUSES[status], APP, key, method=method)
    assert response.status == status and response.headers[ALLOWED] == APP
    assert response.headers["access-control-expose-headers"] == ", ".join(RESPONSE_HEADERS)
    assert "access-control-allow-credentials" not in response.headers and response.headers["vary"] == "Origin"


def test_so_does_it_without_a_key_and_where_there_is_nothing(open_service):
    for path, status in (("/api/v1/me", 401), ("/api/v1/nowhere", 404)):
        response = asked(open_service.url, path, APP)
        assert (response.status, response.headers[ALLOWED]) == (status, APP)


UNREADABLE = {
    "a header that is none": (400, "/api/v1/me", "no header"),
    "two lengths": (400, "/api/v1/assistant?x=1", "Content-Length: 1", "Content-Length: 2"),
    "bad chunks": (400, "/api/v1/assistant", "Transfer-Encoding: chunked", "", "zz"),
    "a long URL": (414, f"/api/v1/me?x={'a' * 5000}"),
    "large headers": (431, "/api/v1/me", f"X: {'a' * 17_000}"),
}


@pytest.mark.parametrize(("status", "path", "headers"), [(s, p, h) for s, p, *h in UNREADABLE.values()], ids=UNREADABLE)
def test_it_reads_what_the_server_refuses_without_the_application(open_service, service, status, path, headers):
    response = asked(open_service.url, path, APP, *headers)
    assert (response.status, response.headers.get(ALLOWED)) == (status, APP), response
    assert response.headers["access-control-expose-headers"] == ", ".join(RESPONSE_HEADERS)
    assert response.headers["vary"] == "Origin"
    other = asked(open_service.url, path, "https://evil.example", *headers)
    assert (other.status, cors_of(other), other.headers["vary"]) == (status, {}, "Origin")
    for url, elsewhere in ((open_service.url, path.replace("/api/v1/", "/docs/")), (service.url, path)):
        assert cors_of(asked(url, elsewhere, APP, *headers)) == {}


OTHERS = [
    "https://evil.example",
    "null",
    "*",
    "http://app.example.in",
    "https://app.example.in:8443",
    "https://app.example.in/",
    "https://APP.example.in",
    "https://app.example.in.evil.example",
    "https://x.app.example.in",
    "https://app.example.in, https://evil.example",
    "app.example.in",
]


@pytest.mark.parametrize("origin", OTHERS)
def test_no_other_origin_does(open_service, origin):
    for response in (
        asked(open_service.url, "/api/v1/me", origin),
        preflight(open_service.url, "/api/v1/me", origin, "GET"),
    ):
        assert cors_of(response) == {} and response.headers["vary"] == "Origin"


@pytest.mark.parametrize("path", ["/login", "/home", "/settings/developer", "/docs", "/assistant", "/healthz", "/x"])
def test_no_page_is_open_to_a_named_origin(open_service, path):
    for response in (asked(open_service.url, path, APP), preflight(open_service.url, path, APP, "GET")):
        assert cors_of(response) == {}


@pytest.mark.parametrize("path", ["//api/v1/me", "/api/v1//me", "/%2Fapi/v1/me"])
def test_an_empty_segment_opens_nothing(open_service, path):
    assert asked(open_service.url, path, APP).status == 404


def test_the_openapi_document_stays_open_to_everybody(service, open_service):
    for url in (service.url, open_service.url):
        response = asked(url, "/api/v1/openapi.json", "https://evil.example")
        assert (response.status, response.headers[ALLOWED]) == (200, "*")


def test_every_header_of_the_document_can_be_sent_and_read():
    assert {*common.REQUEST_HEADERS} == {*REQUEST_HEADERS} - {"Authorization", "Content-Type"}
    assert {*common.RESPONSE_HEADERS} == {*RESPONSE_HEADERS}


FETCH = """async ([url, key, options]) => {
    const headers = {Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', 'Idempotency-Key': 'k'};
    try {
        const response = await fetch(url, {headers, ...options});
        const names = ['ETag', 'RateLimit', 'Location', 'X-Request-Id', 'Idempotent-Replayed'];
        return [response.status, ...names.map((name) => response.headers.get(name))];
    } catch (error) {
        return String(error);
    }
}"""


@pytest.fixture
def website(chromium, open_service):
    """A page of another origin than the API's, which may call the API."""
    context = chromium.new_context()
    page = context.new_page()
    page.route(f"**{OWN}", lambda route: route.abort())  # drawing the reference takes seconds
    page.goto(f"{open_service.url.replace('127.0.0.1', 'localhost')}/docs")
    yield page
    context.close()


def test_in_a_browser_a_script_of_a_named_origin_writes_and_reads_the_headers(website, open_organization):
    url, key = f"{open_organization.url}/api/v1/invoices", open_organization.new_key().raw
    options = {"method": "POST", "body": "{}"}
    assert website.evaluate(FETCH, [url, key, options])[0] == 422
    options["body"] = json.dumps(invoice_body())
    first, again = (website.evaluate(FETCH, [url, key, options]) for _ in range(2))
    assert first[:2] == [201, '"1"'] and "r=" in first[2] and first[3].startswith(url) and first[4]
    assert again[0] == 201 and again[5] == "true"


def test_in_a_browser_no_cookie_is_sent_along(website, open_organization):
    url, key = f"{open_organization.url}/api/v1/me", open_organization.new_key().raw
    assert website.evaluate(FETCH, [url, key, {}])[0] == 200
    assert "TypeError" in website.evaluate(FETCH, [url, key, {"credentials": "include"}])


def test_in_a_browser_a_script_of_another_origin_is_refused(chromium, service, organization):
    key = organization.new_key().raw
    context = chromium.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(f"{service.url.replace('127.0.0.1', 'localhost')}/docs/guides")
    assert "TypeError" in page.evaluate(FETCH, [f"{service.url}/api/v1/me", key, {}])
    assert page.evaluate(FETCH, ["/api/v1/me", key, {}])[0] == 200
    context.close()


@pytest.mark.skipif(reference_script() is None, reason="set-up could not fetch Scalar: no npm, or no network")
def test_in_a_browser_the_reference_sends_a_request_to_another_origin(website, open_organization):
    api = open_organization.api()
    invoice = sent_invoice(api)
    website.unroute_all()
    website.goto(f"{open_organization.url.replace('127.0.0.1', 'localhost')}/docs?again#tag/invoices/GET/invoices")
    website.get_by_role("heading", name="List invoices").wait_for(timeout=60_000)
    website.get_by_placeholder("sd_live_…").first.fill(api.key)
    website.get_by_role("button", name=re.compile(r"Test Request.*get .invoices\)", re.DOTALL)).click()
    with website.expect_response(re.compile(r"/api/v1/invoices")) as response_info:
        website.get_by_role("button", name=re.compile("^Send")).first.click()
    assert response_info.value.status == 200
    assert response_info.value.url.startswith(open_organization.url)
    website.get_by_text(invoice["id"]).first.wait_for()
