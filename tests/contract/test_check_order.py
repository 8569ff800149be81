"""The order of the checks: each request is wrong in two ways, and the earlier check decides the error."""

import pytest

from infra.identity.keys import revoke_key
from tests.support.client import Api, error_of
from tests.support.scenarios import INVOICES, draft_invoice, sent_invoice

JSON = {"Content-Type": "application/json"}
TOO_LARGE = b" " * (1024 * 1024 + 1)


@pytest.fixture
def reader(organization):
    """Reads invoices, and nothing else."""
    return organization.api(["billing:read"])


@pytest.fixture
def nobody(organization):
    """No key at all."""
    with Api(organization.url, None) as api:
        yield api


def asked_with(nobody, key):
    return nobody.get("invoices", headers={"Authorization": f"Bearer {key.raw}"})


def test_the_route_comes_before_the_key(nobody):
    error_of(nobody.post("nowhere"), 404, "not_found")


def test_the_key_comes_before_the_credit(organization, owner, nobody):
    key = organization.new_key(limit=1)
    assert asked_with(nobody, key).status_code == 200
    revoke_key(owner, key.row["id"])
    error_of(asked_with(nobody, key), 401, "api_key_revoked")


def test_the_credit_comes_before_the_scope(organization):
    api = organization.api(["leaves:read"], limit=1)
    error_of(api.get("invoices"), 403, "insufficient_scope")
    error_of(api.get("invoices"), 429, "rate_limited")


def test_the_scope_comes_before_the_media_type(reader):
    error_of(reader.post("invoices", content=b"x", headers={"Content-Type": "text/plain"}), 403, "insufficient_scope")


def test_the_media_type_comes_before_the_size(api):
    response = api.post("invoices", content=TOO_LARGE, headers={"Content-Type": "text/plain"})
    error_of(response, 415, "unsupported_media_type")


def test_the_encoding_comes_before_the_size_and_after_the_scope(api, reader):
    headers = {**JSON, "Content-Encoding": "gzip"}
    error_of(api.post("invoices", content=TOO_LARGE, headers=headers), 415, "unsupported_media_type")
    error_of(reader.post("invoices", content=b"x", headers=headers), 403, "insufficient_scope")


def test_the_url_and_the_headers_come_before_the_route_and_the_key(nobody):
    assert nobody.get("nowhere", params={"x": "x" * 5000}).status_code == 414
    assert nobody.get("invoices", headers={"X": "x" * 17_000}).status_code == 431
    assert nobody.get("nowhere", params={"x": "x" * 5000}, headers={"X": "x" * 17_000}).status_code == 414


def test_the_size_comes_before_the_json(api):
    error_of(api.post("invoices", content=b"{" + TOO_LARGE, headers=JSON), 413, "payload_too_large")


@pytest.mark.parametrize("path", ["invoices", "invoices/x/payments"])
def test_the_json_comes_before_the_query(api, path):
    error_of(api.post(f"{path}?x=1", content=b"{", headers=JSON), 400, "malformed_json")


def test_the_query_comes_before_the_object(api):
    error_of(api.patch("invoices/x?x=1", json={"notes": "a"}), 400, "unknown_parameter")
    error_of(api.get("invoices/x?x=1"), 400, "unknown_parameter")


def test_the_object_comes_before_the_fields(api):
    error_of(api.patch("invoices/x", json={"bogus": 1}), 404, "not_found")
    error_of(api.post("invoices/x/payments", json={"amount": "NaN"}), 404, "not_found")


TOO_MUCH = [{"description": "a", "quantity": 10**11, "unitPrice": 10**11, "taxRate": 0}]


@pytest.mark.parametrize("body", [{"bogus": 1}, {"dueDate": "2020-01-01"}, {"items": TOO_MUCH}, {"amountPaid": 1}])
def test_the_fields_come_before_if_match(api, body):
    path = f"invoices/{draft_invoice(api)['id']}"
    assert api.patch(path, json=body, headers={"If-Match": '"99"'}).status_code == 422


def test_the_fields_of_a_payment_come_before_if_match(api):
    path = f"invoices/{sent_invoice(api)['id']}/payments"
    body = {"amount": "82600.01", "paidOn": "2026-01-20"}
    error_of(api.post(path, json=body, headers={"If-Match": '"99"'}), 422, "amount_exceeds_balance")


def test_if_match_comes_before_the_rules(api):
    invoice = INVOICES["void"](api)
    stale = {"If-Match": '"99"'}
    path = f"invoices/{invoice['id']}"
    error_of(api.patch(path, json={"status": "sent"}, headers=stale), 412, "precondition_failed")
    body = {"amount": 1, "paidOn": "2026-01-20"}
    error_of(api.post(f"{path}/payments", json=body, headers=stale), 412, "precondition_failed")


def test_a_refused_request_changes_nothing_and_costs_one_credit(api):
    invoice = draft_invoice(api)
    used = api.read("me")["credits"]["used"]
    error_of(api.patch(f"invoices/{invoice['id']}", json={"notes": "new", "status": "paid"}), 409, "invalid_transition")
    assert api.read("me")["credits"]["used"] == used + 1
    assert api.read(f"invoices/{invoice['id']}") == invoice
