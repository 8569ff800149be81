"""What a request costs, and the headers that show the remaining credits."""

import pytest

from tests.support.client import Api, data_of, error_of
from tests.support.scenarios import draft_invoice, invoice_body

JSON = {"Content-Type": "application/json"}
POLICY = '"rolling-30d";q={limit};w=2592000'


def left(api):
    return data_of(api.get("me"), 200)["credits"]["remaining"]


def cost_of(api, send):
    """How many credits the request cost, and how it was answered."""
    before = left(api)
    status = send().status_code
    return before - left(api), status


OUTCOMES = {
    "no such object": (lambda api, path: api.get("invoices/inv_none"), 404),
    "an unknown parameter": (lambda api, path: api.get("invoices", params={"colour": "red"}), 400),
    "no JSON": (lambda api, path: api.post("invoices", content=b"{", headers=JSON), 400),
    "another type": (lambda api, path: api.post("invoices", content=b"{}", headers={"Content-Type": "text/x"}), 415),
    "wrong fields": (lambda api, path: api.post("invoices", json={}), 422),
    "too large": (lambda api, path: api.post("invoices", content=b" " * 1_048_577, headers=JSON), 413),
    "a stale version": (lambda api, path: api.patch(path, json={}, headers={"If-Match": '"9"'}), 412),
    "a step that is none": (lambda api, path: api.patch(path, json={"status": "paid"}), 409),
    "what is known": (lambda api, path: api.get(path, headers={"If-None-Match": "*"}), 304),
}


@pytest.mark.parametrize("case", OUTCOMES)
def test_a_request_costs_a_credit_whatever_its_outcome_and_shows_the_rest(api, case):
    send, status = OUTCOMES[case]
    path = f"invoices/{draft_invoice(api)['id']}"
    assert cost_of(api, lambda: send(api, path)) == (1, status)
    response = send(api, path)
    assert response.headers["RateLimit-Policy"] == POLICY.format(limit=1_000_000)
    assert response.headers["X-RateLimit-Remaining"] == str(left(api))


def test_a_request_beyond_the_keys_scope_costs_a_credit(organization):
    api = organization.api(scopes=["leaves:read"])
    assert cost_of(api, lambda: api.get("invoices")) == (1, 403)


def test_head_costs_the_same_as_get(api):
    assert cost_of(api, lambda: api.head("invoices")) == (1, 200)


def test_a_404_route_a_405_and_options_cost_nothing(api):
    assert cost_of(api, lambda: api.get("nowhere")) == (0, 404)
    assert cost_of(api, lambda: api.delete("invoices")) == (0, 405)
    assert cost_of(api, lambda: api.options("invoices")) == (0, 200)


def test_a_request_with_a_wrong_key_costs_nobody_anything(organization, api):
    with Api(organization.url, f"{api.key[:-1]}{'a' if api.key[-1] != 'a' else 'b'}") as stranger:
        assert cost_of(api, lambda: stranger.get("invoices")) == (0, 401)


def test_me_is_free_and_answers_without_credit(organization):
    api = organization.api(limit=1)
    assert left(api) == 1
    api.read("invoices")
    for _ in range(3):
        credits = api.read("me")["credits"]
        assert (credits["limit"], credits["used"], credits["remaining"]) == (1, 1, 0)


def test_refused_requests_are_not_counted(organization):
    api = organization.api(limit=1)
    api.read("invoices")
    for _ in range(3):
        assert error_of(api.get("invoices"), 429, "rate_limited")["used"] == 1


def test_every_authenticated_response_shows_limit_remaining_and_reset(organization):
    api = organization.api(limit=2)
    for remaining, send in enumerate([lambda: api.get("invoices"), lambda: api.post("invoices", json=invoice_body())]):
        headers = send().headers
        reset = headers["X-RateLimit-Reset"]
        assert headers["RateLimit-Policy"] == POLICY.format(limit=2)
        assert headers["RateLimit"] == f'"rolling-30d";r={1 - remaining};t={reset}'
        assert headers["X-RateLimit-Limit"] == "2"
        assert headers["X-RateLimit-Remaining"] == str(1 - remaining)
        assert 0 < int(reset) <= 2_592_000


def test_a_key_that_spent_nothing_has_nothing_to_wait_for(organization):
    api = organization.api(limit=7)
    response = api.get("me")
    assert response.headers["RateLimit"] == '"rolling-30d";r=7;t=0'
    credits = data_of(response, 200)["credits"]
    assert (credits["resetAt"], credits["fullyResetAt"]) == (None, None)


def test_a_response_without_a_key_shows_no_credits(organization):
    with Api(organization.url, None) as nobody:
        assert not [name for name in nobody.get("invoices").headers if "ratelimit" in name.lower()]
