"""The Postman collection: every operation of the OpenAPI document, in format 2.1, as requests that work."""

from __future__ import annotations

import json
import re
import uuid

import httpx
import pytest

from api.docs.postman import SCHEMA
from tests.support.client import data_of, error_of
from tests.support.openapi import build_document, operations

DOCUMENT = build_document()


@pytest.fixture(scope="module")
def served(service):
    return httpx.get(f"{service.url}/docs/postman.json", trust_env=False).json()


def requests(served):
    """Return the requests by their names."""
    return {item["name"]: item["request"] for folder in served["item"] for item in folder["item"]}


def sent(served, request, api, **variables):
    """Send the request as Postman does."""
    values = {each["key"]: each["value"] for each in served["variable"]}
    path = [variables[step[1:]] if step.startswith(":") else step for step in request["url"]["path"]]
    on = {each["key"]: each["value"] for each in request["header"] if not each.get("disabled")}
    headers = {name: value.replace("{{$guid}}", str(uuid.uuid4())) for name, value in on.items()}
    url = "/".join([values["baseUrl"], *path])
    return api.request(request["method"], url, headers=headers, content=request.get("body", {}).get("raw"))


def test_it_names_its_format(served):
    assert served["info"]["schema"] == SCHEMA
    assert {"_postman_id", "name", "description", "schema"} == set(served["info"])


def test_every_operation_is_once_in_the_folder_of_its_module(served):
    names = [(folder["name"], item["name"]) for folder in served["item"] for item in folder["item"]]
    described = [(each["tags"][0], each["summary"]) for _, _, each in operations(DOCUMENT).values()]
    assert sorted(names) == sorted(described)


def test_every_request_except_the_public_ones_sends_the_key(served):
    assert served["auth"]["bearer"] == [{"key": "token", "value": "{{apiKey}}", "type": "string"}]
    assert "apiKey" in {each["key"] for each in served["variable"]}
    public = {name for name, request in requests(served).items() if request.get("auth") == {"type": "noauth"}}
    assert public == {each["summary"] for _, _, each in operations(DOCUMENT).values() if each.get("security") == []}


def test_each_address_is_given_as_text_and_in_parts(served):
    for request in requests(served).values():
        url = request["url"]
        assert url["raw"] == "/".join([*url["host"], *url["path"]]) and url["host"] == ["{{baseUrl}}"]
        assert [each["key"] for each in url.get("variable", [])] == [
            step[1:] for step in url["path"] if step.startswith(":")
        ]


def test_requests_use_the_id_of_the_last_created_object(served):
    variables = {each["key"] for each in served["variable"]}
    kept = {
        item["request"]["url"]["raw"].rpartition("/")[2]: item["event"][0]["script"]["exec"][0]
        for folder in served["item"]
        for item in folder["item"]
        if "event" in item
    }
    created = {
        "invoices": "invoiceId",
        "bills": "billId",
        "leaves": "leaveId",
        "parties": "partyId",
        "webhooks": "webhookId",
    }
    created |= {
        "keys": "apiKeyId",
        "employees": "employeeId",
        "credit-notes": "creditNoteId",
        "debit-notes": "debitNoteId",
    }
    created |= {"vendor-credits": "vendorCreditId"}
    for name, id in created.items():
        assert id in variables and f'set("{id}", pm.response.json().data.id)' in kept[name]
    asked = {each["value"] for request in requests(served).values() for each in request["url"].get("variable", [])}
    assert asked == {f"{{{{{id}}}}}" for id in (*created.values(), "paymentId", "refundId", "deliveryId", "eventId")}
    assert 'set("paymentId", pm.response.json().data.payments.at(-1).id)' in kept["payments"]
    assert 'set("refundId", pm.response.json().data.refunds.at(-1).id)' in kept["refunds"]


def test_only_required_headers_and_parameters_are_enabled(served):
    for request in requests(served).values():
        on = {each["key"] for each in request["header"] if not each.get("disabled")}
        assert on <= {"Content-Type", "Idempotency-Key"}
        assert all(each["disabled"] for each in request["url"].get("query", []))


def test_every_body_is_json(served):
    bodies = [request["body"] for request in requests(served).values() if "body" in request]
    assert len(bodies) == sum("requestBody" in each for _, _, each in operations(DOCUMENT).values())
    assert all(body["mode"] == "raw" and isinstance(json.loads(body["raw"]), dict) for body in bodies)


def test_an_invoice_can_be_drafted_sent_and_paid_with_it(served, api):
    named = {each["operationId"]: requests(served)[each["summary"]] for _, _, each in operations(DOCUMENT).values()}
    invoice = data_of(sent(served, named["createInvoice"], api), 201)
    assert invoice["totalAmount"] == "82600.00"
    data_of(sent(served, named["updateInvoice"], api, id=invoice["id"]), 200)
    paid = data_of(sent(served, named["recordInvoicePayment"], api, id=invoice["id"]), 201)
    assert paid["status"] == "paid"
    assert data_of(sent(served, named["getInvoice"], api, id=invoice["id"]), 200) == paid
    error_of(sent(served, named["getInvoice"], api, id="inv_0"), 404, "not_found")


def test_links_in_its_texts_work_outside_of_this_site(served, service):
    links = re.findall(r"\]\(([^)\s]+)\)", json.dumps(served))
    assert links and all(link.startswith((f"{service.url}/", "#")) for link in links), links
