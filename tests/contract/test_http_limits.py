"""URLs and headers that are too long: refused before everything else, in the error shape and without cost."""

import json

import pytest

from tests.support.cases import all_cases
from tests.support.raw_http import exchange, request
from tests.support.scenarios import draft_invoice

KIB = 1024


LONG_URLS = {
    "one byte too many": "/api/v1/invoices?search=" + "x" * (4 * KIB - 23),
    "5 KiB of a search": "/api/v1/invoices?search=" + "x" * 5 * KIB,
    "escapes": "/api/v1/invoices?search=" + "%E0%A4%95" * 500,
    "a long path": "/api/v1/invoices/" + "x" * 4100,
    "an unknown address": "/nowhere/" + "x" * 4100,
    "a page": "/docs/guides/lists?x=" + "x" * 4100,
    "longer than the parser takes": "/api/v1/invoices?search=" + "x" * 9000,
    "longer than its buffer": "/api/v1/invoices?search=" + "x" * 100_000,
    "a whole address": "http://localhost/api/v1/me?x=" + "x" * 4100,
}


@all_cases("target", LONG_URLS.values(), ids=LONG_URLS)
@all_cases("method", ["GET", "POST"])
def test_a_url_over_4_kib_is_414(service, method, target):
    response = exchange(service.url, request(target, method=method))
    assert (response.status, response.code) == (414, "uri_too_long")


LARGE_HEADERS = {
    "one byte too many": ["X: " + "x" * (16 * KIB - 40)],
    "one large header": ["Cookie: " + "x" * 17 * KIB],
    "several": [f"X-{number}: {'x' * 1000}" for number in range(17)],
    "the same one again and again": ["Cookie: " + "x" * 900] * 19,
    "names with underscores, which are dropped": [f"X_{number}: {'x' * 1000}" for number in range(17)],
    "a long name": ["x" * 17 * KIB + ": 1"],
    "more than the parser's buffer": ["X: " + "x" * 100_000],
    "very many": [f"X-{number}: 1" for number in range(3000)],
    "more than 100": [f"X-{number}: 1" for number in range(99)],
    "more than the parser can count": [f"X-{number}: 1" for number in range(300)],
}


@all_cases("headers", LARGE_HEADERS.values(), ids=LARGE_HEADERS)
@all_cases("path", ["/api/v1/invoices", "/nowhere", "/login"])
def test_headers_over_16_kib_are_431(service, path, headers):
    response = exchange(service.url, request(path, *headers))
    assert (response.status, response.code) == (431, "headers_too_large")


def test_at_the_limits_the_request_is_handled(service):
    url = "/api/v1/invoices?search=" + "x" * (4 * KIB - 24)
    assert exchange(service.url, request(url)).code == "missing_credentials"
    assert exchange(service.url, request("/api/v1/me", "X: " + "x" * (16 * KIB - 41))).code == "missing_credentials"
    many = [f"X-{number}: 1" for number in range(98)]
    assert exchange(service.url, request("/api/v1/me", *many)).code == "missing_credentials"


def test_one_header_may_be_as_large_as_all(api):
    assert api.get("invoices", headers={"X-Trace": "x" * 15 * KIB}).status_code == 200


REFUSED = {414: request("/" + "x" * 5000), 431: request("/", "X: " + "x" * 17 * KIB)}


@pytest.mark.parametrize("status", REFUSED)
def test_the_refusal_has_the_shape_of_every_failure(service, status):
    response = exchange(service.url, REFUSED[status])
    body = json.loads(response.body)
    assert body["success"] is False and body["error"]["status"] == status and body["error"]["details"] == []
    assert body["error"]["docUrl"] == f"{service.url}/docs/guides/errors#{body['error']['code']}"
    assert f"X-Request-Id: {body['error']['requestId']}".encode() in response.head


@pytest.mark.parametrize("target", ["/" + "x" * 5000, "/nowhere"])
def test_the_callers_request_id_is_kept(service, target):
    large = ["X: " + "x" * 17 * KIB] if target == "/nowhere" else []
    response = exchange(service.url, request(target, "X-Request-Id: mine-1", *large))
    assert json.loads(response.body)["error"]["requestId"] == "mine-1"
    assert b"X-Request-Id: mine-1" in response.head


def test_head_gets_no_body(service):
    response = exchange(service.url, request("/" + "x" * 5000, method="HEAD"))
    assert (response.status, response.body) == (414, b"")


def test_a_long_body_behind_the_refused_head_does_not_lose_the_response(service):
    head = request("/" + "x" * 5000, "Content-Length: 500000", method="POST")
    assert exchange(service.url, head + b"x" * 500_000).status == 414


def test_the_refused_request_costs_nothing(api):
    draft_invoice(api)
    used = api.read("me")["credits"]["used"]
    assert api.get("invoices", params={"search": "x" * 5000}).status_code == 414
    assert api.get("invoices", headers={"X": "x" * 17 * KIB}).status_code == 431
    assert api.read("me")["credits"]["used"] == used
