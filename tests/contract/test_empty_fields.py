"""null and an empty text in every field of every request: taken if and only if the OpenAPI document says so."""

from contextlib import closing
from copy import deepcopy

import pytest

from infra.identity.organizations import get_test_organization
from tests.support.openapi import build_document, operations, resolve, schema_errors
from tests.support.organization import Organization
from tests.support.scenarios import (
    draft_bill,
    draft_credit_note,
    draft_debit_note,
    draft_invoice,
    draft_vendor_credit,
    issued_credit_note,
    issued_vendor_credit,
    open_bill,
    paid_bill,
    paid_invoice,
    pending_leave,
    refunded_credit_note,
    refunded_vendor_credit,
    sent_invoice,
)

DOCUMENT = build_document()


def new_webhook(api):
    return api.create("webhooks", {"url": "https://127.0.0.1/hooks"})


def new_key(api):
    return api.create("keys", {"name": "shop", "scopes": ["billing:read"]})


def new_party(api):
    return api.create("parties", {"name": "Acme Traders", "roles": ["client"]})


def new_employee(api):
    return api.create("employees", {"name": "Asha Rao"})


MAKERS = {
    "/invoices/{id}": draft_invoice,
    "/invoices/{id}/payments": sent_invoice,
    "/invoices/{id}/payments/{paymentId}/reversal": sent_invoice,
    "/bills/{id}": draft_bill,
    "/bills/{id}/payments": open_bill,
    "/bills/{id}/payments/{paymentId}/reversal": open_bill,
    "/leaves/{id}": pending_leave,
    "/parties/{id}": new_party,
    "/employees/{id}": new_employee,
    "/credit-notes/{id}": draft_credit_note,
    "/debit-notes/{id}": draft_debit_note,
    "/vendor-credits/{id}": draft_vendor_credit,
    "/vendor-credits/{id}/refunds": lambda api: issued_vendor_credit(api, billId=paid_bill(api)["id"]),
    "/credit-notes/{id}/refunds": lambda api: issued_credit_note(api, invoiceId=paid_invoice(api)["id"]),
    "/credit-notes/{id}/refunds/{refundId}/reversal": refunded_credit_note,
    "/vendor-credits/{id}/refunds/{refundId}/reversal": refunded_vendor_credit,
    **{f"/keys/{{id}}{rest}": new_key for rest in ("", "/rotate")},
    **{f"/webhooks/{{id}}{rest}": new_webhook for rest in ("", "/rotate", "/test", "/replay")},
}
"""What makes an object on which the request with the example body succeeds, by the operation's path."""


def media_of(id):
    return operations(DOCUMENT)[id][2]["requestBody"]["content"]["application/json"]


def fields_of(schema, parents=()):
    """Yield the path of every field in a body, with the fields of the objects in its lists."""
    for name, each in resolve(DOCUMENT, schema)["properties"].items():
        yield (*parents, name)
        if "$ref" in each.get("items", {}):
            yield from fields_of(each["items"], (*parents, name, 0))


WRITES = [id for id, (_, _, operation) in operations(DOCUMENT).items() if "requestBody" in operation]


def name_of(field):
    """Return the name of a field in `details`, such as `items[0].quantity`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in field).removeprefix(".")


def body_with(id, field, value):
    """Return the example with this value; for a field that a change does not have, the change of this field alone."""
    example = deepcopy(media_of(id)["example"])
    if id.startswith("update") and field[0] not in example:
        lines = deepcopy(media_of(id.replace("update", "create"))["example"])
        example = {"items": lines["items"]} if field[0] == "items" else {}
    if (id, field) == ("replayWebhook", ("since",)):
        example["after"] = 0  # one of the two is needed
    if id.endswith("DebitNote") and field == ("items",):
        example["amount"] = "1.00"  # as here
    *parents, last = field
    target = example
    for step in parents:
        target = target[step]
    target[last] = value
    if id.endswith("DebitNote") and field == ("items", 0, "quantity"):
        target["amount"] = "1.00"  # and here
    return example


def address_of(id, api):
    """Return the address for the request, with an object on which it succeeds."""
    _, path, _ = operations(DOCUMENT)[id]
    if path not in MAKERS:
        return path.removeprefix("/")
    made = MAKERS[path](api)
    if "{paymentId}" in path:
        payments = path.partition("/{paymentId}")[0].replace("{id}", made["id"])
        made = api.create(payments.removeprefix("/"), {"amount": "1.00", "paidOn": "2026-01-10"})
        path = path.replace("{paymentId}", made["payments"][0]["id"])
    if "{refundId}" in path:
        path = path.replace("{refundId}", made["refunds"][0]["id"])
    return path.replace("{id}", made["id"]).removeprefix("/")


def acting(id, organization, owner):
    """Return the organization on whose data the request acts: that of test mode for an operation of test mode."""
    if not operations(DOCUMENT)[id][1].startswith("/test/"):
        return organization
    return Organization(organization.url, owner, id=get_test_organization(owner, organization.id))


def refused_fields(api, id, body):
    """Return the fields that the request is refused for; none if it succeeds."""
    method, _, _ = operations(DOCUMENT)[id]
    if body.get("invoiceId"):
        body = {**body, "invoiceId": sent_invoice(api)["id"]}
    if body.get("billId"):
        body = {**body, "billId": open_bill(api)["id"]}
    response = api.request(method, address_of(id, api), json=body)
    assert response.status_code in (200, 201, 202, 422), response.text
    return [each["field"] for each in response.json().get("error", {}).get("details", ())]


@pytest.mark.parametrize("value", [None, ""], ids=["null", "empty"])
@pytest.mark.parametrize("id", WRITES)
def test_an_empty_value_is_taken_if_and_only_if_it_is_documented(service, owner, id, value):
    schema = media_of(id)["schema"]
    differ = []
    for field in fields_of(schema):
        body = body_with(id, field, value)
        new = Organization(service.url, owner)  # bodies differ in one field only
        with closing(acting(id, new, owner)) as organization:
            refused = refused_fields(organization.managing_api(), id, body)
        documented = not schema_errors(DOCUMENT, schema, body, format_checker=None)
        if refused != ([] if documented else [name_of(field)]):
            differ.append((name_of(field), refused))
    assert differ == []
