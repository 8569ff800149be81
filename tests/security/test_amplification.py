"""A failure is about as small as a failure should be, however many fields or parameters of a request are wrong."""

import pytest

from api.http.errors import MAX_DETAILS
from domain.errors.violation import MAX_VIOLATIONS
from tests.support.client import error_of
from tests.support.scenarios import draft_invoice, invoice_body

MAX_BYTES = 64 * 1024


def names(count, length=1):
    """So many different names of at least this length."""
    return [f"{number:x}".rjust(length, "x") for number in range(count)]


BODIES = {
    "many short names": lambda: dict.fromkeys(names(100_000), 0),
    "one long name": lambda: {"x" * 1_000_000: 0},
    "many long names": lambda: dict.fromkeys(names(900, 1000), 0),
    "names that grow when they are escaped": lambda: dict.fromkeys(('"' * 400 + name for name in names(900)), 0),
    "items": lambda: {"items": [dict.fromkeys(names(300), 0)] * 200},
    "items without fields": lambda: {"items": [{}] * 200},
    "metadata": lambda: {"metadata": dict.fromkeys((f"{name} !" for name in names(60_000)), 0)},
}


@pytest.mark.parametrize("make_body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_body_of_a_megabyte_gets_a_small_failure(api, method, make_body):
    path = "invoices" if method == "POST" else f"invoices/{draft_invoice(api)['id']}"
    response = api.request(method, path, json=make_body())
    error = error_of(response, 422, response.json()["error"]["code"])
    assert len(response.content) < MAX_BYTES and len(error["details"]) <= MAX_DETAILS
    assert len(error["message"]) < 2500


def test_the_last_entry_says_how_many_more_are_wrong(api):
    error = error_of(
        api.post("invoices", json={**invoice_body(), **dict.fromkeys(names(500), 0)}), 422, "unknown_field"
    )
    *shown, last = error["details"]
    assert [entry["field"] for entry in shown] == names(500)[: MAX_DETAILS - 1]
    assert (last["field"], last["code"]) == ("", "unknown_field")
    assert last["message"].startswith(f"{500 - MAX_DETAILS + 1} more are wrong")
    assert error["message"] == f"Some fields are wrong: {', '.join(names(10))}, and 490 more. See details for each."


@pytest.mark.parametrize("is_metadata", [False, True])
def test_not_all_wrong_fields_of_a_huge_body_are_looked_for(api, is_metadata):
    """Seen red when all are: then such a body takes the service a second."""
    wrong = dict.fromkeys(names(100_000), 0)
    body = {"metadata": wrong} if is_metadata else wrong
    error = error_of(api.post("invoices", json=body), 422, response_code(body))
    others = MAX_VIOLATIONS - MAX_DETAILS + 1
    assert error["details"][-1]["message"].startswith(f"at least {others} more are wrong")
    assert f"and at least {MAX_VIOLATIONS - 10} more" in error["message"]


def response_code(body):
    return "validation_failed" if "metadata" in body else "unknown_field"


@pytest.mark.parametrize("count", [1, 99, 100])
def test_up_to_100_every_wrong_field_is_listed(api, count):
    error = error_of(
        api.post("invoices", json={**invoice_body(), **dict.fromkeys(names(count), 0)}), 422, "unknown_field"
    )
    assert [entry["field"] for entry in error["details"]] == names(count)


def test_a_long_name_is_cut(api):
    (entry,) = error_of(api.post("invoices", json={**invoice_body(), "x" * 201: 0}), 422, "unknown_field")["details"]
    assert entry["field"] == f"{'x' * 200}…"
    (entry,) = error_of(api.post("invoices", json={**invoice_body(), "x" * 200: 0}), 422, "unknown_field")["details"]
    assert entry["field"] == "x" * 200


@pytest.mark.parametrize("query", ["&".join(f"{name}=" for name in names(700)), f"{'x' * 3900}="])
def test_a_query_gets_a_small_failure_too(api, query):
    response = api.get(f"invoices?{query}")
    error = error_of(response, 400, "unknown_parameter")
    assert len(response.content) < MAX_BYTES and len(error["message"]) < 8000
    if "&" in query:
        assert error["details"][-1]["message"].startswith("601 more are wrong")


def test_nothing_else_repeats_what_was_sent_at_length(api):
    """A URL has at most 4 KiB and a header at most 16; a body is never repeated."""
    responses = [
        api.get("invoices/" + "x" * 4000),
        api.post("invoices", json=invoice_body(), headers={"Idempotency-Key": "x" * 15_000}),
        api.patch(f"invoices/{draft_invoice(api)['id']}", json={}, headers={"If-Match": "x" * 15_000}),
        api.post("invoices", content=b"x" * 1_000_000, headers={"Content-Type": "application/json"}),
        api.post("invoices", json={**invoice_body(), "currency": "x" * 1_000_000}),
        api.post("invoices", json={**invoice_body(), "invoiceDate": "x" * 1_000_000}),
        api.get("invoices", params={"sort": "x" * 3900}),
        api.get("invoices", params={"cursor": "x" * 3900}),
    ]
    assert all(response.status_code in (400, 404, 412, 422) and len(response.content) < 5000 for response in responses)
