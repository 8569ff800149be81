"""No way of sending a request makes it cheaper, and none passes an empty window."""

import socket
from urllib.parse import urlsplit

import pytest

from tests.support.client import Api, error_of
from tests.support.organization import credit_rows
from tests.support.raw_http import all_received, exchange, request
from tests.support.scenarios import draft_invoice, invoice_body
from tests.support.waiting import run_at_once, wait_until


@pytest.fixture
def key(organization):
    return organization.new_key()


def used(owner, key):
    return len(credit_rows(owner, key))


def get(key, path, method="GET"):
    return request(path, f"Authorization: Bearer {key.raw}", method=method).replace(b"Connection: close\r\n", b"")


@pytest.mark.parametrize("path", ["/api/v1/invoices", "/api/v1/invoices/", "/api/v1/invoices?", "/api/v1/%69nvoices"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_each_spelling_of_an_address_costs_one(organization, owner, key, path, method):
    data = get(key, path, method).replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    assert exchange(organization.url, data).status == 200
    assert used(owner, key) == 1


def test_ten_requests_in_one_piece_cost_ten(organization, owner, key):
    data = get(key, "/api/v1/invoices") * 10 + request("/healthz")
    assert all_received(organization.url, data).count(b"HTTP/1.1 200 ") == 11
    assert used(owner, key) == 10


def test_a_client_that_goes_away_before_its_response_has_paid(organization, owner, key):
    address = urlsplit(organization.url)
    for _ in range(20):
        with socket.create_connection((address.hostname, address.port), 10) as client:
            client.sendall(get(key, "/api/v1/invoices"))
    wait_until(lambda: used(owner, key) == 20)


def test_a_replayed_request_costs_one(organization, owner, key):
    with Api(organization.url, key.raw) as api:
        retry = {"Idempotency-Key": "one"}
        for _ in range(3):
            assert api.post("invoices", json=invoice_body(), headers=retry).status_code == 201
    assert used(owner, key) == 3


def test_with_an_empty_window_nothing_is_answered(organization):
    path = f"invoices/{draft_invoice(organization.api())['id']}"
    spent = organization.api(limit=1)
    spent.read("invoices")
    known, retry = {"If-None-Match": '"1"'}, {"Idempotency-Key": "one"}
    refused = [
        spent.get(path),
        spent.get(path, headers=known),
        spent.get(path, params={"version": 1}),
        spent.patch(path, json={"notes": "x"}),
        spent.post("invoices", json=invoice_body(), headers=retry),
        spent.get("events"),
        spent.get(f"{path}/events"),
    ]
    for response in refused:
        error_of(response, 429, "rate_limited")
        assert int(response.headers["Retry-After"]) > 2_591_000
    assert spent.head(path).status_code == 429
    assert organization.api().read(path)["notes"] is None


@pytest.mark.parametrize("left", [1, 5])
def test_64_requests_at_once_get_exactly_what_is_left(organization, owner, left):
    key = organization.new_key(limit=left)

    def ask(_):
        return exchange(organization.url, request("/api/v1/invoices", f"Authorization: Bearer {key.raw}")).status

    statuses = run_at_once(64, ask)
    assert (statuses.count(200), statuses.count(429)) == (left, 64 - left)
    assert used(owner, key) == left
