"""The OpenAPI document over HTTP: served without a key, and true to what the server answers."""

from __future__ import annotations

import json

import httpx
import pytest

from api.openapi.examples import EXAMPLE_ORIGIN
from api.resources import BASE
from tests.support.client import error_of
from tests.support.openapi import build_document, check_answer, operations
from tests.support.scenarios import draft_invoice, invoice_body, partially_paid_invoice, sent_invoice

DOCUMENT = build_document()
OPERATION_IDS = list(operations(DOCUMENT))


@pytest.fixture(scope="module")
def served(service):
    return httpx.get(f"{service.url}{BASE}/openapi.json", trust_env=False)


def test_the_document_is_served_without_a_key_and_is_the_tested_one_with_its_own_address(served, service):
    assert served.json() == json.loads(json.dumps(DOCUMENT).replace(EXAMPLE_ORIGIN, service.url))


@pytest.mark.parametrize("module", ["Invoice", "Bill", "Leave"])
def test_the_example_of_a_creation_returns_the_example_response(api, module):
    _, path, operation = operations(DOCUMENT)[f"create{module}"]
    body = operation["requestBody"]["content"]["application/json"]["example"]
    said = operation["responses"]["201"]["content"]["application/json"]["example"]["data"]
    resource = api.create(path.removeprefix("/"), body)
    assert resource.keys() == said.keys()
    differ = {name for name in resource if resource[name] != said[name]}
    assert differ <= {"id", "createdAt", "updatedAt"}


def test_real_answers_about_invoices_are_as_described(api):
    created = api.post("invoices", json=invoice_body(), headers={"Idempotency-Key": "k-1"})
    check_answer(DOCUMENT, "createInvoice", created)
    check_answer(
        DOCUMENT, "createInvoice", api.post("invoices", json=invoice_body(), headers={"Idempotency-Key": "k-1"})
    )
    id, etag = created.json()["data"]["id"], created.headers["ETag"]
    check_answer(DOCUMENT, "updateInvoice", api.patch(f"invoices/{id}", json={"status": "sent"}))
    paid = api.post(f"invoices/{id}/payments", json={"amount": "1.50", "paidOn": "2026-01-20"})
    check_answer(DOCUMENT, "recordInvoicePayment", paid)
    check_answer(DOCUMENT, "getInvoice", api.get(f"invoices/{id}", params={"version": 1}))
    check_answer(DOCUMENT, "getInvoice", api.get(f"invoices/{id}", headers={"If-None-Match": paid.headers["ETag"]}))
    check_answer(
        DOCUMENT, "updateInvoice", api.patch(f"invoices/{id}", json={"notes": "x"}, headers={"If-Match": etag})
    )
    check_answer(DOCUMENT, "listInvoiceEvents", api.get(f"invoices/{id}/events"))


def test_real_lists_are_as_described(api):
    for make in (draft_invoice, sent_invoice, partially_paid_invoice):
        make(api)
    check_answer(DOCUMENT, "listInvoices", api.get("invoices", params={"limit": 2}))
    check_answer(DOCUMENT, "listInvoices", api.get("invoices", params={"include": "items"}))
    check_answer(DOCUMENT, "listEvents", api.get("events", params={"limit": 2}))
    check_answer(DOCUMENT, "listEvents", api.get("events", params={"order": "desc"}))
    check_answer(DOCUMENT, "getAccount", api.get("me"))
    check_answer(DOCUMENT, "getOrganization", api.get("organization"))
    check_answer(DOCUMENT, "getUsage", api.get("usage", params={"granularity": "hour"}))


@pytest.mark.parametrize("path", ["bills", "leaves"])
def test_real_responses_of_other_tags_are_as_described(api, path):
    name = path.removesuffix("s").capitalize()
    body = operations(DOCUMENT)[f"create{name}"][2]["requestBody"]["content"]["application/json"]["example"]
    created = api.post(path, json=body)
    check_answer(DOCUMENT, f"create{name}", created)
    id = created.json()["data"]["id"]
    check_answer(DOCUMENT, f"create{name}", api.post(path, json=body))
    change = operations(DOCUMENT)[f"update{name}"][2]["requestBody"]["content"]["application/json"]["example"]
    check_answer(DOCUMENT, f"update{name}", api.patch(f"{path}/{id}", json=change))
    check_answer(DOCUMENT, f"get{name}", api.get(f"{path}/{id}"))
    check_answer(DOCUMENT, f"list{name}s", api.get(path))
    check_answer(DOCUMENT, f"list{name}Events", api.get(f"{path}/{id}/events"))


def test_real_refusals_are_as_described(api, organization):
    check_answer(DOCUMENT, "createInvoice", api.post("invoices", json={"clientId": 1, "x": 2}))
    check_answer(DOCUMENT, "createInvoice", api.post("invoices", content=b"{"))
    check_answer(DOCUMENT, "createInvoice", api.post("invoices", content=b"{}", headers={"Content-Type": "text/csv"}))
    check_answer(DOCUMENT, "listInvoices", api.get("invoices", params={"cursor": "x", "limit": 1}))
    check_answer(DOCUMENT, "getInvoice", api.get("invoices/inv_none"))
    check_answer(DOCUMENT, "listInvoices", api.get("invoices", headers={"Authorization": "none"}))
    draft = draft_invoice(api)
    refused = api.post(f"invoices/{draft['id']}/payments", json={"amount": 1, "paidOn": "2026-01-20"})
    error_of(refused, 409, "invalid_transition")
    check_answer(DOCUMENT, "recordInvoicePayment", refused)
    narrow = organization.api(["leaves:read"], limit=1)
    check_answer(DOCUMENT, "listInvoices", narrow.get("invoices"))
    check_answer(DOCUMENT, "listInvoices", narrow.get("invoices"))
