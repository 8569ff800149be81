"""The commands on API keys: issue, rotate, revoke, expire."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from commands.command import Command
from commands.unit_of_work import Handler, UnitOfWork
from domain.aggregate import Aggregate
from domain.api_key import ApiKey


class IssueKey(Command, frozen=True, kw_only=True):
    """Give an organization a new key; of its secret, a command holds only the hash and the last four characters."""

    target: ClassVar[type[Aggregate]] = ApiKey

    name: str
    scopes: tuple[str, ...]
    credit_limit: int
    key_hash: str
    last_four: str
    expires_at: datetime | None = None


class RotateKey(Command, frozen=True, kw_only=True):
    """Replace a key's secret; the current secret keeps working for `overlap`."""

    target: ClassVar[type[Aggregate]] = ApiKey

    id: str
    key_hash: str
    last_four: str
    overlap: timedelta


class RevokeKey(Command, frozen=True, kw_only=True):
    """Disable a key immediately and permanently."""

    target: ClassVar[type[Aggregate]] = ApiKey

    id: str


class ExpireKey(Command, frozen=True, kw_only=True):
    """Record that a key has expired; without effect when it has not, or when it was revoked before."""

    target: ClassVar[type[Aggregate]] = ApiKey

    id: str


def issue_key(command: IssueKey, uow: UnitOfWork) -> ApiKey:
    key = ApiKey.issue(
        uow.new_id(ApiKey.id_prefix),
        at=uow.at,
        name=command.name,
        scopes=command.scopes,
        credit_limit=command.credit_limit,
        key_hash=command.key_hash,
        last_four=command.last_four,
        expires_at=command.expires_at,
    )
    uow.save(key)
    return key


def rotate_key(command: RotateKey, uow: UnitOfWork) -> ApiKey:
    key = uow.get(ApiKey, command.id)
    key.rotate(command.key_hash, command.last_four, command.overlap, uow.at)
    uow.save(key)
    return key


def revoke_key(command: RevokeKey, uow: UnitOfWork) -> ApiKey:
    key = uow.get(ApiKey, command.id)
    key.revoke(uow.at)
    uow.save(key)
    return key


def expire_key(command: ExpireKey, uow: UnitOfWork) -> ApiKey:
    key = uow.get(ApiKey, command.id)
    key.expire(uow.at)
    uow.save(key)
    return key


HANDLERS: Mapping[type[Command], Handler[Any]] = {
    IssueKey: issue_key,
    RotateKey: rotate_key,
    RevokeKey: revoke_key,
    ExpireKey: expire_key,
}
