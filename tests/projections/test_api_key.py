"""Rows of API keys, folded from their events, and the table in which a hash finds its key."""

from datetime import timedelta

import msgspec
import pytest

from domain.calendar import instant
from projections.accounts.api_key import API_KEYS, CHECK_USE
from tests.support.histories import AT, LATER, events_of, issued_key

FIRST, SECOND, THIRD, FOURTH = "aa" * 32, "bb" * 32, "cc" * 32, "dd" * 32


def folded(key):
    return API_KEYS.fold_all(events_of(key))


def row_of(key):
    return folded(key).row


def hashes_of(key):
    """The hashes that are stored of a key, and the end of each."""
    statements = API_KEYS.statements("org_1", "key_1", folded(key), is_new=True)
    (values,) = [values for sql, values in statements if "INSERT INTO api_key_hashes" in sql]
    return dict(zip(values[2], values[3], strict=True))


def test_a_new_key_is_active_and_has_one_hash():
    row = row_of(issued_key())

    assert (row.status, row.scopes, row.last_four, row.version) == ("active", ("billing:read",), "wxyz", 1)
    assert hashes_of(issued_key()) == {FIRST: None}


def rotated_key():
    key = issued_key()
    key.rotate(SECOND, "7890", timedelta(hours=24), AT)
    return key


def test_a_rotation_shows_the_new_secret():
    assert row_of(rotated_key()).last_four == "7890"


def test_after_a_rotation_the_earlier_secret_is_found_until_the_overlap_ends():
    assert hashes_of(rotated_key()) == {FIRST: "2026-01-21T09:30:00.000000Z", SECOND: None}


OVERLAPS = [
    *[(timedelta(days=7), timedelta(0)), (timedelta(0), timedelta(days=7)), (timedelta(hours=1), timedelta(hours=1))],
    *[(timedelta(hours=24), timedelta(minutes=1)), (timedelta(minutes=59), timedelta(hours=72))],
]


@pytest.mark.parametrize(("first", "second"), OVERLAPS)
def test_each_secret_keeps_the_end_that_its_own_rotation_promised(first, second):
    key = issued_key()
    key.rotate(SECOND, "2222", first, AT)
    key.rotate(THIRD, "3333", second, LATER)

    assert hashes_of(key) == {FIRST: instant(AT + first), SECOND: instant(LATER + second), THIRD: None}


def test_the_row_shows_the_secrets_that_worked_at_the_last_change():
    key = issued_key()
    key.rotate(SECOND, "2222", timedelta(minutes=1), AT)
    key.rotate(THIRD, "3333", timedelta(days=7), AT)
    key.rotate(FOURTH, "4444", timedelta(0), LATER)

    ends = [("2222", instant(AT + timedelta(days=7))), ("3333", instant(LATER))]
    assert [(each.last_four, each.works_until) for each in row_of(key).earlier_secrets] == ends


def test_a_row_does_not_grow_with_the_rotations_of_years():
    key = issued_key()
    for day in range(400):
        key.rotate(f"{day:064x}", f"{day:04d}", timedelta(days=7), AT + timedelta(days=day))
    result = folded(key)

    assert len(result.row.earlier_secrets) == 8 and len(result.hashes) == 401


def test_a_revoked_key_keeps_the_rest_of_its_fields():
    key = issued_key()
    key.revoke(LATER)

    row = row_of(key)
    assert (row.status, row.revoked_at, row.name) == ("revoked", "2026-01-20T10:30:00.000000Z", "Zapier")


def test_the_present_hash_is_deleted_before_hashes_are_inserted():
    statements = [sql for sql, _ in API_KEYS.statements("org_1", "key_1", folded(issued_key()), is_new=False)]

    assert [sql.split()[0] for sql in statements[:3]] == ["UPDATE", "DELETE", "INSERT"]
    assert "valid_until IS NULL" in statements[1] and statements[3:] == [CHECK_USE]


def test_lists_of_scopes_are_stored_as_arrays():
    columns = dict(zip(API_KEYS.columns, API_KEYS.values(folded(issued_key())), strict=True))

    assert columns["scopes"] == ["billing:read"]


@pytest.mark.parametrize("name", ["id", "status", "lastFour", "creditLimit"])
def test_the_answer_has_the_fields_of_the_resource(name):
    assert name in msgspec.json.decode(API_KEYS.to_json(folded(issued_key())))
