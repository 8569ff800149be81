"""Given an API key's events, when a method is called, then these events or this refusal."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.api_key import ApiKey
from domain.calendar import instant
from domain.errors import Invalid, InvalidTransition

AT = datetime(2026, 1, 10, 9, 30, tzinfo=UTC)
LATER = AT + timedelta(hours=1)


def issued_key(**changes):
    fields = {
        "name": "Zapier",
        "scopes": ("billing:read",),
        "credit_limit": 1000,
        "key_hash": "first",
        "last_four": "wxyz",
        "expires_at": None,
    }
    key = ApiKey.issue("key_1", at=AT, **{**fields, **changes})
    key.collect_events()
    return key


def revoked_key():
    key = issued_key()
    key.revoke(AT)
    key.collect_events()
    return key


def expired_key():
    key = issued_key(expires_at=LATER)
    key.expire(LATER)
    key.collect_events()
    return key


ENDED = {"revoked": revoked_key, "expired": expired_key}


def happened(key):
    return [(event.topic, event.changes()) for event in key.collect_events()]


def test_scopes_are_kept_once_and_in_the_order_of_the_contract():
    key = ApiKey.issue(
        "key_1",
        at=AT,
        name="x",
        scopes=("leaves:read", "billing:write", "leaves:read"),
        credit_limit=1,
        key_hash="h",
        last_four="wxyz",
        expires_at=None,
    )
    ((_, changes),) = happened(key)
    assert changes["scopes"] == ("billing:write", "leaves:read")


@pytest.mark.parametrize("expires_at", [AT, AT - timedelta(microseconds=1)])
def test_a_key_that_would_expire_before_it_begins_is_refused(expires_at):
    with pytest.raises(Invalid) as refused:
        issued_key(expires_at=expires_at)
    assert [violation.field for violation in refused.value.violations] == ["expiresAt"]


@pytest.mark.parametrize("overlap", [timedelta(0), timedelta(hours=24), timedelta(days=7)])
def test_a_rotation_records_until_when_the_old_secret_works(overlap):
    key = issued_key()
    key.rotate("second", "abcd", overlap, LATER)
    until = instant(LATER + overlap)
    changes = {"key_hash": "second", "last_four": "abcd", "previous_hash": "first", "previous_until": until}
    assert happened(key) == [("api_key.rotated", changes)]


def test_a_second_rotation_replaces_the_newer_secret():
    key = issued_key()
    key.rotate("second", "abcd", timedelta(hours=1), AT)
    key.rotate("third", "efgh", timedelta(hours=1), LATER)
    assert happened(key)[-1][1]["previous_hash"] == "second"


@pytest.mark.parametrize("overlap", [timedelta(microseconds=-1), timedelta(days=7, microseconds=1)])
def test_an_overlap_out_of_bounds_is_refused(overlap):
    key = issued_key()
    with pytest.raises(Invalid):
        key.rotate("second", "abcd", overlap, AT)
    assert happened(key) == []


@pytest.mark.parametrize("ended", ENDED)
def test_a_key_that_has_ended_is_not_rotated(ended):
    with pytest.raises(InvalidTransition):
        ENDED[ended]().rotate("second", "abcd", timedelta(0), LATER)


def test_a_revocation_records_its_time():
    key = issued_key()
    key.revoke(LATER)
    assert happened(key) == [("api_key.revoked", {"status": "revoked", "revoked_at": instant(LATER)})]


def test_revoking_again_changes_nothing():
    key = revoked_key()
    key.revoke(LATER)
    assert happened(key) == []


def test_an_expired_key_can_still_be_revoked():
    key = expired_key()
    key.revoke(LATER)
    assert [topic for topic, _ in happened(key)] == ["api_key.revoked"]


def test_a_key_expires_at_its_time():
    key = issued_key(expires_at=LATER)
    key.expire(LATER)
    assert happened(key) == [("api_key.expired", {"status": "expired"})]


@pytest.mark.parametrize("expires_at", [None, LATER])
def test_a_key_does_not_expire_before_its_time(expires_at):
    key = issued_key(expires_at=expires_at)
    key.expire(LATER - timedelta(microseconds=1))
    assert happened(key) == []


@pytest.mark.parametrize("end", ["revoke", "expire"])
def test_a_key_that_has_ended_does_not_expire(end):
    key = issued_key(expires_at=LATER)
    getattr(key, end)(LATER)
    key.collect_events()
    key.expire(LATER)
    assert happened(key) == []


def test_a_change_records_the_fields_that_differ():
    key = issued_key()
    key.change(LATER, name="Zapier", scopes=("leaves:read", "billing:read", "leaves:read"), credit_limit=5)
    assert happened(key) == [("api_key.updated", {"scopes": ("billing:read", "leaves:read"), "credit_limit": 5})]
    key.change(LATER, scopes=("leaves:read", "billing:read"), credit_limit=5, expires_at=None)
    assert happened(key) == []


@pytest.mark.parametrize("end", [None, AT + timedelta(days=2)])
def test_an_expiry_is_moved_and_taken_away(end):
    key = issued_key(expires_at=AT + timedelta(days=1))
    key.change(LATER, expires_at=end)
    assert happened(key) == [("api_key.updated", {"expires_at": end and instant(end)})]


@pytest.mark.parametrize("end", [LATER, AT])
def test_a_key_is_not_changed_to_expire_in_the_past(end):
    key = issued_key()
    with pytest.raises(Invalid) as refused:
        key.change(LATER, expires_at=end)
    assert [violation.field for violation in refused.value.violations] == ["expiresAt"] and happened(key) == []


@pytest.mark.parametrize("ended", ENDED)
def test_a_key_that_has_ended_is_not_changed(ended):
    key = ENDED[ended]()
    with pytest.raises(InvalidTransition, match=f"This API key is {ended}, and only an active key can be changed"):
        key.change(LATER, credit_limit=5)


def test_an_earlier_secret_keeps_its_end_when_the_key_works_longer():
    key = issued_key(expires_at=LATER)
    key.rotate("second", "abcd", timedelta(days=1), AT)
    key.change(AT, expires_at=None)
    assert [changes.get("previous_until") for _, changes in happened(key)] == [instant(LATER), None]
