"""Rows of API keys, folded from their events, and the table in which a hash finds its key."""

from datetime import timedelta

import msgspec
import pytest

from projections.api_key import API_KEYS
from tests.support.histories import AT, LATER, events_of, issued_key

FIRST, SECOND = "aa" * 32, "bb" * 32


def row_of(key):
    return API_KEYS.fold_all(events_of(key))


def hashes_of(key):
    """The values with which the hashes of a key are inserted."""
    statements = API_KEYS.statements("org_1", "key_1", row_of(key), is_new=True)
    return [values for sql, values in statements if sql.startswith("INSERT INTO api_key_hashes")]


def test_a_new_key_is_active_and_has_one_hash():
    row = row_of(issued_key())

    assert (row.status, row.scopes, row.last_four, row.version) == ("active", ("billing:read",), "wxyz", 1)
    assert hashes_of(issued_key()) == [(FIRST, "org_1", "key_1", None)]


def rotated_key():
    key = issued_key()
    key.rotate(SECOND, "7890", timedelta(hours=24), AT)
    return key


def test_a_rotation_shows_the_new_secret():
    assert row_of(rotated_key()).last_four == "7890"


def test_after_a_rotation_the_earlier_secret_is_found_until_the_overlap_ends():
    assert hashes_of(rotated_key()) == [
        (SECOND, "org_1", "key_1", None),
        (FIRST, "org_1", "key_1", "2026-01-21T09:30:00.000000Z"),
    ]


def test_a_revoked_key_keeps_the_rest_of_its_fields():
    key = issued_key()
    key.revoke(LATER)

    row = row_of(key)
    assert (row.status, row.revoked_at, row.name) == ("revoked", "2026-01-20T10:30:00.000000Z", "Zapier")


def test_old_hashes_are_deleted_before_the_present_ones_are_inserted():
    statements = [sql for sql, _ in API_KEYS.statements("org_1", "key_1", row_of(issued_key()), is_new=False)]

    assert [sql.split()[0] for sql in statements] == ["UPDATE", "DELETE", "INSERT"]


def test_lists_of_scopes_are_stored_as_arrays():
    columns = dict(zip(API_KEYS.columns, API_KEYS.values(row_of(issued_key())), strict=True))

    assert columns["scopes"] == ["billing:read"]


@pytest.mark.parametrize("name", ["id", "status", "lastFour", "creditLimit"])
def test_the_answer_has_the_fields_of_the_resource(name):
    assert name in msgspec.json.decode(API_KEYS.to_json(row_of(issued_key())))
