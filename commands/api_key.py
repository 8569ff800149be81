"""Issuing, rotating, revoking and expiring API keys."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from commands.handling import Command, Ledger, handles
from domain.aggregate import Aggregate
from domain.api_key import ApiKey


class IssueKey(Command, frozen=True, kw_only=True):
    """Give an organization a new key; only the hash of its secret comes this far."""

    target: ClassVar[type[Aggregate]] = ApiKey

    name: str
    scopes: tuple[str, ...]
    credit_limit: int
    key_hash: str
    last_four: str
    expires_at: datetime | None = None


class RotateKey(Command, frozen=True, kw_only=True):
    """Replace a key's secret; the present one keeps working for `overlap`."""

    target: ClassVar[type[Aggregate]] = ApiKey

    id: str
    key_hash: str
    last_four: str
    overlap: timedelta


class RevokeKey(Command, frozen=True, kw_only=True):
    """Stop a key at once and for good."""

    target: ClassVar[type[Aggregate]] = ApiKey

    id: str


class ExpireKey(Command, frozen=True, kw_only=True):
    """Record that a key's time has run out; nothing happens when it has not, or when the key has ended otherwise."""

    target: ClassVar[type[Aggregate]] = ApiKey

    id: str


@handles(IssueKey)
def issue_key(command: IssueKey, ledger: Ledger) -> ApiKey:
    key = ApiKey.issue(
        ledger.new_id("key"),
        at=ledger.at,
        name=command.name,
        scopes=command.scopes,
        credit_limit=command.credit_limit,
        key_hash=command.key_hash,
        last_four=command.last_four,
        expires_at=command.expires_at,
    )
    ledger.save(key)
    return key


@handles(RotateKey)
def rotate_key(command: RotateKey, ledger: Ledger) -> ApiKey:
    key = ledger.get(ApiKey, command.id)
    key.rotate(command.key_hash, command.last_four, command.overlap, ledger.at)
    ledger.save(key)
    return key


@handles(RevokeKey)
def revoke_key(command: RevokeKey, ledger: Ledger) -> ApiKey:
    key = ledger.get(ApiKey, command.id)
    key.revoke(ledger.at)
    ledger.save(key)
    return key


@handles(ExpireKey)
def expire_key(command: ExpireKey, ledger: Ledger) -> ApiKey:
    key = ledger.get(ApiKey, command.id)
    key.expire(ledger.at)
    ledger.save(key)
    return key
