"""`/checkpoint`, `/events/{eventId}/proof` and the public keys: whatever they give is checked from its text alone."""

import re

import httpx
import pytest

from api.events.proofs import LOG_KEYS
from infra.audit.proofs.trees import make_consistency
from infra.log.proofs.event_proof import check_event
from infra.log.proofs.merkle import HASH_BYTES, WrongProof, check_consistency
from infra.log.proofs.notes import parse_verifier_key
from infra.log.proofs.proof_files import open_checkpoint, parse_proof
from infra.log.reading.pages import list_page
from infra.postgres.wire import wire_of
from projections.views.events import event_id
from tests.support.client import error_of
from tests.support.openapi import build_document, check_answer
from tests.support.scenarios import draft_invoice, pending_leave, sent_invoice

DOCUMENT = build_document()
UNKNOWN = ["evt_000000000000000000000000", "evt_0", "inv_01ARZ3NDEKTSV4RRFFQ69G5FAV", "evt_%25", "EVT_", "..%2F"]


@pytest.fixture(scope="module")
def published(service):
    """The public keys of the service, as anybody gets them."""
    response = httpx.get(f"{service.url}{LOG_KEYS}", trust_env=False)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/json")
    return response.json()["keys"]


@pytest.fixture(scope="module")
def keys(published):
    return [parse_verifier_key(each["verifierKey"]) for each in published]


def last_event(api):
    return api.read("events", order="desc", limit=1)[0]


def test_a_proof_has_the_whole_event_and_is_checked_without_the_service(api, organization, keys):
    sent_invoice(api)
    events = api.read("events")
    for event in events:
        found = api.read(f"events/{event['id']}/proof")
        assert (found["eventId"], found["position"]) == (event["id"], event["position"])
        proven = check_event(found["proof"], keys)
        assert event_id(proven.event.chain_hash) == event["id"]
        assert (proven.org_id, proven.event.name) == (organization.id, event["type"])
        assert proven.proven.checkpoint.size == found["size"] == events[-1]["position"]
        assert proven.proven.checkpoint.origin == found["origin"]


def test_a_changed_proof_is_refused(api, keys):
    draft_invoice(api)
    proof = api.read(f"events/{last_event(api)['id']}/proof")["proof"]
    check_event(proof, keys)
    with pytest.raises(WrongProof):
        check_event(proof.replace("index 1", "index 0"), keys)


def test_a_proof_has_the_content_of_its_own_event_alone(api):
    draft_invoice(api, notes="the first note")
    draft_invoice(api, notes="the second note")
    proof = parse_proof(api.read(f"events/{last_event(api)['id']}/proof")["proof"])
    assert b"the second note" in proof.extra and b"the first note" not in proof.extra
    assert {len(each) for each in proof.path} == {HASH_BYTES}


def test_a_checkpoint_covers_the_log_as_it_is_and_is_consistent_with_a_later_one(api, organization, owner, keys):
    draft_invoice(api)
    old = api.read("checkpoint")
    assert old["size"] == last_event(api)["position"]
    opened = open_checkpoint(old["checkpoint"], keys).checkpoint
    assert (opened.origin, opened.size, opened.root.hex()) == (old["origin"], old["size"], old["root"])
    assert opened.org_id == organization.id
    draft_invoice(api)
    new = open_checkpoint(api.read("checkpoint")["checkpoint"], keys).checkpoint
    path = make_consistency(wire_of(owner), organization.id, opened.size, new.size)
    check_consistency(opened.size, opened.root, new.size, new.root, path)


def test_any_key_gets_the_checkpoint(organization):
    for scope in ("billing:read", "leaves:write"):
        assert organization.api([scope]).read("checkpoint")["size"] > 0


def test_a_proof_needs_the_scope_that_shows_the_event(api, organization):
    pending_leave(api)
    leave = last_event(api)["id"]
    draft_invoice(api)
    invoice = last_event(api)["id"]
    for scope, own, other, needed in (
        ("billing:read", invoice, leave, "leaves:read"),
        ("leaves:read", leave, invoice, "billing:read"),
    ):
        reader = organization.api([scope])
        assert reader.read(f"events/{own}/proof")["eventId"] == own
        error = error_of(reader.get(f"events/{other}/proof"), 403, "insufficient_scope")
        assert (error["requiredScope"], error["keyScopes"]) == (needed, [scope])
    writer = organization.api(["billing:write"])
    error_of(writer.get(f"events/{invoice}/proof"), 403, "insufficient_scope")


@pytest.mark.parametrize("id", UNKNOWN)
def test_an_unknown_event_is_404(api, id):
    assert api.get(f"events/{id}/proof").status_code == 404


def test_an_event_of_another_organization_is_as_unknown_as_one_that_never_was(api, other_organization):
    other = other_organization.api()
    draft_invoice(other)
    for id in (last_event(other)["id"], UNKNOWN[0]):
        message = error_of(api.get(f"events/{id}/proof"), 404, "not_found")["message"]
        assert message == f"There is no event with the id '{id}' in your organization."


def test_an_event_that_no_key_may_see_is_unknown(api, organization, owner):
    (event,) = list_page(owner, organization.id, 0, 1)
    assert event.name.startswith("api_key.")
    error_of(api.get(f"events/{event_id(event.chain_hash)}/proof"), 404, "not_found")


def test_the_answers_are_as_described(api):
    draft_invoice(api)
    check_answer(DOCUMENT, "getCheckpoint", api.get("checkpoint"))
    check_answer(DOCUMENT, "getEventProof", api.get(f"events/{last_event(api)['id']}/proof"))
    check_answer(DOCUMENT, "getEventProof", api.get(f"events/{UNKNOWN[0]}/proof"))


def test_the_public_keys_need_no_key_and_have_nothing_private(published, api):
    assert [set(each) for each in published] == [{"keyId", "name", "verifierKey", "createdAt", "retiredAt"}]
    (key,) = published
    assert key["retiredAt"] is None and re.fullmatch(r"smartdhandha-[0-9a-f]{16}", key["name"])
    assert key["verifierKey"].startswith(f"{key['name']}+{key['keyId']}+")


def test_the_example_of_a_proof_is_one_and_the_example_of_a_checkpoint_is_signed_by_the_same_key():
    """The author of a program that checks proofs can begin with the examples of the reference."""
    examples = {
        id: DOCUMENT["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["example"]["data"]
        for id, path in (("checkpoint", "/checkpoint"), ("proof", "/events/{eventId}/proof"))
    }
    key = parse_verifier_key(EXAMPLE_KEY)
    proven = check_event(examples["proof"]["proof"], [key])
    opened = open_checkpoint(examples["checkpoint"]["checkpoint"], [key]).checkpoint
    assert opened == proven.proven.checkpoint
    assert (opened.origin, opened.size, opened.root.hex()) == tuple(
        examples["checkpoint"][name] for name in ("origin", "size", "root")
    )
    assert event_id(proven.event.chain_hash) == examples["proof"]["eventId"]
    assert proven.event.position == examples["proof"]["position"]


EXAMPLE_KEY = "smartdhandha-5f0c2e9d41b7a863+cb687562+AWTbmG8Ci9F7XiHiZtve8bh03HTs4IOUOsozgoVKVngA"
"""The public key of the examples."""
