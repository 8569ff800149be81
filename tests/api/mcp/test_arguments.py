"""The arguments of a tool become the request that a client of the API would send."""

import json
from urllib.parse import parse_qsl

import msgspec
import pytest

from api.http.errors import ApiError
from api.mcp.arguments import request_of
from api.mcp.tools import tools_of
from tests.support.cases import all_cases
from tests.support.openapi import build_document

TOOLS = tools_of(build_document())


def request(name, arguments):
    text = arguments if isinstance(arguments, str) else json.dumps(arguments)
    return request_of(TOOLS[name], msgspec.json.decode(text, type=dict[str, msgspec.Raw]))


def refused(name, arguments):
    with pytest.raises(ApiError) as caught:
        request(name, arguments)
    return caught.value


def test_ids_stand_in_the_path_and_fields_in_the_body():
    made = request("reverseInvoicePayment", {"id": "inv_1", "paymentId": "pay_1", "reason": "bounced"})
    assert (made.method, made.path) == ("POST", "/invoices/inv_1/payments/pay_1/reversal")
    assert json.loads(made.body) == {"reason": "bounced"}


def test_an_id_that_looks_like_a_template_stays_itself():
    made = request("reverseInvoicePayment", {"id": "{paymentId}", "paymentId": "pay_1"})
    assert made.path == "/invoices/{paymentId}/payments/pay_1/reversal"


@all_cases("id", ["inv_1/events", "/", "", "a" * 65, "a\n", 7, None])
def test_an_id_cannot_lead_to_another_operation(id):
    error = refused("getInvoice", {"id": id})
    assert (error.status, error.details[0].field) == (400, "id")


def test_a_missing_id_is_refused():
    assert refused("getInvoice", {}).details[0].field == "id"


def test_query_parameters_are_written_as_in_a_url():
    made = request(
        "listInvoices",
        {"status": ["draft", "sent"], "overdue": True, "limit": 5, "search": "a&b=c", "metadata": {"k": "v w"}},
    )
    assert made.body is None
    assert parse_qsl(made.query) == [
        ("status", "draft,sent"),
        ("overdue", "true"),
        ("limit", "5"),
        ("search", "a&b=c"),
        ("metadata[k]", "v w"),
    ]


def test_null_is_no_query_parameter():
    assert request("listInvoices", {"search": None}).query == ""


def test_numbers_keep_all_their_digits():
    made = request("recordInvoicePayment", '{"id": "inv_1", "amount": 0.10000000000000000001}')
    assert made.body == b'{"amount":0.10000000000000000001}'


def test_a_change_has_a_new_idempotency_key_unless_it_is_sent():
    first, second = (request("createInvoice", {}) for _ in range(2))
    assert first.headers["Idempotency-Key"] == first.retry_key != second.retry_key
    assert request("createInvoice", {"idempotencyKey": "k1"}).headers == {"Idempotency-Key": "k1"}


def test_a_read_has_no_idempotency_key():
    assert request("getInvoice", {"id": "inv_1"}).headers == {}


def test_the_version_that_was_read_becomes_the_etag():
    made = request("updateInvoice", {"id": "inv_1", "ifVersion": 3, "idempotencyKey": "k"})
    assert made.headers == {"Idempotency-Key": "k", "If-Match": '"3"'}
    assert made.body == b"{}"


@pytest.mark.parametrize("version", [0, "3", 1.5, True, '"3"'])
def test_another_version_is_refused(version):
    assert refused("updateInvoice", {"id": "inv_1", "ifVersion": version}).details[0].field == "ifVersion"


@pytest.mark.parametrize("key", [7, "line\nbreak", "ключ"])
def test_another_idempotency_key_is_refused(key):
    assert refused("createInvoice", {"idempotencyKey": key}).details[0].field == "idempotencyKey"


def test_a_query_is_no_longer_than_a_url_may_be():
    assert refused("listInvoices", {"search": "x" * 5000}).status == 414
