"""Webhooks over HTTP: who may create, see and change one, what it shows, and what a retry gets."""

from functools import partial

import pytest

from domain.webhook import MAX_WEBHOOKS
from infra.identity.keys import revoke_key
from infra.worker.deliveries import pause_without_key
from tests.support.client import Api, data_of, error_of
from tests.support.postgres import tables_containing
from tests.support.senders import new_webhook
from tests.support.waiting import run_at_once

URL = "https://127.0.0.1/hooks"
FIELDS = {
    "id",
    "url",
    "types",
    "description",
    "ordered",
    "status",
    "pausedReason",
    "createdBy",
    "behind",
    "lastDeliveredAt",
    "failingSince",
    "lastError",
    "createdAt",
    "updatedAt",
    "version",
}


def body(**changes):
    return {"url": URL, **changes}


@pytest.fixture
def webhook(api):
    return api.create("webhooks", body())


@pytest.fixture
def leaves_api(organization):
    return organization.api(["leaves:read"])


def test_a_new_webhook_has_the_fields_of_the_contract_and_its_secret_once(api, owner):
    response = api.post("webhooks", json=body(types=["invoice.*", "bill.paid"], description="Zapier", ordered=True))
    made = data_of(response, 201)
    assert set(made) == FIELDS | {"secret", "secretNotice"}
    assert (made["types"], made["description"], made["ordered"]) == (["bill.paid", "invoice.*"], "Zapier", True)
    assert (made["status"], made["pausedReason"], made["behind"], made["version"]) == ("active", None, 0, 1)
    assert made["createdBy"] == {"type": "api_key", "id": api.read("me")["key"]["id"]}
    assert made["secret"].startswith("whsec_") and made["secretNotice"] is None
    assert response.headers["Location"].endswith(f"/api/v1/webhooks/{made['id']}")
    shown = api.read(f"webhooks/{made['id']}")
    assert set(shown) == FIELDS
    assert shown | {"behind": 0} == {name: made[name] for name in FIELDS}
    assert tables_containing(owner, made["secret"]) == set()


@pytest.mark.parametrize("path", ["webhooks", "webhooks/{id}/rotate"])
def test_the_stored_response_of_a_retry_has_no_secret_and_says_to_rotate(api, webhook, path):
    send = partial(api.post, path.format(**webhook), headers={"Idempotency-Key": "once"})
    sent = body(types=["bill.paid"]) if path == "webhooks" else {}
    first, second = send(json=sent), send(json=sent)
    assert data_of(first, 201)["secret"].startswith("whsec_")
    replay = data_of(second, 201)
    assert second.headers["Idempotent-Replayed"] == "true"
    assert replay["secret"] is None and "rotate" in replay["secretNotice"]
    assert (replay["id"], replay["version"]) == (data_of(first, 201)["id"], data_of(first, 201)["version"])


def test_a_key_without_a_read_scope_cannot_do_anything_with_webhooks(organization, webhook):
    writer = organization.api(["billing:write", "leaves:write"])
    path = f"webhooks/{webhook['id']}"
    for response in (
        writer.post("webhooks", json=body()),
        writer.get("webhooks"),
        writer.get(path),
        writer.patch(path, json={}),
        writer.delete(path),
        writer.post(f"{path}/rotate", json={}),
        writer.get(f"{path}/deliveries"),
        writer.post(f"{path}/deliveries/dlv_1/retry"),
        writer.post(f"{path}/test"),
        writer.post(f"{path}/replay", json={"after": 0}),
        writer.get(f"{path}/replay"),
        writer.delete(f"{path}/replay"),
    ):
        error = error_of(response, 403, "insufficient_scope")
        assert "billing:read, leaves:read" in error["message"]


@pytest.mark.parametrize("type", ["bill.paid", "invoice.*"])
def test_a_type_that_the_scopes_do_not_show_is_refused(leaves_api, type):
    error = error_of(leaves_api.post("webhooks", json=body(types=[type])), 403, "insufficient_scope")
    assert (error["requiredScope"], error["keyScopes"]) == ("billing:read", ["leaves:read"])
    made = leaves_api.create("webhooks", body())
    response = leaves_api.patch(f"webhooks/{made['id']}", json={"types": [type]})
    error_of(response, 403, "insufficient_scope")


def test_a_key_sees_and_changes_only_webhooks_whose_scopes_it_has_all_of(organization, api, leaves_api, webhook):
    own = leaves_api.create("webhooks", body())
    assert [each["id"] for each in leaves_api.read("webhooks")] == [own["id"]]
    assert [each["id"] for each in api.read("webhooks")] == [own["id"], webhook["id"]]
    path = f"webhooks/{webhook['id']}"
    for response in (
        leaves_api.get(path),
        leaves_api.patch(path, json={"url": "https://127.0.0.1/mine"}),
        leaves_api.patch(path, json={"nonsense": 1}),
        leaves_api.delete(path),
        leaves_api.post(f"{path}/rotate", json={}),
        leaves_api.get(f"{path}/deliveries"),
        leaves_api.post(f"{path}/deliveries/dlv_1/retry"),
        leaves_api.post(f"{path}/test"),
        leaves_api.post(f"{path}/replay", json={"after": 0}),
        leaves_api.get(f"{path}/replay"),
        leaves_api.delete(f"{path}/replay"),
    ):
        error_of(response, 404, "not_found")
    assert api.read(path)["version"] == 1


def test_another_organizations_webhook_is_unknown(other_organization, webhook):
    other = other_organization.api()
    path = f"webhooks/{webhook['id']}"
    for response in (other.get(path), other.patch(path, json={"status": "paused"}), other.delete(path)):
        error_of(response, 404, "not_found")
    assert other.read("webhooks") == []


def test_the_same_url_and_types_again_are_the_same_webhook(api):
    first = api.create("webhooks", body(types=["bill.paid", "invoice.sent"]))
    again = data_of(api.post("webhooks", json=body(types=["invoice.sent", "bill.paid"], description="x")), 200)
    assert (again["id"], again["description"], again["secret"]) == (first["id"], None, None)
    assert "rotate" in again["secretNotice"]
    api.create("webhooks", body())


def test_requests_at_once_make_one_webhook(api):
    responses = run_at_once(4, lambda _: api.post("webhooks", json=body()))
    assert sorted(each.status_code for each in responses) == [200, 200, 200, 201]
    assert len({each.json()["data"]["id"] for each in responses}) == 1


def test_a_change_to_the_url_and_types_of_another_webhook_is_refused(api, webhook):
    other = api.create("webhooks", body(types=["bill.paid"]))
    error = error_of(api.patch(f"webhooks/{other['id']}", json={"types": None}), 409, "duplicate_webhook")
    assert error["conflictingId"] == webhook["id"]


def test_an_organization_has_at_most_100(api, organization, owner):
    for number in range(MAX_WEBHOOKS):
        new_webhook(owner, organization.id, f"{URL}/{number}")
    error_of(api.post("webhooks", json=body()), 409, "webhook_limit")
    assert len(api.read("webhooks", limit=100)) == MAX_WEBHOOKS
    first = api.get("webhooks").json()
    assert len(first["data"]) == 50 and first["pagination"]["hasMore"]


@pytest.mark.parametrize(
    "url", ["https://10.0.0.1/", "http://example.com/", "https://a:b@example.com/", "ftp://a", "x"]
)
def test_a_refused_address_is_a_wrong_url(api, webhook, url):
    for response in (
        api.post("webhooks", json=body(url=url)),
        api.patch(f"webhooks/{webhook['id']}", json={"url": url}),
    ):
        (detail,) = error_of(response, 422, "validation_failed")["details"]
        assert detail["field"] == "url"


def test_wrong_fields_are_named(api):
    response = api.post("webhooks", json=body(types=["invoice.snet"], ordered="yes", status="paused", name="x"))
    details = {each["field"]: each for each in error_of(response, 422, "validation_failed")["details"]}
    assert set(details) == {"types[0]", "ordered", "status", "name"}
    assert details["types[0]"]["suggestion"] == "invoice.sent"
    for wrong in ("invoice.sent", ["invoice.sent", 1], list[str]()):
        error_of(api.post("webhooks", json=body(types=wrong)), 422, "validation_failed")
    assert api.create("webhooks", body(types=None))["types"] is None


def test_what_nobody_remembers_is_found_by_its_url_and_removed(organization, api, webhook):
    api.create("webhooks", body(url=f"{URL}/2"))
    other = organization.api()
    (found,) = other.read("webhooks", url=URL)
    assert found["id"] == webhook["id"]
    assert api.read("webhooks", url=f"{URL}/3") == []
    data_of(other.delete(f"webhooks/{found['id']}"), 200)
    assert other.read("webhooks", url=URL) == []


def test_a_change_sets_the_fields_that_it_names(api, webhook):
    changes = {"url": f"{URL}/2", "types": ["leave.*"], "description": "Make", "ordered": True}
    response = api.patch(f"webhooks/{webhook['id']}", json=changes, headers={"If-Match": '"1"'})
    changed = data_of(response, 200)
    assert set(changed) == FIELDS | {"skipped"}
    assert {name: changed[name] for name in changes} == changes
    assert (changed["version"], changed["skipped"], response.headers["ETag"]) == (2, None, '"2"')
    emptied = api.update(f"webhooks/{webhook['id']}", {"types": None, "description": None, "ordered": None})
    assert (emptied["types"], emptied["description"], emptied["ordered"]) == (None, None, False)
    response = api.patch(f"webhooks/{webhook['id']}", json={"ordered": True}, headers={"If-Match": '"2"'})
    error_of(response, 412, "precondition_failed")


def test_it_is_paused_and_set_active_again(api, webhook):
    path = f"webhooks/{webhook['id']}"
    paused = api.update(path, {"status": "paused"})
    assert (paused["status"], paused["pausedReason"]) == ("paused", "request")
    active = api.update(path, {"status": "active", "from": "cursor"})
    assert (active["status"], active["pausedReason"], active["skipped"]) == ("active", None, None)
    for status in ({}, {"status": "paused"}):
        (detail,) = error_of(api.patch(path, json={"from": "now", **status}), 422, "validation_failed")["details"]
        assert detail["field"] == "from"
    error_of(api.patch(path, json={"status": "disabled"}), 422, "validation_failed")


def test_the_key_that_sets_it_active_takes_it_over(organization, api, webhook, owner):
    path, other = f"webhooks/{webhook['id']}", organization.api()
    api.update(path, {"status": "paused"})
    taken = other.update(path, {"status": "active"})
    assert taken["createdBy"] == {"type": "api_key", "id": other.read("me")["key"]["id"]}
    sql = "SELECT key_id FROM webhooks WHERE id = %s"
    assert owner.execute(sql, (webhook["id"],)).fetchone() == (taken["createdBy"]["id"],)


def test_when_its_key_ends_it_is_paused_until_another_key_takes_it_over(organization, leaves_api, owner):
    key, other = organization.new_key(), organization.api()
    with Api(organization.url, key.raw) as api:
        path = f"webhooks/{api.create('webhooks', body())['id']}"
        revoke_key(owner, key.row["id"])
        error_of(api.get(path), 401, "api_key_revoked")
    pause_without_key(owner)  # what the background worker does
    paused = other.read(path)
    assert (paused["status"], paused["pausedReason"]) == ("paused", "key_revoked")
    assert paused["createdBy"] == {"type": "api_key", "id": key.row["id"]}
    error_of(leaves_api.patch(path, json={"status": "active"}), 404, "not_found")
    taken = other.update(path, {"status": "active"})
    assert (taken["status"], taken["pausedReason"]) == ("active", None)
    assert taken["createdBy"] == {"type": "api_key", "id": other.read("me")["key"]["id"]}


def test_a_deleted_webhook_is_gone(api, webhook):
    path = f"webhooks/{webhook['id']}"
    response = api.delete(path, headers={"If-Match": '"9"'})
    error_of(response, 412, "precondition_failed")
    once = {"Idempotency-Key": "delete"}
    for replayed in (None, "true"):
        response = api.delete(path, headers=once)
        assert data_of(response, 200) == {"id": webhook["id"], "deleted": True}
        assert response.headers.get("Idempotent-Replayed") == replayed
    for response in (api.get(path), api.delete(path), api.patch(path, json={}), api.post(f"{path}/rotate", json={})):
        error_of(response, 404, "not_found")
    assert api.read("webhooks") == []
    assert api.create("webhooks", body())["id"] != webhook["id"]


def test_a_rotation_gives_a_new_secret(api, webhook, owner):
    path = f"webhooks/{webhook['id']}/rotate"
    rotated = api.create(path, {"overlap": "48h"})
    assert rotated["secret"].startswith("whsec_") and rotated["secret"] != webhook["secret"]
    sql = "SELECT previous_until - updated_at FROM webhooks WHERE id = %s"
    assert owner.execute(sql, (webhook["id"],)).fetchone()[0].days == 2
    api.create(path, {})
    assert owner.execute(sql, (webhook["id"],)).fetchone()[0].days == 1
    for overlap in ("8d", "-1h", 24, "soon"):
        (detail,) = error_of(api.post(path, json={"overlap": overlap}), 422, "validation_failed")["details"]
        assert detail["field"] == "overlap"


def test_what_happens_to_webhooks_is_not_among_the_events(api, webhook):
    api.update(f"webhooks/{webhook['id']}", {"ordered": True})
    assert api.read("events") == []
    assert error_of(api.get("events", params={"type": "webhook.created"}), 400, "invalid_parameter")
