"""Whatever a parameter, an id, a header or a field holds, it is data: to PostgreSQL, to the log and to HTTP."""

import re

import pytest

from tests.support.cases import all_cases
from tests.support.openapi import ROUTES
from tests.support.raw_http import exchange, request
from tests.support.scenarios import draft_invoice, invoice_body

PAYLOADS = [
    "'",
    "''",
    '"',
    "\\",
    "\\'",
    "';--",
    "' OR '1'='1",
    "' OR 1=1--",
    "1; DROP TABLE events",
    "'; SELECT pg_sleep(20)--",
    "' || pg_sleep(20) || '",
    "1 UNION SELECT version()",
    "') UNION SELECT email FROM users--",
    "$$; SELECT 1; $$",
    "$1",
    "%s",
    "%(org)s",
    "%",
    "%%",
    "_",
    "{0}",
    "{{7*7}}",
    "${7*7}",
    "E'\\x27'",
    "\u02bc OR 1=1",
    "\uff07 OR 1=1",
    "x\u2028y",
    "*",
    "(((((((((((",
    "../../etc/passwd",
    "%00",
    "a\r\nX-Injected: 1",
]
LEAKS = re.compile(r"psycopg|syntax error|Traceback|pg_catalog|\.py\b|SQLSTATE|relation \"|49\b.*7\*7|PostgreSQL \d")
GETS = [(path, resource.operations["GET"]) for path, resource in ROUTES if "GET" in resource.operations]
PARAMETERS = [(path, name) for path, operation in GETS for name in operation.query]


@pytest.fixture
def manager(organization):
    """A client with a key that may read all, keys too."""
    return organization.managing_api()


def assert_harmless(response, *statuses):
    assert response.status_code in statuses, f"{response.status_code}: {response.text}"
    assert not LEAKS.search(response.text), response.text
    assert "x-injected" not in response.headers


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.long)], ids=["every seventh", "all"])
@all_cases("payload", PAYLOADS, ids=ascii)
def test_in_every_parameter_of_every_read(manager, payload, step):
    """The short form tries each text in every seventh parameter, and so each parameter with a seventh of the texts."""
    assert len(PARAMETERS) > 39
    for path, name in PARAMETERS[PAYLOADS.index(payload) % step :: step]:
        address = path.replace("{id}", "x").removeprefix("/api/v1/")
        key = f"{name}[orderId]" if name == "metadata" else name
        assert_harmless(manager.get(address, params={key: payload}), 200, 400, 404)


@all_cases("payload", PAYLOADS, ids=ascii)
def test_in_names_ids_and_headers(api, payload):
    encoded = payload.encode().decode("latin-1").replace("\r\n", " ")
    for response in (
        api.get("invoices", params={payload: "x"}),
        api.get("invoices", params={f"metadata[{payload}]": "x"}),
    ):
        assert_harmless(response, 200, 400)
    for address in ("invoices/{}", "bills/{}/events", "leaves/{}"):
        assert_harmless(api.get(address.format(re.sub(r"[\s\S]", lambda each: _escaped(each[0]), payload))), 404)
    for header in ("If-None-Match", "X-Request-Id", "User-Agent", "Origin", "Cookie", "Accept", "X-Forwarded-For"):
        assert_harmless(api.get("invoices", headers={header: encoded.encode("latin-1")}), 200)
    for header in ("Idempotency-Key", "If-Match"):
        path = f"invoices/{draft_invoice(api)['id']}"
        assert_harmless(api.patch(path, json={}, headers={header: encoded.encode("latin-1")}), 200, 400, 412)


def _escaped(character):
    return "".join(f"%{byte:02X}" for byte in character.encode())


@all_cases("payload", PAYLOADS, ids=ascii)
def test_a_text_is_stored_as_it_was_sent(api, payload):
    invoice = draft_invoice(api, clientName=payload, notes=payload, metadata={"note": payload})
    assert (invoice["clientName"], invoice["notes"], invoice["metadata"]["note"]) == (payload,) * 3
    assert api.read(f"invoices/{invoice['id']}") == invoice
    if payload.isascii() and "\r" not in payload:
        assert [each["id"] for each in api.read("invoices", **{"metadata[note]": payload})] == [invoice["id"]]


@all_cases("payload", PAYLOADS, ids=ascii)
def test_in_the_place_of_a_value_of_another_type(api, payload):
    for field in ("invoiceNumber", "invoiceDate", "currency", "items", "metadata"):
        assert_harmless(api.post("invoices", json=invoice_body(**{field: payload})), 422)


@all_cases("break_", ["%0d%0a", "%0a", "%0d", "\u560d\u560a"])
@all_cases("path", ["/api/v1/invoices/x{}X-Injected:1", "/home?x={}X-Injected:1", "/login?next=/{}X-Injected:1"])
def test_a_line_break_in_an_address_begins_no_header(service, path, break_):
    target = path.format(break_).encode().decode("latin-1")
    response = exchange(service.url, request(target).replace(target.encode(), target.encode("latin-1")))
    assert response.status in (200, 303, 400, 401, 404) and "x-injected" not in response.headers


def test_nothing_was_dropped_or_slept(api, owner):
    assert owner.execute("SELECT count(*) > 0 FROM events").fetchone() == (True,)
    assert api.read("invoices") == []
