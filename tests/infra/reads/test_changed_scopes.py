"""A key whose scopes were changed: the next request has the new ones, whatever the process remembers of the key."""

import pytest

from tests.support.organization import credit_rows
from tests.support.scenarios import invoice_body
from tests.support.senders import new_webhook

BOTH, LEAVES = ["billing:read", "leaves:read"], ["leaves:read"]


@pytest.fixture
def invoice(trips, local):
    return trips.send(local.new_key().raw, "POST", "invoices", json=invoice_body()).json["data"]["id"]


@pytest.fixture
def reader(trips, local):
    """A key that the process knows with both scopes."""
    key = local.new_key([*BOTH, "leaves:write"])
    assert trips.get(key.raw, "me").status_code == 200
    return key


def set_scopes(owner, key, scopes):
    owner.execute("UPDATE api_keys SET scopes = %s WHERE id = %s", (scopes, key.row["id"]))


def seen(trips, key, path):
    response = trips.get(key.raw, path)
    return response.status_code, len(response.json.get("data") or ())


@pytest.mark.parametrize("path", ["events", "webhooks"])
def test_a_list_shows_what_the_new_scopes_show(trips, local, owner, invoice, reader, path):
    new_webhook(owner, local.id, "https://example.com/hooks")
    assert seen(trips, reader, path) == (200, 1)
    set_scopes(owner, reader, LEAVES)
    with trips.counted() as count:
        assert seen(trips, reader, path) == (200, 0)
        assert seen(trips, reader, path) == (200, 0)
    assert count == [3]  # the first one is asked again
    set_scopes(owner, reader, BOTH)
    assert seen(trips, reader, path) == (200, 1)
    assert len(credit_rows(owner, reader)) == 4


def test_what_needs_a_scope_is_refused_and_then_allowed(trips, owner, invoice, reader):
    path = f"invoices/{invoice}/events"
    set_scopes(owner, reader, LEAVES)
    assert trips.get(reader.raw, path).json["error"]["code"] == "insufficient_scope"
    set_scopes(owner, reader, BOTH)
    assert seen(trips, reader, path) == (200, 1)


def test_a_command_has_the_new_scopes(trips, local, owner, reader):
    path = f"webhooks/{new_webhook(owner, local.id, 'https://example.com/hooks').row['id']}"
    for scopes, status in ((LEAVES, 404), (BOTH, 200), (LEAVES, 404)):
        set_scopes(owner, reader, scopes)
        assert trips.send(reader.raw, "PATCH", path, json={"description": f"{scopes}"}).status_code == status
    assert len(credit_rows(owner, reader)) == 3


def test_the_account_of_a_key_shows_the_new_scopes_in_one_trip(trips, owner, reader):
    set_scopes(owner, reader, LEAVES)
    with trips.counted() as count:
        assert trips.get(reader.raw, "me").json["data"]["key"]["scopes"] == LEAVES
    assert count == [1]
