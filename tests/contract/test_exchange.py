"""What all requests and responses share: envelope, headers, HEAD and OPTIONS, versions, timestamps and decimals."""

import json
import re
import socket

import httpx
import pytest

from tests.support.cases import all_cases
from tests.support.client import error_of
from tests.support.scenarios import draft_invoice, invoice_body, partially_paid_invoice, sent_invoice

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
DECIMAL = re.compile(r"\d+(\.\d+)?")
RESOURCE = (
    "id invoiceNumber status clientId clientName currency invoiceDate dueDate subTotal taxTotal totalAmount amountPaid "
    "amountSettled balanceDue isOverdue notes metadata sentAt paidAt voidedAt createdAt updatedAt version "
    "availableActions items payments"
)


def test_the_resource_has_the_fields_of_the_contract_in_their_order(api):
    assert " ".join(partially_paid_invoice(api)) == RESOURCE


def test_a_new_invoice_has_a_location_and_an_etag(api, organization):
    response = api.post("invoices", json=invoice_body())
    invoice = response.json()["data"]
    assert response.headers["Location"] == f"{organization.url}/api/v1/invoices/{invoice['id']}"
    assert response.headers["ETag"] == '"1"'
    assert api.get(response.headers["Location"]).json() == {"success": True, "data": invoice}


def test_post_get_and_patch_return_the_same_shape(api):
    invoice = draft_invoice(api)
    path = f"invoices/{invoice['id']}"
    patched = api.update(path, {"notes": "x"})
    assert api.read(path) == patched
    assert set(invoice) == set(patched)


def test_timestamps_have_microseconds_and_dates_are_days(api):
    invoice = sent_invoice(api)
    assert all(INSTANT.fullmatch(invoice[name]) for name in ("createdAt", "updatedAt", "sentAt"))
    assert all(DAY.fullmatch(invoice[name]) for name in ("invoiceDate", "dueDate"))


def test_timestamps_have_microseconds_on_the_whole_second(api, organization, owner):
    owner.execute(
        "UPDATE org_log SET recorded_at = '2099-01-01 00:00:00.999999+00' WHERE org_id = %s", (organization.id,)
    )
    assert draft_invoice(api, dueDate="2099-12-31")["createdAt"] == "2099-01-01T00:00:01.000000Z"


def test_every_decimal_is_returned_as_a_string(api):
    invoice = partially_paid_invoice(api)
    line, payment = invoice["items"][0], invoice["payments"][0]
    decimals = [invoice[name] for name in ("subTotal", "taxTotal", "totalAmount", "amountPaid", "balanceDue")]
    decimals += [line[name] for name in ("quantity", "unitPrice", "taxRate", "amount", "taxAmount", "totalAmount")]
    assert all(isinstance(value, str) and DECIMAL.fullmatch(value) for value in [*decimals, payment["amount"]])
    assert (line["quantity"], line["unitPrice"], line["taxRate"]) == ("20", "3500.00", "18")


@all_cases("number", ["0.1", '"0.1"', "1e-1", '"1E-1"', "0.1000", "0.100000000000000000000000000000"])
def test_a_decimal_is_accepted_exactly_as_a_number_or_a_string(api, number):
    body = (
        '{"clientId":"a","invoiceDate":"2026-01-10","dueDate":"2026-01-10","items":'
        f'[{{"description":"a","quantity":3,"unitPrice":{number},"taxRate":0}}]}}'
    )
    response = api.post("invoices", content=body, headers={"Content-Type": "application/json"})
    assert response.json()["data"]["totalAmount"] == "0.30"


@all_cases("own", ["a", "A-Z_0.9", "x" * 128])
def test_a_callers_request_id_is_kept(api, own):
    assert api.get("invoices", headers={"X-Request-Id": own}).headers["X-Request-Id"] == own


@all_cases("own", ["", "x" * 129, "a b", "a/b", "ü", "a,b"])
def test_an_invalid_request_id_is_replaced(api, own):
    response = api.get("invoices/x", headers={"X-Request-Id": own.encode("latin-1")})
    assert re.fullmatch(r"req_[0-9a-f]{24}", response.headers["X-Request-Id"])
    error_of(response, 404, "not_found")


@pytest.mark.parametrize("path", ["nowhere", "invoices", "me"])
def test_every_response_has_its_own_request_id(organization, path):
    with httpx.Client(base_url=f"{organization.url}/api/v1/") as nobody:
        ids = {nobody.get(path).headers["X-Request-Id"] for _ in range(3)}
    assert len(ids) == 3


@all_cases("path", ["invoices", "invoices/{id}", "invoices/x", "me", "invoices?limit=0"])
def test_head_is_get_without_the_body(api, path):
    path = path.format(id=draft_invoice(api)["id"])
    response, head = api.get(path), api.head(path)
    assert (head.status_code, head.content) == (response.status_code, b"")
    same = ("Content-Type", "ETag", "X-RateLimit-Limit")
    assert [head.headers.get(name) for name in same] == [response.headers.get(name) for name in same]


def test_head_costs_the_same_as_get(api):
    before = api.read("me")["credits"]["used"]
    assert api.head("invoices").headers["X-RateLimit-Remaining"] == str(1_000_000 - before - 1)


def test_head_without_a_get_is_a_wrong_method(api):
    response = api.head("invoices/x/payments")
    assert (response.status_code, response.headers["Allow"], response.content) == (405, "POST, OPTIONS", b"")


@all_cases(
    ("path", "allowed"),
    [
        ("invoices", {"GET", "POST", "HEAD", "OPTIONS"}),
        ("invoices/x", {"GET", "PATCH", "HEAD", "OPTIONS"}),
        ("invoices/x/payments", {"POST", "OPTIONS"}),
        ("me", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_options_needs_no_key(organization, path, allowed):
    response = httpx.options(f"{organization.url}/api/v1/{path}")
    assert (response.status_code, set(response.headers["Allow"].split(", ")), response.content) == (200, allowed, b"")


def test_a_trailing_slash_makes_no_difference(api):
    invoice = api.create("invoices/", invoice_body())
    assert api.read(f"invoices/{invoice['id']}/") == invoice
    assert api.update(f"invoices/{invoice['id']}/", {"status": "sent"})["status"] == "sent"
    assert api.create(f"invoices/{invoice['id']}/payments/", {"amount": 1, "paidOn": "2026-01-20"})["version"] == 3
    assert api.read("me/")["credits"]["used"] > 0


@all_cases("tags", ['"1"', 'W/"1"', '"7", "1"', "*", '"7",W/"1"'])
def test_a_known_etag_is_answered_with_304(api, tags):
    response = api.get(f"invoices/{draft_invoice(api)['id']}", headers={"If-None-Match": tags})
    assert (response.status_code, response.content, response.headers["ETag"]) == (304, b"", '"1"')


@all_cases("tags", ['"2"', '"11"', "1x", '""', ""])
def test_an_unknown_etag_is_answered_with_the_object(api, tags):
    assert api.get(f"invoices/{draft_invoice(api)['id']}", headers={"If-None-Match": tags}).status_code == 200


@all_cases("tags", ['"1"', "*", '"7", "1"'])
def test_if_match_with_the_current_version_is_accepted(api, tags):
    path = f"invoices/{draft_invoice(api)['id']}"
    response = api.patch(path, json={"notes": "x"}, headers={"If-Match": tags})
    assert (response.status_code, response.headers["ETag"]) == (200, '"2"')


@all_cases("tags", ['"2"', '"0"', 'W/"1"', '"x"', '"' + "1" * 5000 + '"', '"１"'])
def test_if_match_with_another_version_is_refused(api, tags):
    path = f"invoices/{draft_invoice(api)['id']}"
    response = api.patch(path, json={"notes": "x"}, headers={"If-Match": tags.encode()})
    error_of(response, 412, "precondition_failed")
    assert api.read(path)["version"] == 1


@all_cases(("method", "body"), [("GET", None), ("PATCH", {})])
def test_a_request_without_parameters_refuses_them(api, method, body):
    path = f"invoices/{draft_invoice(api)['id']}?expand=items&x="
    error = error_of(api.request(method, path, json=body), 400, "unknown_parameter")
    assert [detail["field"] for detail in error["details"]] == ["expand", "x"]


@pytest.mark.parametrize("path", ["invoices", "invoices/x", "invoices?limit=0"])
def test_every_response_to_a_key_shows_its_credits(api, path):
    headers = api.get(path).headers
    remaining = 999_999
    assert headers["RateLimit-Policy"] == '"rolling-30d";q=1000000;w=2592000'
    assert re.fullmatch(rf'"rolling-30d";r={remaining};t=\d+', headers["RateLimit"])
    assert (headers["X-RateLimit-Limit"], headers["X-RateLimit-Remaining"]) == ("1000000", str(remaining))
    assert 0 < int(headers["X-RateLimit-Reset"]) <= 2_592_000


@all_cases(
    "request_head",
    [
        b"x" * 9000 + b" / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nExpect: a miracle\r\n\r\n",
        b"POST /api/v1/invoices HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
        b"nonsense\r\n\r\n",
    ],
    ids=["a long method", "an expectation", "no length", "no HTTP"],
)
def test_malformed_http_is_refused_in_the_error_shape(service, request_head):
    url = httpx.URL(service.url)
    with socket.create_connection((url.host, url.port), 10) as connection:
        connection.sendall(request_head)
        head, _, body = b"".join(iter(lambda: connection.recv(65536), b"")).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    error = json.loads(body)["error"]
    assert f"X-Request-Id: {error['requestId']}".encode() in head
    assert (error["status"], error["docUrl"]) == (400, f"{service.url}/docs/guides/errors#invalid_parameter")


def sent(service, head):
    """The status line and the body of the answer to these bytes."""
    url = httpx.URL(service.url)
    with socket.create_connection((url.host, url.port), 10) as connection:
        connection.sendall(head + b"\r\nConnection: close\r\n\r\n")
        headers, _, body = b"".join(iter(lambda: connection.recv(65536), b"")).partition(b"\r\n\r\n")
    return headers.partition(b"\r\n")[0].decode(), body


@all_cases("host", [b"[", b"a[b", b"x<script>", b"x/y", b"u@x", "\u00e9".encode(), b"x:http"])
@all_cases("path", [b"/api/v1/me", b"/login", b"/docs/guides/quickstart"])
def test_an_invalid_host_is_refused(service, path, host):
    status, body = sent(service, b"GET " + path + b" HTTP/1.1\r\nHost: " + host)
    assert status.startswith("HTTP/1.1 400 ") and b"The header Host is not a valid host" in body
    assert path == b"/login" or json.loads(body)["error"]["docUrl"].startswith("http://localhost/docs/")


@all_cases("host", [b"localhost", b"a-b_c.example.in:8000", b"[::1]:8000", b"127.0.0.1"])
def test_a_host_may_be_a_name_or_an_address(service, host):
    assert sent(service, b"GET /login HTTP/1.1\r\nHost: " + host)[0] == "HTTP/1.1 200 OK"


def test_options_of_the_server_itself_is_no_fault(service):
    status, body = sent(service, b"OPTIONS * HTTP/1.1\r\nHost: x")
    assert status == "HTTP/1.1 404 Not Found" and json.loads(body)["error"]["code"] == "not_found"


def test_an_empty_body_is_not_json(api):
    error_of(api.post("invoices"), 400, "malformed_json")
