"""A managing key tries to get, or to give, more than it has; and what changes under it while it tries."""

from datetime import UTC, datetime, timedelta

import pytest

from commands.accounts.api_key import RevokeKey, UpdateKey
from commands.command import Actor, Context
from domain.errors.api_key import ManagingKeyNeeded, ProtectedKey
from infra.identity.keys import create_key, revoke_key, update_key
from infra.identity.organizations import create_organization
from infra.log.command_bus import execute_on
from tests.support.client import Api, data_of, error_of

SCOPES = ("billing:read", "leaves:read")
WIDE = ("billing:read", "billing:write", "leaves:read")
DAYS = 30


def in_days(days):
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


def test_a_managing_key_cannot_escalate_in_any_of_thirty_ways(organization, owner):
    manager = organization.managing_api(
        SCOPES,
        1000,
        expires_at=datetime.now(UTC) + timedelta(days=DAYS),
        burst=1000 - 1,
        allowed_cidrs=("127.0.0.0/8", "2001:db8::/32"),
    )
    itself = f"keys/{manager.read('me')['key']['id']}"
    other_manager = organization.managing_api(SCOPES, 10)
    other = f"keys/{other_manager.read('me')['key']['id']}"
    within = {"name": "x", "scopes": ["billing:read"], "creditLimit": 1000, "expiresAt": in_days(1)}
    within |= {"burst": 999, "allowedCidrs": ["127.0.0.0/9", "2001:db8:1::/48"]}
    own = f"keys/{manager.create('keys', within)['id']}"
    wide = {  # keys that people have made, each with more than the managing key in one field
        "scopes": organization.new_key(WIDE, 10, datetime.now(UTC) + timedelta(days=1)),
        "limit": organization.new_key(SCOPES, 1001, datetime.now(UTC) + timedelta(days=1)),
        "expiry": organization.new_key(SCOPES, 10),
    }
    wider = {name: f"keys/{key.row['id']}" for name, key in wide.items()}
    stranger = create_key(owner, create_organization(owner, "Another", "Asia/Kolkata").id, "x", SCOPES, 10, None)
    foreign = f"keys/{stranger.row['id']}"

    def create(**changes):
        return manager.post("keys", json={**within, **changes})

    def change(path, **changes):
        return manager.patch(path, json=changes)

    def rotate(path, **body):
        return manager.post(f"{path}/rotate", json=body)

    def revoke(path):
        return manager.post(f"{path}/revoke", json={})

    beyond, protected, unknown = (403, "beyond_own_key"), (403, "protected_key"), (404, "not_found")
    read_only = (422, "read_only_field")
    attempts = [
        # more than it has, for a new key
        (create(scopes=["billing:write"]), beyond),
        (create(scopes=["billing:read", "leaves:write"]), beyond),
        (create(creditLimit=1001), beyond),
        (create(creditLimit=10**12), beyond),
        (create(expiresAt=None), beyond),
        (manager.post("keys", json={name: within[name] for name in ("name", "scopes", "creditLimit")}), beyond),
        (create(expiresAt=in_days(DAYS + 1)), beyond),
        (create(burst=1000), beyond),
        (create(burst=None), beyond),
        (create(allowedCidrs=[]), beyond),
        (create(allowedCidrs=["127.0.0.1", "10.0.0.0/8"]), beyond),
        (create(allowedCidrs=["0.0.0.0/0"]), beyond),
        (create(allowedCidrs=["127.0.0.0/7"]), (422, "validation_failed")),
        (create(allowedCidrs=["126.0.0.0/7"]), beyond),
        (create(allowedCidrs=["2001:db8::/31"]), beyond),
        (create(allowedCidrs=["2001:db8::/32", "::/0"]), beyond),
        (create(managesKeys=True), read_only),
        (create(status="active"), read_only),
        (create(secret="sd_live_mine"), read_only),
        # more than it has, for a key that it made
        (change(own, scopes=["billing:read", "billing:write"]), beyond),
        (change(own, creditLimit=1001), beyond),
        (change(own, expiresAt=None), beyond),
        (change(own, expiresAt=in_days(DAYS + 1)), beyond),
        (change(own, burst=None), beyond),
        (change(own, allowedCidrs=[]), beyond),
        (change(own, allowedCidrs=["2001:db9::1"]), beyond),
        (change(own, managesKeys=True), read_only),
        # the secret, or a longer life, of a key that has more
        (rotate(wider["scopes"]), beyond),
        (rotate(wider["limit"], overlap="0"), beyond),
        (rotate(wider["expiry"]), beyond),
        (change(wider["scopes"], expiresAt=in_days(2)), beyond),
        (change(wider["scopes"], creditLimit=1000), beyond),
        (change(wider["limit"], scopes=list(SCOPES)), beyond),
        (change(wider["expiry"], name="renamed"), beyond),
        # itself, and others that manage keys
        (change(itself, name="me"), protected),
        (change(itself, scopes=["billing:write"]), protected),
        (change(itself, expiresAt=None), protected),
        (rotate(itself), protected),
        (revoke(itself), protected),
        (change(other, creditLimit=1), protected),
        (rotate(other), protected),
        (revoke(other), protected),
        # another organization
        (change(foreign, name="mine"), unknown),
        (rotate(foreign), unknown),
        (revoke(foreign), unknown),
        (manager.get(foreign), unknown),
    ]
    assert len(attempts) >= 30
    for response, (status, code) in attempts:
        error_of(response, status, code)
    versions = {each["id"]: each["version"] for each in manager.read("keys")}
    assert set(versions.values()) == {1} and len(versions) == 6
    assert manager.read("me")["key"]["scopes"] == list(SCOPES)


def test_a_key_that_was_within_is_refused_once_the_managing_key_has_less(organization, owner):
    manager = organization.managing_api(SCOPES, 1000)
    id = manager.read("me")["key"]["id"]
    body = {"name": "x", "scopes": ["leaves:read"], "creditLimit": 1000}
    made = manager.create("keys", body)
    update_key(owner, id, scopes=("billing:read",), credit_limit=999)
    error = error_of(manager.post("keys", json=body), 403, "beyond_own_key")
    assert [each["field"] for each in error["details"]] == ["scopes", "creditLimit"]
    error_of(manager.post(f"keys/{made['id']}/rotate", json={}), 403, "beyond_own_key")
    data_of(manager.post(f"keys/{made['id']}/revoke", json={}), 201)  # takes away, and gives nothing


def test_a_managing_key_whose_right_was_taken_manages_nothing_more_not_even_in_a_retry(organization, owner):
    manager = organization.managing_api()
    headers = {"Idempotency-Key": "once"}
    body = {"name": "x", "scopes": ["leaves:read"]}
    data_of(manager.post("keys", json=body, headers=headers), 201)
    user = Context(org_id=organization.id, actor=Actor("user", "usr_test"), request_id="test")
    execute_on(owner, UpdateKey(id=manager.read("me")["key"]["id"], manages_keys=False), user)
    assert manager.read("me")["key"]["managesKeys"] is False
    error_of(manager.post("keys", json=body, headers=headers), 403, "managing_key_needed")
    error_of(manager.get("keys"), 403, "managing_key_needed")


def test_what_a_key_may_do_counts_at_the_moment_of_the_command(organization, owner):
    """The handler checks the sender itself, whatever was known when the request came."""
    manager = organization.managing_api()
    sender = manager.read("me")["key"]["id"]
    made = manager.create("keys", {"name": "x", "scopes": ["leaves:read"]})
    by_key = Context(org_id=organization.id, actor=Actor("api_key", sender), request_id="test")
    revoke_key(owner, sender)
    for command in (RevokeKey(id=made["id"]), UpdateKey(id=made["id"], name="y")):
        with pytest.raises(ManagingKeyNeeded):
            execute_on(owner, command, by_key)


def test_the_command_line_and_the_api_cannot_give_the_right_to_manage_keys(organization, owner):
    key = organization.new_key()
    by_cli = Context(org_id=organization.id, actor=Actor("cli", "smartdhandha"), request_id="test")
    with pytest.raises(ProtectedKey):
        execute_on(owner, UpdateKey(id=key.row["id"], manages_keys=True), by_cli)
    with Api(organization.url, key.raw) as client:
        assert client.read("me")["key"]["managesKeys"] is False
