"""Each row of the error table over HTTP: status, code, envelope, headers."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from api.http.errors.codes import CODES
from domain.accounts.key_secret import checksum
from infra.identity.keys import revoke_key, rotate_key
from tests.support.cases import all_cases
from tests.support.client import Api, error_of
from tests.support.scenarios import draft_invoice, invoice_body, sent_invoice


@pytest.fixture
def reader(organization):
    """Reads invoices, and nothing else."""
    return organization.api(["billing:read"])


@pytest.fixture
def spent(organization):
    """A key whose only credit is spent."""
    api = organization.api(limit=1)
    api.read("invoices")
    return api


@pytest.fixture
def nobody(organization):
    """No key at all."""
    with Api(organization.url, None) as api:
        yield api


def with_key(api, key):
    return api.get("invoices", headers={"Authorization": key})


@all_cases("key", ["", "Bearer", "Basic dTpw", "sd_live_x"])
def test_without_a_key_401(nobody, key):
    response = with_key(nobody, key)
    error_of(response, 401, "missing_credentials")
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert not [name for name in response.headers if "ratelimit" in name]


def well_formed(body):
    return body + checksum(body)


@all_cases("raw", ["x", "sd_live_x", well_formed("sd_live_" + "0" * 30), "sd_live_" + "0" * 36, "ü", "é" * 44])
def test_with_an_unknown_key_401(nobody, raw):
    response = with_key(nobody, f"Bearer {raw}".encode("latin-1"))
    error_of(response, 401, "invalid_api_key")
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_with_a_mistyped_key_401(api):
    typed = api.key[:-1] + ("0" if api.key[-1] != "0" else "1")
    error_of(with_key(api, f"Bearer {typed}"), 401, "invalid_api_key")


def test_a_revoked_key_401(organization, owner, nobody):
    key = organization.new_key()
    revoke_key(owner, key.row["id"])
    response = with_key(nobody, f"Bearer {key.raw}")
    error_of(response, 401, "api_key_revoked")
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_an_expired_key_401(organization, owner, nobody):
    key = organization.new_key()
    rotate_key(owner, key.row["id"], timedelta(0))
    response = with_key(nobody, f"Bearer {key.raw}")
    error_of(response, 401, "api_key_expired")
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_key_stops_working_when_it_expires(organization, owner, nobody):
    key = organization.new_key()
    soon = "UPDATE api_keys SET expires_at = clock_timestamp() + interval '0.5 s' WHERE id = %s RETURNING expires_at"
    (end,) = owner.execute(soon, (key.row["id"],)).fetchone()
    responses = iter(lambda: with_key(nobody, f"Bearer {key.raw}"), None)
    refused = next(response for response in responses if response.status_code != 200)
    assert datetime.now(UTC) >= end
    error_of(refused, 401, "api_key_expired")


def test_a_missing_scope_403_names_the_needed_scope_and_the_key_s_scopes(reader):
    response = reader.post("invoices", json=invoice_body())
    error = error_of(response, 403, "insufficient_scope")
    assert (error["requiredScope"], error["keyScopes"]) == ("billing:write", ["billing:read"])


def test_write_does_not_imply_read_but_returns_the_written_object(organization):
    writer = organization.api(["billing:write"])
    invoice = draft_invoice(writer)
    assert writer.update(f"invoices/{invoice['id']}", {}) == invoice
    error_of(writer.get(f"invoices/{invoice['id']}"), 403, "insufficient_scope")
    error_of(writer.get("invoices"), 403, "insufficient_scope")


@all_cases("path", ["nowhere", "", "invoices/x/y", "invoices/x/payments/y", "me/x", "invoices/%00", "%00"])
@all_cases("method", ["GET", "POST", "PURGE", "OPTIONS"])
def test_an_unknown_route_404(nobody, method, path):
    error_of(nobody.request(method, path), 404, "not_found")


METHODS = {"invoices": {"GET", "POST"}, "invoices/x": {"GET", "PATCH"}, "invoices/x/payments": {"POST"}, "me": {"GET"}}


@all_cases("path", METHODS)
@all_cases("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PURGE"])
def test_a_wrong_method_405_names_the_allowed_ones(nobody, method, path):
    response = nobody.request(method, path)
    if method in METHODS[path]:
        error_of(response, 401, "missing_credentials")
    else:
        message = error_of(response, 405, "method_not_allowed")["message"]
        assert message.endswith(f"it supports: {response.headers['Allow']}.")
        head = {"HEAD"} if "GET" in METHODS[path] else set()
        assert set(response.headers["Allow"].split(", ")) == METHODS[path] | head | {"OPTIONS"}


def test_429_says_when_to_retry(spent):
    response = spent.get("invoices")
    error = error_of(response, 429, "rate_limited")
    assert 0 < int(response.headers["Retry-After"]) <= 30 * 24 * 3600
    assert (error["limit"], error["used"], error["windowDays"]) == (1, 1, 30)
    assert error["resetAt"] == error["fullyResetAt"]
    assert response.headers["X-RateLimit-Remaining"] == "0"


def test_409_of_a_transition_names_the_allowed_ones(api):
    path = f"invoices/{sent_invoice(api)['id']}"
    assert error_of(api.patch(path, json={"status": "draft"}), 409, "invalid_transition")["allowed"] == ["void"]


def test_412_says_which_version_is_current(api):
    path = f"invoices/{draft_invoice(api)['id']}"
    error = error_of(api.patch(path, json={}, headers={"If-Match": '"2"'}), 412, "precondition_failed")
    assert '"1"' in error["message"]


@all_cases(
    ("body", "code"),
    [
        ({"bogus": 1}, "unknown_field"),
        ({"id": "x", "version": 3}, "read_only_field"),
        ({"dueDate": "2020-01-01"}, "validation_failed"),
        ({"bogus": 1, "version": 3}, "validation_failed"),
    ],
)
def test_422_has_the_code_that_all_details_share(api, body, code):
    error = error_of(api.patch(f"invoices/{draft_invoice(api)['id']}", json=body), 422, code)
    assert {detail["field"] for detail in error["details"]} == set(body)
    assert all(set(detail) == {"field", "code", "message"} for detail in error["details"])


def test_every_error_has_a_message_and_a_link_to_the_guide(api, organization):
    error = error_of(api.get("invoices/x"), 404, "not_found")
    assert error["message"].endswith(".")
    assert error["docUrl"] == f"{organization.url}/docs/guides/errors#{error['code']}"


def test_every_code_belongs_to_one_status():
    codes = [code for codes in CODES.values() for code in codes]
    assert len(codes) == len(set(codes)) and all(re.fullmatch("[a-z_]+", code) for code in codes)
