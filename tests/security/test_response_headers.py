"""Each response has the security headers of what it is, whatever path, method or error led to it."""

import re

import pytest

from api.console.page import ConsolePage
from api.docs.landing.page import LandingPage
from api.pages.responses import CachedPage, DailyPage, PageByOrigin
from api.pages.security_headers import CONSOLE_PAGE
from api.search.page import Search
from infra.identity.organizations import get_test_organization
from tests.support.cases import all_cases
from tests.support.client import Api
from tests.support.mcp import message, post
from tests.support.openapi import ALL_ROUTES, ROUTES
from tests.support.organization import Organization
from tests.support.raw_http import exchange, request
from tests.support.scenarios import draft_invoice, invoice_body

CONSOLE = {name.lower(): value for name, value in CONSOLE_PAGE.items()}
PUBLIC = (CachedPage, DailyPage, LandingPage, PageByOrigin, Search)
"""The resources whose responses are the same for everybody, so that every cache may keep them."""
PRIVATE = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


def of(response, wanted):
    """The headers of the response that are wanted."""
    return {name: value for name, value in response.headers.items() if name in wanted}


def path_of(template):
    """A path that fits the template of a route."""
    return re.sub(r"\{\w+\}", "x", template)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "PUT", "BREW"])
@all_cases(("path", "resource"), ALL_ROUTES, ids=[path for path, _ in ALL_ROUTES])
def test_it_has_the_headers_of_its_resource_for_every_method(service, path, resource, method):
    response = exchange(service.url, request(path_of(path), method=method))
    assert response.headers["x-content-type-options"] == "nosniff"
    if isinstance(resource, ConsolePage):
        assert of(response, CONSOLE) == CONSOLE
    elif isinstance(resource, PUBLIC) and response.status == 200 and method in ("GET", "HEAD"):
        assert response.headers["cache-control"].startswith("public") and "referrer-policy" in response.headers
    elif not (path.endswith("/openapi.json") and response.status == 200 and method in ("GET", "HEAD")):
        assert response.headers["cache-control"] == "no-store"
    if response.headers.get("content-type", "").startswith("text/html"):
        assert "default-src 'none'" in response.headers["content-security-policy"]


CONSOLE_ERRORS = {
    "no session": (303, request("/home")),
    "no page": (404, request("/settings/nothing")),
    "no page below a page": (404, request("/login/more")),
    "a method": (405, request("/login", method="PUT")),
    "an unknown method": (405, request("/login", method="BREW")),
    "no token": (403, request("/login", "Content-Type: application/x-www-form-urlencoded", method="POST", body="a=1")),
    "no form": (415, request("/login", "Content-Type: application/json", method="POST", body="{}")),
    "a used link": (410, request("/password/spent")),
    "U+0000": (404, request("/login/%00")),
    "a wrong host": (400, request("/login").replace(b"localhost", b"a/b")),
}


@all_cases(("status", "sent"), CONSOLE_ERRORS.values(), ids=CONSOLE_ERRORS)
def test_an_error_or_redirect_of_the_console_has_the_headers_of_a_page(service, status, sent):
    response = exchange(service.url, sent)
    assert response.status == status and of(response, CONSOLE) == CONSOLE


@pytest.mark.parametrize(("path", "status"), [("/home", 200), ("/settings", 303), ("/login", 303), ("/logout", 200)])
def test_a_page_or_redirect_of_a_session_is_stored_by_no_cache(console, path, status):
    response = console().get(path)
    assert response.status_code == status and of(response, CONSOLE) == CONSOLE


@pytest.mark.parametrize("role", ["owner", "viewer"])
def test_so_is_every_page_whatever_it_answers_to_a_session(console, organization, role):
    browser, ids = console(role), {"id": organization.new_key().row["id"], "token": "spent"}
    statuses = set()
    for path, resource in ALL_ROUTES:
        if isinstance(resource, ConsolePage):
            response = browser.get(path.format_map({**ids, "deliveryId": "dlv_1", "replayId": "rpl_1"}))
            assert of(response, CONSOLE) == CONSOLE, path
            statuses.add(response.status_code)
    assert statuses >= ({200, 303, 404, 405, 410} if role == "owner" else {200, 303, 403, 404, 405, 410})


REFUSED_BY_THE_SERVER = {
    400: b"nonsense\r\n\r\n",
    414: request("/" + "x" * 5000),
    431: request("/login", "X: " + "x" * 17_000),
}


@pytest.mark.parametrize("status", REFUSED_BY_THE_SERVER)
def test_so_is_a_refusal_that_the_server_makes(service, status):
    response = exchange(service.url, REFUSED_BY_THE_SERVER[status])
    assert response.status == status and of(response, PRIVATE) == PRIVATE


def test_so_is_every_response_to_a_key(organization):
    api, reader = organization.api(), organization.api(["billing:read"])
    invoice = draft_invoice(api)
    path = f"invoices/{invoice['id']}"
    json, text = ({"Content-Type": kind} for kind in ("application/json", "text/plain"))
    key = organization.new_key(limit=1)
    with Api(organization.url, key.raw) as spent:
        spent.get("invoices")
        responses = [
            api.get("invoices"),
            api.post("invoices", json=invoice_body()),
            api.get(path, headers={"If-None-Match": '"1"'}),
            api.head(path),
            api.get("invoices", params={"limit": 0}),
            api.get("me", headers={"Authorization": "Bearer x"}),
            reader.patch(path, json={}),
            api.get("invoices/x"),
            api.put(path),
            api.post("invoices", json={**invoice_body(), "invoiceNumber": invoice["invoiceNumber"]}),
            api.patch(path, json={"notes": "x"}, headers={"If-Match": '"9"'}),
            api.post("invoices", content=b"x" * 1_100_000, headers=json),
            api.post("invoices", content=b"x", headers=text),
            api.patch(path, json={"colour": "red"}),
            spent.get("invoices"),
        ]
    statuses = [response.status_code for response in responses]
    assert statuses == [200, 201, 304, 200, 400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 429]
    assert all(of(response, PRIVATE) == PRIVATE for response in responses)


def test_so_is_the_response_of_every_operation_to_a_key_also_of_test_mode_and_of_ai_clients(organization, owner):
    test_mode = Organization(organization.url, owner, id=get_test_organization(owner, organization.id))
    for place in (organization, test_mode):
        api = place.managing_api()
        for path, resource in ROUTES:
            for method, operation in resource.operations.items():
                if not operation.public:
                    response = api.request(method, f"{organization.url}{path_of(path)}", json=None)
                    assert of(response, PRIVATE) == PRIVATE, (method, path)
        assert of(post(api, message("tools/list")), PRIVATE) == PRIVATE
    test_mode.close()


def test_the_etag_of_an_object_and_its_304_stay(api):
    path = f"invoices/{draft_invoice(api)['id']}"
    response, again = api.get(path), api.get(path, headers={"If-None-Match": '"1"'})
    assert (response.headers["ETag"], again.status_code, again.headers["ETag"]) == ('"1"', 304, '"1"')


def test_a_public_page_can_be_stored_and_is_answered_with_304(service):
    response = exchange(service.url, request("/docs/guides/lists"))
    assert response.headers["cache-control"] == "public, max-age=300"
    again = exchange(service.url, request("/docs/guides/lists", f"If-None-Match: {response.headers['etag']}"))
    assert (again.status, again.headers["cache-control"]) == (304, "public, max-age=300")
