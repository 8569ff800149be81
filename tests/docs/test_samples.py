"""Every code sample of the API reference runs as it stands, in each language."""

from __future__ import annotations

import re
import uuid

import httpx
import pytest

from api.resources import BASE
from api.samples.languages import LANGUAGES
from api.samples.request import SampleRequest
from infra.postgres.database import set_organization
from tests.support.openapi import operations
from tests.support.sample_programs import printed_json, run_samples
from tests.support.scenarios import draft_invoice, invoice_body, paid_bill, paid_invoice

NASTY = 'it\'s "quoted" `ticked` $HOME ${x} \\n {y} %s #{z} </b> ५० ₹ 🙂\nsecond line'
UNIQUE = {
    "invoices": dict,
    "bills": lambda: {"billNumber": uuid.uuid4().hex},
    "leaves": lambda: {"employeeId": uuid.uuid4().hex},
    "parties": lambda: {"externalId": uuid.uuid4().hex},
    "employees": lambda: {"externalId": uuid.uuid4().hex},
    "credit-notes": dict,
    "debit-notes": dict,
    "vendor-credits": lambda: {"number": uuid.uuid4().hex},
    "keys": dict,
    "webhooks": lambda: {"url": f"https://example.in/{uuid.uuid4().hex}"},
}
"""For each collection, the fields that make a copy of its example another object."""
FILES = {"getInvoicePdf": "invoice.pdf", "getCreditNotePdf": "credit_note.pdf", "getDebitNotePdf": "debit_note.pdf"}
"""By operation: the name under which its sample stores the file."""


@pytest.fixture(scope="module")
def document(service):
    return httpx.get(f"{service.url}{BASE}/openapi.json", trust_env=False).json()


@pytest.fixture
def api(organization):
    """A key that may send every request of the reference, also those on other keys."""
    return organization.managing_api()


@pytest.fixture(params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture
def run(language, organization, interpreters, tmp_path):
    """Run samples with a key of the organization, and return the JSON that each has printed."""

    def run(sources, of=organization, **env):
        key = of.managing_api().key
        printed = run_samples(language, sources, tmp_path, interpreters, SD_KEY=key, **env)
        return [printed_json(each) if "{" in each else each for each in printed]

    return run


def test_every_sample_of_the_reference_succeeds(document, language, api, run, owner, sibling, tmp_path):
    all_operations = operations(document)
    sources = [_source(all_operations, id, language, api) for id in all_operations]
    sources = [_with_delivery(source, owner, api) for source in sources]

    in_test_mode = [id for id, (_, _, each) in all_operations.items() if each["tags"] == ["Test mode"]]
    by_id = dict(zip(all_operations, sources, strict=True))
    others = [id for id in all_operations if id not in in_test_mode]

    answers = dict(zip(others, run([by_id[id] for id in others]), strict=True))
    answers |= zip(in_test_mode, run([by_id[id] for id in in_test_mode], sibling), strict=True)

    assert answers.pop("getOpenApi")["info"] == document["info"]
    for name, file in FILES.items():
        assert answers.pop(name).strip() == "" and (tmp_path / file).read_bytes().startswith(b"%PDF")
    assert [id for id, answer in answers.items() if not answer["success"]] == []


def test_a_sample_of_a_write_sends_an_idempotency_key(document, language, api, run):
    source = _source(operations(document), "createInvoice", language, api)
    assert "Idempotency-Key" in source

    first, second = run([source, source])

    assert first["data"]["id"] != second["data"]["id"]  # each run is an operation of its own


def test_a_sample_prints_the_body_of_a_refusal(language, service, run):
    request = SampleRequest("POST", f"{service.url}{BASE}/leaves", body={"employeeId": "asha"})

    (answer,) = run([LANGUAGES[language].render(request)])

    assert answer["error"]["code"] == "validation_failed"


def test_any_text_arrives_as_it_is(language, service, run):
    body = invoice_body(notes=NASTY, metadata={"a.b": NASTY, "none": ""})
    request = SampleRequest("POST", f"{service.url}{BASE}/invoices", body=body)
    empty = request._replace(body=invoice_body(metadata={}))

    answer, _ = run([LANGUAGES[language].render(each) for each in (request, empty)])

    assert answer["data"]["notes"] == NASTY
    assert answer["data"]["metadata"] == {"a.b": NASTY, "none": ""}


def test_variables_are_read_from_the_environment(language, service, api, run):
    invoice = draft_invoice(api)
    request = SampleRequest(
        "PATCH",
        f"$SD_URL{BASE}/invoices/$INVOICE",
        body={"notes": f"$RUNNER $RUN_1 {NASTY}", "metadata": {"run": "$RUN"}},
        idempotency_key="note-$RUN",
        variables=("SD_URL", "INVOICE", "RUN"),
    )
    listing = SampleRequest(
        "GET", f"$SD_URL{BASE}/invoices", {"metadata[run]": "$RUN", "status": "draft,void"}, variables=("SD_URL", "RUN")
    )

    sources = [LANGUAGES[language].render(each) for each in (request, request, listing)]
    changed, again, found = run(sources, SD_URL=service.url, INVOICE=invoice["id"], RUN="r7")

    assert changed == again
    assert changed["data"]["notes"] == f"r7NER r7_1 {NASTY}"
    assert [each["id"] for each in found["data"]] == [invoice["id"]]


def _source(all_operations, id, language, api):
    """Return the sample of an operation, with the ids of a real object to which it can be sent."""
    _, path, operation = all_operations[id]
    label = LANGUAGES[language].label
    source = next(each["source"] for each in operation["x-codeSamples"] if each["label"] == label)
    if "{" not in path:
        source = re.sub(r"bill_01KEXAMPLE\w+", lambda _: paid_bill(api)["id"], source)
        return re.sub(r"inv_01KEXAMPLE\w+", lambda _: paid_invoice(api)["id"], source)
    if path.startswith("/events/"):
        draft_invoice(api)
        return re.sub(r"evt_[0-9a-f]{24}", api.read("events", limit=1)[0]["id"], source)
    resource = _object_before(all_operations, id, path.split("/")[1], api)
    if id in ("getWebhookReplay", "cancelWebhookReplay"):
        api.post(f"webhooks/{resource['id']}/replay", json={"after": 0}).raise_for_status()
    source = re.sub(r"(inv|bill|leave|party|employee|cn|dn|vc|whk|key)_01KEXAMPLE\w+", resource["id"], source)
    source = re.sub(r"rfd_01KEXAMPLE\w+", _id_in(resource, "refunds"), source)
    return re.sub(r"pay_01KEXAMPLE\w+", _id_in(resource, "payments"), source)


def _with_delivery(source, owner, api):
    """Return the sample with the id of a real delivery, if it needs one."""
    if "/deliveries/" not in source:
        return source
    (webhook,) = set(re.findall(r"whk_\w+", source))
    with owner.transaction():
        owner.execute(set_organization(api.read("me")["organization"]["id"]))
        asked = "SELECT request_webhook_test(%s, 'invoice.sent', 'evt_1', '{}')"
        (delivery,) = owner.execute(asked, (webhook,)).fetchone()
    return re.sub(r"dlv_\w+", delivery, source)


def _object_before(all_operations, id, collection, api):
    """Return a new object to which the examples of the operations before this one were sent."""
    writes = {each: body for each in all_operations if (body := _example(all_operations[each], collection))}
    earlier = list(writes)[: list(writes).index(id)] if id in writes else list(writes)[:1]
    body = writes[earlier[0]] | UNIQUE[collection]()
    if "invoiceId" in body:
        body["invoiceId"] = paid_invoice(api)["id"]
    if "billId" in body:
        body["billId"] = paid_bill(api)["id"]
    resource = api.create(collection, body)
    for each in earlier[1:]:
        method, path, _ = all_operations[each]
        path = path.format(id=resource["id"], **_ids_below(resource)).removeprefix("/")
        answer = api.request(method, path, json=writes[each]).raise_for_status().json()["data"]
        resource = answer if answer["id"] == resource["id"] else resource
    return resource


def _example(operation, collection):
    """Return the example body of an operation on this collection; None for other operations, and without a body."""
    _, path, node = operation
    if not path.startswith(f"/{collection}") or "requestBody" not in node:
        return None
    return node["requestBody"]["content"]["application/json"]["example"]


def _ids_below(resource):
    """Return the ids of the object's first payment and first refund, as paths name them."""
    return {"paymentId": _id_in(resource, "payments"), "refundId": _id_in(resource, "refunds")}


def _id_in(resource, entries):
    return resource[entries][0]["id"] if resource.get(entries) else ""
