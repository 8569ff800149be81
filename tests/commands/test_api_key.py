"""The handlers of API keys, with a unit of work in memory."""

from datetime import timedelta
from typing import Any

import pytest

from commands.api_key import ExpireKey, IssueKey, RevokeKey, RotateKey
from commands.command import Command
from commands.dispatch import handle
from commands.memory import InMemoryUnitOfWork
from domain.api_key import DEFAULT_OVERLAP
from domain.errors import Invalid, KeyNotActive, NotFound
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
