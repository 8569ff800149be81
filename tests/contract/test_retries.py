"""The Idempotency-Key: a repeated request takes effect once and gets the first response."""

import hashlib
import json

import pytest

from tests.support.cases import all_cases
from tests.support.client import data_of, error_of
from tests.support.scenarios import (
    BODIES,
    MAKERS,
    draft_bill,
    draft_invoice,
    invoice_body,
    leave_body,
    open_bill,
    pay_invoice,
    pending_leave,
    sent_invoice,
)

JSON = {"Content-Type": "application/json"}
KEY = {"Idempotency-Key": "6f0d0b1e-retry"}
PAYMENT = {"amount": "1.00", "paidOn": "2026-01-20"}
WRITES = {
    "POST invoices": lambda api: ("POST", "invoices", invoice_body()),
    "POST bills": lambda api: ("POST", "bills", BODIES["bills"]()),
    "POST leaves": lambda api: ("POST", "leaves", leave_body()),
    "PATCH an invoice": lambda api: ("PATCH", f"invoices/{draft_invoice(api)['id']}", {"notes": "n", "status": "sent"}),
    "PATCH a bill": lambda api: ("PATCH", f"bills/{draft_bill(api)['id']}", {"notes": "n", "status": "open"}),
    "PATCH a leave": lambda api: ("PATCH", f"leaves/{pending_leave(api)['id']}", {"status": "approved", "note": "n"}),
    "POST payments of an invoice": lambda api: ("POST", f"invoices/{sent_invoice(api)['id']}/payments", PAYMENT),
    "POST payments of a bill": lambda api: ("POST", f"bills/{open_bill(api)['id']}/payments", PAYMENT),
}
"""Every request that writes, as (method, path, body)."""


@pytest.fixture(params=WRITES)
def write(request, api):
    return WRITES[request.param](api)


def send(api, write, **headers):
    method, path, body = write
    return api.request(method, path, json=body, headers={**KEY, **headers})


def last_position(api):
    return api.get("events", params={"order": "desc", "limit": 1}).json()["data"][0]["position"]


def what_counts(response):
    return response.status_code, response.content, response.headers["ETag"], response.headers.get("Location")


def test_a_repeated_request_gets_the_same_response_and_takes_effect_once(api, write):
    first = send(api, write)
    assert "Idempotent-Replayed" not in first.headers
    position = last_position(api)
    for _ in range(2):
        again = send(api, write)
        assert what_counts(again) == what_counts(first)
        assert again.headers["Idempotent-Replayed"] == "true"
    assert last_position(api) == position


def test_a_replay_returns_the_first_response_whatever_happened_since(api, write):
    first = send(api, write)
    resource = first.json()["data"]
    collection = write[1].partition("/")[0]
    change = {"status": "cancelled"} if collection == "leaves" else {"notes": "changed since"}
    changed = api.update(f"{collection}/{resource['id']}", change)
    assert what_counts(send(api, write)) == what_counts(first)
    assert api.read(f"{collection}/{resource['id']}") == changed


def test_a_key_used_again_with_another_body_is_refused_and_changes_nothing(api, write):
    method, path, body = write
    first = send(api, write)
    position = last_position(api)
    field = "note" if "note" in body else "paidOn" if "paidOn" in body else "notes" if "notes" in body else "clientName"
    field = "reason" if path == "leaves" else "vendorName" if path == "bills" else field
    other = {**body, field: "2026-01-19" if field == "paidOn" else "other"}
    error_of(send(api, (method, path, other)), 422, "idempotency_key_reused")
    assert last_position(api) == position
    assert what_counts(send(api, write)) == what_counts(first)


@pytest.mark.parametrize("collection", ["invoices", "bills"])
def test_a_key_used_again_with_another_path_is_refused(api, collection):
    body = {"notes": "same"}
    first, other = MAKERS[collection](api), MAKERS[collection](api)
    data_of(send(api, ("PATCH", f"{collection}/{first['id']}", body)), 200)
    error_of(send(api, ("PATCH", f"{collection}/{other['id']}", body)), 422, "idempotency_key_reused")
    assert api.read(f"{collection}/{other['id']}") == other


def test_a_key_used_again_with_another_method_is_refused(api):
    invoice = draft_invoice(api)
    data_of(send(api, ("PATCH", f"invoices/{invoice['id']}", {})), 200)
    other = send(api, ("POST", "invoices", invoice_body()))
    error_of(other, 422, "idempotency_key_reused")
    assert len(api.read("invoices")) == 1


def test_the_response_of_an_empty_patch_is_stored_too(api):
    invoice = draft_invoice(api)
    first = send(api, ("PATCH", f"invoices/{invoice['id']}", {"status": "draft"}))
    assert data_of(first, 200) == invoice
    api.update(f"invoices/{invoice['id']}", {"status": "sent"})
    again = send(api, ("PATCH", f"invoices/{invoice['id']}", {"status": "draft"}))
    assert what_counts(again) == what_counts(first)


def test_a_replay_ignores_an_if_match_that_the_first_request_made_stale(api):
    invoice = draft_invoice(api)
    write = ("PATCH", f"invoices/{invoice['id']}", {"notes": "mine"})
    first = send(api, write, **{"If-Match": '"1"'})
    assert what_counts(send(api, write, **{"If-Match": '"1"'})) == what_counts(first)


REFUSED = {
    "wrong fields": (lambda api: send(api, ("POST", "invoices", {})), 422),
    "a taken number": (lambda api: send(api, ("POST", "invoices", invoice_body(invoiceNumber="T/1"))), 409),
    "an unknown object": (lambda api: send(api, ("PATCH", "invoices/inv_0", {"notes": "n"})), 404),
    "a stale version": (
        lambda api: send(api, ("PATCH", f"invoices/{only(api)}", {"notes": "n"}), **{"If-Match": '"9"'}),
        412,
    ),
    "a payment of a draft": (lambda api: send(api, ("POST", f"invoices/{only(api)}/payments", PAYMENT)), 409),
    "malformed JSON": (lambda api: api.post("invoices", content="{", headers={**KEY, **JSON}), 400),
}


def only(api):
    return api.read("invoices")[0]["id"]


@pytest.mark.parametrize("refusal", REFUSED)
def test_a_refused_request_stores_nothing_and_its_key_can_be_used(api, refusal):
    draft_invoice(api, invoiceNumber="T/1")
    ask, status = REFUSED[refusal]
    for _ in range(2):
        response = ask(api)
        assert response.status_code == status and "Idempotent-Replayed" not in response.headers
    accepted = send(api, ("POST", "invoices", invoice_body(invoiceNumber="T/2")))
    assert data_of(accepted, 201)["invoiceNumber"] == "T/2"
    assert "Idempotent-Replayed" not in accepted.headers


def test_a_refused_request_can_succeed_later_with_the_same_key(api):
    invoice = draft_invoice(api)
    payment = ("POST", f"invoices/{invoice['id']}/payments", PAYMENT)
    error_of(send(api, payment), 409, "invalid_transition")
    api.update(f"invoices/{invoice['id']}", {"status": "sent"})
    assert data_of(send(api, payment), 201)["amountPaid"] == "1.00"


@all_cases("key", [b"", b"x" * 256, b"two words", b"tab\there", b"caf\xc3\xa9"])
@all_cases("path", ["invoices", "leaves"])
def test_a_malformed_key_is_refused_before_anything_happens(api, key, path):
    response = api.post(path, json=BODIES[path](), headers={b"Idempotency-Key": key})
    assert error_of(response, 400, "invalid_parameter")["details"][0]["field"] == "Idempotency-Key"
    assert api.read(path) == []


@pytest.mark.parametrize("key", ["!", "~" * 255, '"quoted"', "a,b;c=d"])
def test_every_visible_character_is_allowed_in_a_key(api, key):
    body = invoice_body()
    invoices = [api.create("invoices", body, headers={"Idempotency-Key": key}) for _ in range(2)]
    assert invoices[0] == invoices[1]
    assert len(api.read("invoices")) == 1


def test_keys_are_private_to_the_organization_and_shared_by_its_api_keys(organization, other_organization):
    body = invoice_body(clientName="Mine")
    write = ("POST", "invoices", body)
    mine = data_of(send(organization.api(), write), 201)
    theirs = send(other_organization.api(), ("POST", "invoices", {**body, "clientName": "Theirs"}))
    assert data_of(theirs, 201)["clientName"] == "Theirs"
    assert "Idempotent-Replayed" not in theirs.headers
    assert data_of(send(organization.api(), write), 201) == mine


def test_without_a_key_the_same_request_happens_twice(api):
    invoice = sent_invoice(api)
    pay_invoice(api, invoice, "1.00")
    assert pay_invoice(api, invoice, "1.00")["amountPaid"] == "2.00"


def test_a_replay_uses_no_number_of_the_series(api):
    numbers = [data_of(send(api, ("POST", "invoices", invoice_body())), 201)["invoiceNumber"] for _ in range(3)]
    assert [*numbers, draft_invoice(api)["invoiceNumber"]] == ["INV-2025-26-0001"] * 3 + ["INV-2025-26-0002"]


BODY = (
    '{"clientId":"acme","clientName":"Café","invoiceDate":"2026-01-10","dueDate":"2099-01-31",'
    '"items":[{"description":"a","quantity":20,"unitPrice":0.5,"taxRate":18},'
    '{"description":"b","quantity":"1","unitPrice":100,"taxRate":0}]}'
)
SAME_BODIES = {
    "other order": lambda body: json.dumps(dict(reversed(json.loads(body).items()))),
    "other order inside the items": lambda body: body.replace(
        '"quantity":20,"unitPrice":0.5', '"unitPrice":0.5,"quantity":20'
    ),
    "white space": lambda body: json.dumps(json.loads(body), indent=2),
    "20.0": lambda body: body.replace(":20,", ":20.0,"),
    "2e1": lambda body: body.replace(":20,", ":2e1,"),
    "5E-1": lambda body: body.replace("0.5", "5E-1"),
    "0.500": lambda body: body.replace("0.5", "0.500"),
    "an escape": lambda body: body.replace("é", "\\u00e9"),
    "a byte order mark": lambda body: "\ufeff" + body,
    "a member twice": lambda body: body.replace('{"clientId"', '{"clientId":"other","clientId"', 1),
}
OTHER_BODIES = {
    "a string for a number": lambda body: body.replace(":20,", ':"20",'),
    "a number for a string": lambda body: body.replace('"quantity":"1"', '"quantity":1'),
    "the items the other way round": lambda body: json.dumps(
        json.loads(body) | {"items": json.loads(body)["items"][::-1]}
    ),
    "a member that is null": lambda body: body.replace("{", '{"notes":null,', 1),
    "a digit that a float would lose": lambda body: body.replace("0.5", "0.50000000000000000001"),
    "another case": lambda body: body.replace("Café", "café"),
    "another composition": lambda body: body.replace("é", "e\u0301"),
    "the first of a member twice": lambda body: body.replace(
        '{"clientId":"acme"', '{"clientId":"acme","clientId":"b"', 1
    ),
}


def post(api, body, path="invoices"):
    return api.post(path, content=body.encode(), headers={**KEY, **JSON})


@all_cases("change", SAME_BODIES.values(), ids=SAME_BODIES)
def test_a_body_that_means_the_same_is_the_same_request(api, change):
    assert change(BODY) != BODY
    first = post(api, BODY)
    data_of(first, 201)
    again = post(api, change(BODY))
    assert what_counts(again) == what_counts(first)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(api.read("invoices")) == 1


@all_cases("change", OTHER_BODIES.values(), ids=OTHER_BODIES)
def test_a_body_that_means_something_else_is_another_request(api, change):
    assert change(BODY) != BODY
    data_of(post(api, BODY), 201)
    error_of(post(api, change(BODY)), 422, "idempotency_key_reused")
    assert len(api.read("invoices")) == 1


def test_a_trailing_slash_is_no_other_path(api):
    first = post(api, BODY)
    assert what_counts(post(api, BODY, "invoices/"))[:3] == what_counts(first)[:3]


def test_true_is_not_1(api):
    invoice = draft_invoice(api)
    for value, status in ((1, 422), (True, 422)):  # both are refused, and so nothing is stored
        assert send(api, ("PATCH", f"invoices/{invoice['id']}", {"notes": value})).status_code == status


@pytest.mark.parametrize("body", ['{"notes": "n"}', ' {"notes":"n" }\n', '{"notes":"\\u006e"}'])
def test_a_request_of_before_the_upgrade_is_replayed(api, organization, owner, body):
    path = f"invoices/{draft_invoice(api)['id']}"
    first = api.patch(path, content=body.encode(), headers={**KEY, **JSON})
    older = hashlib.sha256(f"PATCH\n/api/v1/{path}\n{body}".encode()).digest()
    updated = owner.execute("UPDATE idempotency_keys SET request_hash = %s WHERE org_id = %s", (older, organization.id))
    assert updated.rowcount == 1
    again = api.patch(path, content=body.encode(), headers={**KEY, **JSON})
    assert again.headers["Idempotent-Replayed"] == "true" and again.content == first.content
    other = api.patch(path, json={"notes": "other"}, headers=KEY)
    error_of(other, 422, "idempotency_key_reused")


def test_a_deep_body_with_a_key_is_no_fault(api):
    for depth in (100, 400, 900, 1500):
        content = b'{"notes": ' + b"[" * depth + b"]" * depth + b"}"
        assert api.post("invoices", content=content, headers={**KEY, **JSON}).status_code in (400, 422)
