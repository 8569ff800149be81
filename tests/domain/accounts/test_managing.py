"""What a managing key may give: each field of a key has a rule, and no rule lets more through than the key has."""

from datetime import timedelta

import pytest

from domain.accounts.managing import RULES, excess
from domain.aggregate import Event
from domain.api_key import ApiKey
from tests.support.histories import AT

NOT_GIVEN = {"key_hash", "last_four", "status", "threshold", *Event.__struct_fields__}
"""The fields of the events that no request chooses."""
OWN = {"scopes": ("billing:read", "leaves:read"), "credit_limit": 1000, "expires_at": AT + timedelta(days=30)}
MORE = {
    "scopes": ("billing:read", "billing:write"),
    "credit_limit": 1001,
    "expires_at": AT + timedelta(days=30, microseconds=1),
    "manages_keys": True,
}


def key(**changes):
    fields = {"name": "x", "key_hash": "h", "last_four": "wxyz", **OWN}
    return ApiKey.issue("key_1", at=AT, **{**fields, **changes})


def test_each_field_that_a_key_is_given_has_a_rule():
    given = {*ApiKey.Issued.__struct_fields__, *ApiKey.Updated.__struct_fields__} - NOT_GIVEN
    assert given == set(RULES)


@pytest.mark.parametrize("field", MORE)
def test_a_key_with_more_in_one_field_is_refused_in_this_field(field):
    assert list(excess(key(manages_keys=True), key(**{field: MORE[field]}))) == [field]


def test_a_key_that_never_expires_is_more_than_one_that_does():
    assert list(excess(key(), key(expires_at=None))) == ["expires_at"]
    assert excess(key(expires_at=None), key(expires_at=None)) == {}


def test_a_key_with_the_same_or_less_is_not_refused():
    assert excess(key(), key()) == {}
    assert excess(key(), key(name="y", scopes=("leaves:read",), credit_limit=1, expires_at=AT + timedelta(1))) == {}
