"""The handlers of API keys, with a unit of work in memory."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from commands.accounts.api_key import ExpireKey, IssueKey, RevokeKey, RotateKey, UpdateKey
from commands.command import Command
from commands.dispatch import handle
from commands.memory import InMemoryUnitOfWork
from domain.api_key import DEFAULT_OVERLAP, LATEST_EXPIRY
from domain.errors import Invalid, NotFound
from domain.errors.api_key import KeyNotActive
from tests.support.cases import all_cases
from tests.support.sample_commands import AT

ROTATE = RotateKey(id="key_1", key_hash="second", last_four="abcd", overlap=DEFAULT_OVERLAP)
REVOKE, EXPIRE = RevokeKey(id="key_1"), ExpireKey(id="key_1")


def issued(**changes: Any) -> InMemoryUnitOfWork:
    """A unit of work that holds one active key."""
    uow = InMemoryUnitOfWork(AT)
    fields: dict[str, Any] = {
        "name": "Zapier",
        "scopes": ("billing:read",),
        "credit_limit": 1000,
        "key_hash": "first",
        "last_four": "wxyz",
    }
    handle(IssueKey(**{**fields, **changes}), uow)
    return uow


def topics(uow: InMemoryUnitOfWork) -> list[str]:
    return [event.topic for event in uow.events]


def test_a_key_is_issued_with_what_the_command_says():
    (event,) = issued().events
    assert event.changes() == {
        "name": "Zapier",
        "scopes": ("billing:read",),
        "credit_limit": 1000,
        "key_hash": "first",
        "last_four": "wxyz",
        "expires_at": None,
        "status": "active",
    }


def test_a_key_that_would_expire_at_once_is_refused():
    with pytest.raises(Invalid, match="expiresAt must be in the future"):
        issued(expires_at=AT)


@pytest.mark.parametrize(
    ("command", "topic"), [(ROTATE, "api_key.rotated"), (REVOKE, "api_key.revoked")], ids=["rotate", "revoke"]
)
def test_an_active_key_is_rotated_and_revoked(command, topic):
    uow = issued()
    handle(command, uow)
    assert topics(uow)[1:] == [topic]


def test_a_revoked_key_is_not_rotated():
    uow = issued()
    handle(REVOKE, uow)
    with pytest.raises(KeyNotActive, match="This API key is revoked, and only an active key can be rotated"):
        handle(ROTATE, uow)


@pytest.mark.parametrize(("later", "expires"), [(timedelta(minutes=59), False), (timedelta(hours=1), True)])
def test_a_key_expires_at_its_time_and_not_before(later, expires):
    uow = issued(expires_at=AT + timedelta(hours=1))
    uow.at += later
    handle(EXPIRE, uow)
    assert topics(uow)[1:] == ["api_key.expired"] * expires


@pytest.mark.parametrize("command", [ROTATE, REVOKE, EXPIRE], ids=["rotate", "revoke", "expire"])
def test_an_unknown_key_is_not_found(command: Command):
    with pytest.raises(NotFound, match="There is no api key with the id 'key_1'"):
        handle(command, InMemoryUnitOfWork(AT))


REFUSED: dict[str, list[Any]] = {
    "name": ["", " ", "\u200b", "\u00a0\u2060", "\u3164", "\n\t", "x" * 201, "a\0b", "a\ud800b"],
    "scopes": [(), ("everything",), ("billing:read", "billing:admin"), ("BILLING:READ",), ("",)],
    "credit_limit": [0, -1, 10**12 + 1, 10**18, -(10**12)],
    "expires_at": [
        *[AT, AT - timedelta(microseconds=1), AT - timedelta(days=365)],
        *[LATEST_EXPIRY + timedelta(microseconds=1), datetime.max.replace(tzinfo=UTC)],
    ],
    "burst": [0, -1, 1001],
    "allowed_cidrs": [("",), ("10.0.0.0/33",), ("10.0.0.1/8",), ("fe80::1%eth0",), ("10.0.0.0/8",) * 51],
}
API_NAMES = {
    "name": "name",
    "scopes": "scopes",
    "credit_limit": "creditLimit",
    "expires_at": "expiresAt",
    "allowed_cidrs": "allowedCidrs",
    "burst": "burst",
}


@all_cases(("field", "value"), [(field, value) for field, values in REFUSED.items() for value in values])
def test_a_key_with_a_wrong_field_is_refused_with_the_name_of_the_field(field, value):
    with pytest.raises(Invalid) as refused:
        issued(**{field: value})
    assert [violation.field for violation in refused.value.violations] == [API_NAMES[field]]
    assert all(violation.message.startswith("must ") for violation in refused.value.violations)


@all_cases(("field", "value"), [(field, value) for field, values in REFUSED.items() for value in values])
def test_a_key_is_not_changed_to_what_it_could_not_be_issued_with(field, value):
    uow = issued()
    changes: dict[str, Any] = {field: value}
    with pytest.raises(Invalid) as refused:
        handle(UpdateKey(id="key_1", **changes), uow)
    assert [violation.field for violation in refused.value.violations] == [API_NAMES[field]]
    assert topics(uow) == ["api_key.issued"]


def test_a_change_keeps_what_the_command_does_not_say():
    uow = issued()
    handle(UpdateKey(id="key_1", name="  Make ", credit_limit=5), uow)
    assert uow.events[-1].changes() == {"name": "Make", "credit_limit": 5}
    handle(UpdateKey(id="key_1", name="Make"), uow)
    assert topics(uow) == ["api_key.issued", "api_key.updated"]


def test_networks_are_kept_in_their_canonical_form_and_taken_away_together():
    uow = issued(allowed_cidrs=("2001:DB8::/32", "10.0.0.1", "10.0.0.1/32"))
    assert uow.events[0].changes()["allowed_cidrs"] == ("10.0.0.1/32", "2001:db8::/32")
    handle(UpdateKey(id="key_1", allowed_cidrs=("2001:db8::/32", "::ffff:10.0.0.1")), uow)
    handle(UpdateKey(id="key_1", allowed_cidrs=()), uow)
    assert [event.changes() for event in uow.events[1:]] == [{"allowed_cidrs": ()}]


def test_all_wrong_fields_are_reported_together():
    with pytest.raises(Invalid) as refused:
        issued(name="", scopes=(), credit_limit=0, expires_at=AT, allowed_cidrs=("x",), burst=0)
    assert [violation.field for violation in refused.value.violations] == list(API_NAMES.values())


@pytest.mark.parametrize("field", ["name", "expires_at", "credit_limit"])
def test_a_key_at_the_bounds_is_issued(field):
    bounds = {"name": "  " + "क" * 200 + " ", "expires_at": LATEST_EXPIRY, "credit_limit": 10**12}
    (event,) = issued(**{field: bounds[field]}).events
    assert event.changes()["name"] == ("क" * 200 if field == "name" else "Zapier")


ENDED = {
    "revoked": lambda uow: handle(REVOKE, uow),
    "expired by the clock": lambda uow: None,
    "recorded as expired": lambda uow: handle(EXPIRE, uow),
}


@pytest.mark.parametrize("ended", ENDED)
def test_what_has_ended_is_not_rotated(ended):
    uow = issued(expires_at=AT + timedelta(hours=1))
    uow.at += timedelta(hours=1)
    ENDED[ended](uow)
    events = topics(uow)
    with pytest.raises(KeyNotActive, match=f"This API key is {'revoked' if ended == 'revoked' else 'expired'}, and"):
        handle(ROTATE, uow)
    assert topics(uow) == events


def test_in_the_last_instant_before_its_expiry_a_key_is_rotated():
    uow = issued(expires_at=AT + timedelta(hours=1))
    uow.at += timedelta(hours=1) - timedelta(microseconds=1)
    handle(ROTATE, uow)
    assert topics(uow)[1:] == ["api_key.rotated"]
