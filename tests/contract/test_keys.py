"""API keys over HTTP: what a managing key lists, creates, changes, rotates and revokes, and what is stored of it."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.audit.security_events import SecurityEventFilter, list_security_events
from tests.support.client import Api, data_of, error_of
from tests.support.postgres import tables_containing

FIELDS = {
    "id",
    "name",
    "lastFour",
    "status",
    "scopes",
    "creditLimit",
    "creditsUsed",
    "lastUsedAt",
    "expiresAt",
    "allowedCidrs",
    "burst",
    "managesKeys",
    "earlierSecrets",
    "revokedAt",
    "createdAt",
    "updatedAt",
    "version",
}
BODY = {"name": "Zapier", "scopes": ["billing:read"]}


@pytest.fixture
def manager(organization):
    return organization.managing_api()


def test_a_new_key_has_the_fields_of_the_contract_its_secret_once_and_works(manager, organization, owner):
    expires = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    response = manager.post("keys", json={**BODY, "creditLimit": 7, "expiresAt": expires})
    made = data_of(response, 201)
    assert set(made) == FIELDS | {"secret", "secretNotice"}
    assert (made["name"], made["scopes"], made["creditLimit"]) == ("Zapier", ["billing:read"], 7)
    assert (made["status"], made["managesKeys"], made["version"]) == ("active", False, 1)
    assert made["secret"].endswith(made["lastFour"]) and made["secretNotice"] is None
    assert response.headers["Location"].endswith(f"/api/v1/keys/{made['id']}")
    assert response.headers["ETag"] == '"1"'
    assert manager.read(f"keys/{made['id']}") == {name: made[name] for name in FIELDS}
    with Api(organization.url, made["secret"]) as new:
        assert new.read("me")["credits"]["limit"] == 7
    assert tables_containing(owner, made["secret"]) == set()


def test_me_says_whether_a_key_may_manage_keys(manager, api):
    assert manager.read("me")["key"]["managesKeys"] is True
    assert api.read("me")["key"]["managesKeys"] is False


def test_a_key_that_may_not_manage_keys_is_refused_everywhere(manager, api):
    id = manager.create("keys", BODY)["id"]
    for response in (
        api.get("keys"),
        api.post("keys", json=BODY),
        api.post("keys", json={"nonsense": 1}),
        api.get(f"keys/{id}"),
        api.get("keys/key_unknown"),
        api.patch(f"keys/{id}", json={"name": "x"}),
        api.post(f"keys/{id}/rotate", json={}),
        api.post(f"keys/{id}/revoke", json={}),
    ):
        error_of(response, 403, "managing_key_needed")


def test_the_answer_to_a_retry_leaves_the_secret_out(manager):
    headers = {"Idempotency-Key": "once"}
    first, second = (data_of(manager.post("keys", json=BODY, headers=headers), 201) for _ in range(2))
    assert second["secret"] is None and "rotate" in second["secretNotice"]
    assert {**second, "secret": "", "secretNotice": ""} == {**first, "secret": "", "secretNotice": ""}
    path, headers = f"keys/{first['id']}/rotate", {"Idempotency-Key": "twice"}
    rotated, again = (data_of(manager.post(path, json={}, headers=headers), 201) for _ in range(2))
    assert rotated["secret"] and again["secret"] is None and again["lastFour"] == rotated["lastFour"]
    assert [each["id"] for each in manager.read("keys", search="Zapier")] == [first["id"]]


def test_a_key_is_changed_rotated_and_revoked(manager, organization):
    made = manager.create("keys", BODY)
    path = f"keys/{made['id']}"
    changed = manager.update(path, {"name": "Make", "scopes": ["leaves:read"], "creditLimit": 5})
    assert (changed["name"], changed["scopes"], changed["creditLimit"]) == ("Make", ["leaves:read"], 5)
    error_of(manager.patch(path, json={"name": "x"}, headers={"If-Match": '"1"'}), 412, "precondition_failed")

    rotated = data_of(manager.post(f"{path}/rotate", json={"overlap": "1h"}), 201)
    assert [each["lastFour"] for each in rotated["earlierSecrets"]] == [made["lastFour"]]
    with Api(organization.url, made["secret"]) as old, Api(organization.url, rotated["secret"]) as new:
        assert old.read("me")["key"]["name"] == new.read("me")["key"]["name"] == "Make"
        revoked = data_of(manager.post(f"{path}/revoke", json={}), 201)
        assert (revoked["status"], revoked["earlierSecrets"]) == ("revoked", [])
        for secret in (old, new):
            error_of(secret.get("me"), 401, "api_key_revoked")
    error_of(manager.patch(path, json={"name": "x"}), 409, "invalid_transition")
    error_of(manager.post(f"{path}/rotate", json={}), 409, "invalid_transition")
    error_of(manager.post("keys/key_unknown/revoke", json={}), 404, "not_found")


def test_keys_are_found_among_many(manager):
    made = [manager.create("keys", {**BODY, "name": name}) for name in ("Zapier live", "Zapier trial", "Make")]
    data_of(manager.post(f"keys/{made[1]['id']}/revoke", json={}), 201)

    def found(**params):
        return {each["name"] for each in manager.read("keys", **params)}

    assert found() == {"Zapier live", "Zapier trial", "Make", "manager"}
    assert found(search="zap") == {"Zapier live", "Zapier trial"}
    assert found(search="ma") == {"Make", "manager"}
    assert found(search=made[2]["lastFour"]) == {"Make"}
    assert found(search=f"sd_live_…{made[2]['lastFour']}") == {"Make"}
    assert found(search=made[0]["id"]) == {"Zapier live"}
    assert found(search="zap", status="active") == {"Zapier live"}
    assert found(managesKeys="true") == found(scope="leaves:write") == {"manager"}
    page = manager.get("keys", params={"limit": 3}).json()
    assert len(page["data"]) == 3 and page["pagination"]["hasMore"]
    assert len(manager.get(page["pagination"]["nextUrl"]).json()["data"]) == 1
    error_of(manager.get("keys", params={"name": "Make"}), 400, "unknown_parameter")


def test_a_key_shows_its_limits_and_its_use_wherever_it_is_shown(manager, organization, owner):
    made = manager.create("keys", {**BODY, "creditLimit": 5, "burst": 7, "allowedCidrs": ["127.0.0.1", "::1"]})
    path = f"keys/{made['id']}"
    assert (made["burst"], made["allowedCidrs"]) == (7, ["127.0.0.1/32", "::1/128"])
    assert (made["creditsUsed"], made["lastUsedAt"]) == (0, None)
    with Api(organization.url, made["secret"]) as client:
        assert [client.get("invoices").status_code for _ in range(2)] == [200, 200]
        assert client.get("me").status_code == 200  # free
        me = client.read("me")
    shown = [
        manager.read(path),
        *(each for each in manager.read("keys") if each["id"] == made["id"]),
        manager.update(path, {"creditLimit": 9}),
        data_of(manager.post(f"{path}/rotate", json={}), 201),
        data_of(manager.post(f"{path}/revoke", json={}), 201),
    ]
    assert {(each["creditsUsed"], each["lastUsedAt"]) for each in shown} == {(2, me["key"]["lastUsedAt"])}
    assert [each["creditLimit"] for each in shown] == [5, 5, 9, 9, 9]
    assert {(each["burst"], *each["allowedCidrs"]) for each in shown} == {(7, "127.0.0.1/32", "::1/128")}
    window = "UPDATE credits SET at = at - interval '31 days' WHERE key_id = %s"
    owner.execute(window, (made["id"],))
    assert manager.read(path)["creditsUsed"] == 0


def test_a_retry_of_a_creation_shows_the_use_of_the_key_since_then(manager, organization):
    headers = {"Idempotency-Key": "once"}
    made = data_of(manager.post("keys", json=BODY, headers=headers), 201)
    with Api(organization.url, made["secret"]) as client:
        client.get("invoices")
    assert data_of(manager.post("keys", json=BODY, headers=headers), 201)["creditsUsed"] == 1


def test_a_key_whose_time_has_come_is_expired_at_once(manager, owner):
    made = manager.create("keys", BODY)
    owner.execute("UPDATE api_keys SET expires_at = now() - interval '1 second' WHERE id = %s", (made["id"],))
    assert manager.read(f"keys/{made['id']}")["status"] == "expired"
    assert [each["id"] for each in manager.read("keys", status="expired")] == [made["id"]]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"scopes": ["billing:read"]}, "name"),
        ({**BODY, "scopes": []}, "scopes"),
        ({**BODY, "scopes": ["everything"]}, "scopes[0]"),
        ({**BODY, "creditLimit": 0}, "creditLimit"),
        ({**BODY, "expiresAt": "2020-01-01T00:00:00Z"}, "expiresAt"),
        ({**BODY, "expires": "2030-01-01T00:00:00Z"}, "expires"),
        ({**BODY, "managesKeys": False}, "managesKeys"),
    ],
)
def test_wrong_fields_are_named(manager, body, field):
    response = manager.post("keys", json=body)
    assert response.status_code == 422 and [each["field"] for each in response.json()["error"]["details"]] == [field]


def test_what_a_managing_key_does_is_in_the_log_and_in_the_security_events(manager, organization, owner):
    manager_id = manager.read("me")["key"]["id"]
    made = manager.create("keys", BODY)
    path = f"keys/{made['id']}"
    manager.update(path, {"name": "Make"})
    manager.update(path, {"name": "Make"})  # changes nothing
    manager.post(f"{path}/rotate", json={})
    manager.post(f"{path}/revoke", json={})
    stored = [
        each
        for each in list_security_events(owner, SecurityEventFilter(org_id=organization.id))
        if each.object == made["id"]
    ]
    kinds = ["key.created", "key.shown", "key.changed", "key.rotated", "key.shown", "key.revoked"]
    assert [each.kind for each in stored] == kinds
    assert {(each.actor_type, each.actor, each.address) for each in stored} == {("api_key", manager_id, "127.0.0.1")}
    sql = (
        "SELECT name, metadata::json -> 'actor' ->> 'type', metadata::json -> 'actor' ->> 'id' FROM events "
        "WHERE org_id = %s AND originator_id = %s ORDER BY position"
    )
    events = owner.execute(sql, (organization.id, made["id"])).fetchall()
    names = ["api_key.issued", "api_key.updated", "api_key.rotated", "api_key.revoked"]
    assert events == [(name, "api_key", manager_id) for name in names]
