"""Every route of the API: its methods, and the scope that each of them needs."""

from itertools import product

import httpx

from tests.support.cases import all_cases
from tests.support.client import Api, error_of
from tests.support.openapi import ROUTES

Scopes = dict[str, str | None]
BILLING: Scopes = {"GET": "billing:read", "POST": "billing:write", "PATCH": "billing:write"}
LEAVES: Scopes = {"GET": "leaves:read", "POST": "leaves:write", "PATCH": "leaves:write"}
ANY: Scopes = {"GET": None}
SCOPES: dict[str, Scopes] = {
    "invoices": BILLING,
    "bills": BILLING,
    "leaves": LEAVES,
    "parties": BILLING,
    "employees": LEAVES,
    "credit-notes": BILLING,
    "debit-notes": BILLING,
    "vendor-credits": BILLING,
    "webhooks": ANY | {"POST": None, "PATCH": None, "DELETE": None},
    "keys": {"GET": None, "POST": None, "PATCH": None},
    "events": ANY,
    "checkpoint": ANY,
    "me": ANY,
    "organization": ANY,
    "usage": ANY,
    "test/clock": ANY | {"POST": None},
    "test/reset": {"POST": None},
    "requests": ANY,
}
"""The scope that each module asks of each method, to the letter of the contract."""
REVERSAL = "/{id}/payments/{paymentId}/reversal"
REFUND_REVERSAL = "/{id}/refunds/{refundId}/reversal"
RETRY = "/{id}/deliveries/{deliveryId}/retry"
PROOF = "/{eventId}/proof"
PDF = "/{id}/pdf"
PATHS = [
    *product(["invoices", "bills"], ["", "/{id}", "/{id}/events", "/{id}/payments", REVERSAL]),
    *product(["leaves", "parties", "employees"], ["", "/{id}", "/{id}/events"]),
    *product(["credit-notes", "vendor-credits"], ["", "/{id}", "/{id}/events", "/{id}/refunds", REFUND_REVERSAL]),
    *product(["debit-notes"], ["", "/{id}", "/{id}/events"]),
    *product(["invoices", "credit-notes", "debit-notes"], [PDF]),
    *product(["webhooks"], ["", "/{id}", "/{id}/rotate", "/{id}/test", "/{id}/replay", "/{id}/deliveries", RETRY]),
    *product(["keys"], ["", "/{id}", "/{id}/rotate", "/{id}/revoke"]),
    *product(["events"], ["", PROOF]),
    *product(["checkpoint", "me", "organization", "usage", "requests", "test/clock", "test/reset"], [""]),
]
METHODS = {
    "": ["GET", "POST"],
    "/{id}": ["GET", "PATCH", "DELETE"],
    "/{id}/events": ["GET"],
    "/{id}/payments": ["POST"],
    "/{id}/refunds": ["POST"],
    REVERSAL: ["POST"],
    REFUND_REVERSAL: ["POST"],
    "/{id}/rotate": ["POST"],
    "/{id}/revoke": ["POST"],
    "/{id}/test": ["POST"],
    "/{id}/replay": ["GET", "POST", "DELETE"],
    "/{id}/deliveries": ["GET"],
    RETRY: ["POST"],
    PROOF: ["GET"],
    PDF: ["GET"],
}
IDS = {"id": "x", "paymentId": "y", "refundId": "y", "deliveryId": "z", "eventId": "e"}
REQUESTS = [
    (method, f"{module}{rest}".format(**IDS), SCOPES[module][method])
    for module, rest in PATHS
    for method in METHODS[rest]
    if method in SCOPES[module]
]


def test_the_routes_that_need_a_key_are_those_of_the_contract_and_two_need_none():
    guarded = {path for path, resource in ROUTES if not all(each.public for each in resource.operations.values())}
    assert guarded == {f"/api/v1/{module}{rest}" for module, rest in PATHS}
    assert {path for path, _ in ROUTES} - guarded <= {"/api/v1/openapi.json", "/api/v1/assistant"}


@all_cases(("method", "path", "scope"), REQUESTS)
def test_without_a_key_every_guarded_route_is_401(service, method, path, scope):
    with Api(service.url, None) as nobody:
        error_of(nobody.request(method, path), 401, "missing_credentials")


@all_cases(("method", "path", "scope"), [request for request in REQUESTS if request[2]])
def test_a_route_needs_the_scope_of_its_module(organization, method, path, scope):
    others = [other for other in ("billing:read", "billing:write", "leaves:read", "leaves:write") if other != scope]
    response = organization.api(others).request(method, path)
    error = error_of(response, 403, "insufficient_scope")
    assert (error["requiredScope"], error["keyScopes"]) == (scope, others)
    assert organization.api([scope]).request(method, path).status_code in (200, 400, 404)


@all_cases("path", ["events", "checkpoint", "me", "organization", "usage", "requests"])
@all_cases("scope", ["billing:read", "billing:write", "leaves:read", "leaves:write"])
def test_any_valid_key_can_read_the_account_and_the_events(organization, path, scope):
    assert organization.api([scope]).get(path).status_code == 200


def test_the_document_needs_no_key_and_no_credit(organization, api):
    response = httpx.get(f"{organization.url}/api/v1/openapi.json", trust_env=False)
    assert response.status_code == 200 and "X-RateLimit-Limit" not in response.headers
    assert api.get("openapi.json").status_code == 200
    assert api.read("me")["credits"]["used"] == 0


@all_cases(("module", "rest"), PATHS)
def test_options_names_the_methods_and_needs_no_key(service, module, rest):
    response = httpx.options(f"{service.url}/api/v1/{module}{rest}".format(**IDS), trust_env=False)
    wanted = {method for method in METHODS[rest] if method in SCOPES[module]}
    wanted |= {"HEAD", "OPTIONS"} if "GET" in wanted else {"OPTIONS"}
    assert (response.status_code, set(response.headers["Allow"].split(", "))) == (200, wanted)


@all_cases(("method", "path", "scope"), [request for request in REQUESTS if request[0] == "GET"])
def test_head_works_like_get_and_a_trailing_slash_makes_no_difference(api, method, path, scope):
    response, head, slashed = api.get(path), api.head(path), api.get(f"{path}/")
    assert head.status_code == slashed.status_code == response.status_code
    assert head.content == b""
    assert head.headers["Content-Type"] == response.headers["Content-Type"] == "application/json"


@all_cases(("method", "path", "scope"), REQUESTS)
def test_an_unknown_query_parameter_is_refused(organization, method, path, scope):
    response = organization.managing_api().request(method, f"{path}?colour=red", json=None if method == "GET" else {})
    assert error_of(response, 400, "unknown_parameter")["details"][0]["field"] == "colour"


@all_cases(("method", "path", "scope"), REQUESTS)
def test_every_response_to_a_key_has_a_request_id_and_the_credits(api, method, path, scope):
    response = api.request(method, path, headers={"X-Request-Id": "mine"})
    assert response.headers["X-Request-Id"] == "mine"
    limits = [f"X-RateLimit-{name}" for name in ("Limit", "Remaining", "Reset")]
    assert all(name in response.headers for name in ["RateLimit", "RateLimit-Policy", *limits])
