"""A path with an empty segment leads nowhere: no address can be written in a way that a proxy's rules overlook."""

import re

import pytest

from tests.support.cases import all_cases
from tests.support.client import Api
from tests.support.raw_http import exchange, request

OWN = {"connection", "content-length", "date", "x-request-id"}
"""The headers that differ from one response to the next."""


def shape(response):
    """The status and the headers of a response."""
    return response.status, {name: value for name, value in response.headers.items() if name not in OWN}


PAGES = [
    "//home",
    "///home",
    "/%2Fhome",
    "/%2fhome",
    "//login",
    "/login//",
    "/login/%2F",
    "//settings/developer/new",
    "/settings//developer",
    "/settings/developer/keys//rotate",
    "//password/token",
    "/password//",
    "http://localhost//login",
    "//login?next=/home",
]


@pytest.mark.parametrize("target", PAGES)
def test_of_the_console_it_is_the_page_that_does_not_exist(console, target):
    browser = console()
    cookie = f"Cookie: {'; '.join(f'{name}={value}' for name, value in browser.cookies.items())}"
    url = str(browser.base_url).rstrip("/")
    response, unknown = (exchange(url, request(each, cookie)) for each in (target, "/settings/nothing"))
    assert shape(response) == shape(unknown)
    assert response.status == 404 and b"There is no such page" in response.body


OTHERS = [
    "//",
    "//api/v1/me",
    "/api//v1/me",
    "/api/v1//me",
    "/api/v1/me//",
    "/%2Fapi/v1/me",
    "/api/v1/%2Fme",
    "/api/v1/invoices//events",
    "/api/v1/invoices//",
    "//api/v1/openapi.json",
    "//docs",
    "/docs//guides",
    "//healthz",
    "//assistant",
    "/static//console.css",
]


@all_cases("target", OTHERS)
def test_outside_the_console_it_is_the_error_of_an_unknown_address(service, target):
    response, unknown = (exchange(service.url, request(each)) for each in (target, "/nowhere"))
    assert shape(response) == shape(unknown)
    assert (response.status, response.code) == (404, "not_found")


@pytest.mark.parametrize("path", ["//api/v1/invoices", "/api/v1//invoices"])
def test_no_request_to_it_is_admitted_or_executed(organization, path):
    key = organization.new_key()
    headers = (f"Authorization: Bearer {key.raw}", "Content-Type: application/json")
    assert exchange(organization.url, request(path, *headers, method="POST", body="{}")).status == 404
    with Api(organization.url, key.raw) as api:
        assert api.read("me")["credits"]["used"] == 0


@pytest.mark.parametrize("path", ["//settings/developer/new", "/%2Fsettings/developer/new"])
def test_no_key_is_made_or_shown_there(console, path):
    browser = console()
    fields = {**browser.hidden_on("/settings/developer/new"), "name": "Mine", "scope": "billing:read", "limit": "1"}
    url = f"{str(browser.base_url).rstrip('/')}{path}"
    response = browser.post(url, data=fields)
    assert response.status_code == 404 and not re.search("sd_live_[0-9A-Za-z]{36}", response.text)
    assert "<tbody>" not in browser.get("/settings/developer").text


@pytest.mark.parametrize("path", ["/login", "/docs", "/docs/guides", "/healthz", "/api/v1/openapi.json", "/api/v1/me"])
def test_one_slash_at_the_end_makes_no_difference(service, path):
    response, slashed = (exchange(service.url, request(each)) for each in (path, f"{path}/"))
    assert {"status": response.status, **response.headers}.keys() == {"status": 0, **slashed.headers}.keys()
    assert response.status == slashed.status != 404
