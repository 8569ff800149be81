"""The commands on API keys: issue, change, rotate, revoke, expire.

People, the command line and managing keys send them. What a managing key may do is checked here, under the lock on the
log: so it counts what the key may do now.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar

from msgspec import UNSET, UnsetType

from commands.command import Command
from commands.fields.key import API_NAMES, Burst, CreditLimit, Name, Networks, Scopes, check_values
from commands.fields.others import Duration, Instant
from commands.unit_of_work import Handler, UnitOfWork, changing
from domain.accounts.managing import excess
from domain.accounts.security_event import SecurityEventKind
from domain.aggregate import Aggregate
from domain.api_key import DEFAULT_CREDIT_LIMIT, DEFAULT_OVERLAP, MAX_OVERLAP, ApiKey
from domain.errors.api_key import BeyondOwnKey, ManagingKeyNeeded, ProtectedKey
from domain.errors.codes import BEYOND_OWN_KEY
from domain.errors.violation import Violation

API_KEY, USER = "api_key", "user"
"""Types of actors."""
READ_ONLY = frozenset(
    (
        "id",
        "lastFour",
        "status",
        "managesKeys",
        "creditsUsed",
        "lastUsedAt",
        "earlierSecrets",
        "revokedAt",
        "createdAt",
        "updatedAt",
        "version",
        "secret",
        "secretNotice",
    )
)


class IssueKey(Command, frozen=True, kw_only=True):
    """Give an organization a new key. The command holds only the hash and the last four characters of the secret."""

    target: ClassVar[type[Aggregate]] = ApiKey
    read_only: ClassVar[frozenset[str]] = READ_ONLY
    security_events: ClassVar[tuple[SecurityEventKind, ...]] = (
        SecurityEventKind.KEY_CREATED,
        SecurityEventKind.KEY_SHOWN,
    )

    name: Annotated[str, Name]
    scopes: Annotated[tuple[str, ...], Scopes]
    credit_limit: Annotated[int, CreditLimit] = DEFAULT_CREDIT_LIMIT
    expires_at: Annotated[datetime, Instant()] | None = None
    manages_keys: bool = False
    key_hash: str = ""
    last_four: str = ""
    allowed_cidrs: Annotated[tuple[str, ...], Networks] = ()
    """The networks from which the key may be used; empty for everywhere."""
    burst: Annotated[int, Burst] | None = None
    """How many requests the key may send in any second; None for any number."""


class UpdateKey(Command, frozen=True, kw_only=True):
    """Change a key's name, scopes, limits or expiry. Used credits stay used."""

    target: ClassVar[type[Aggregate]] = ApiKey
    read_only: ClassVar[frozenset[str]] = READ_ONLY
    security_events: ClassVar[tuple[SecurityEventKind, ...]] = (SecurityEventKind.KEY_CHANGED,)

    id: str
    name: Annotated[str, Name] | UnsetType = UNSET
    scopes: Annotated[tuple[str, ...], Scopes] | UnsetType = UNSET
    credit_limit: Annotated[int, CreditLimit] | UnsetType = UNSET
    expires_at: Annotated[datetime, Instant()] | UnsetType | None = UNSET
    """When the key stops working; None for never."""
    manages_keys: bool | UnsetType = UNSET
    allowed_cidrs: Annotated[tuple[str, ...], Networks] | UnsetType = UNSET
    burst: Annotated[int, Burst] | UnsetType | None = UNSET


class RotateKey(Command, frozen=True, kw_only=True):
    """Replace a key's secret; the current secret keeps working for `overlap`."""

    target: ClassVar[type[Aggregate]] = ApiKey
    read_only: ClassVar[frozenset[str]] = READ_ONLY
    security_events: ClassVar[tuple[SecurityEventKind, ...]] = (
        SecurityEventKind.KEY_ROTATED,
        SecurityEventKind.KEY_SHOWN,
    )

    id: str
    overlap: Annotated[timedelta, Duration(MAX_OVERLAP)] = DEFAULT_OVERLAP
    key_hash: str = ""
    last_four: str = ""


class RevokeKey(Command, frozen=True, kw_only=True):
    """Disable a key immediately and permanently."""

    target: ClassVar[type[Aggregate]] = ApiKey
    security_events: ClassVar[tuple[SecurityEventKind, ...]] = (SecurityEventKind.KEY_REVOKED,)

    id: str


class RevokeLeakedKey(Command, frozen=True, kw_only=True):
    """Disable a key whose secret was found in public, also one that may manage keys."""

    target: ClassVar[type[Aggregate]] = ApiKey
    security_events: ClassVar[tuple[SecurityEventKind, ...]] = (
        SecurityEventKind.KEY_LEAKED,
        SecurityEventKind.KEY_REVOKED,
    )

    id: str
    found_at: str
    """Where the secret was found, such as a URL."""


class ExpireKey(Command, frozen=True, kw_only=True):
    """Record that a key has expired. Record no event if the key has not expired, or was revoked."""

    target: ClassVar[type[Aggregate]] = ApiKey

    id: str


class RecordKeyUse(Command, frozen=True, kw_only=True):
    """Record which thresholds of its credit limit a key has reached or left."""

    target: ClassVar[type[Aggregate]] = ApiKey

    id: str
    used: int
    """How many credits of the window are used."""


def issue_key(command: IssueKey, uow: UnitOfWork) -> ApiKey:
    manager = _manager(uow)
    check_values({name: getattr(command, name) for name in API_NAMES}, uow.at)
    if command.manages_keys:
        _require_user(uow, "created")
    key = ApiKey.issue(
        uow.new_id(ApiKey.id_prefix),
        at=uow.at,
        name=command.name.strip(),
        scopes=command.scopes,
        credit_limit=command.credit_limit,
        key_hash=command.key_hash,
        last_four=command.last_four,
        expires_at=command.expires_at,
        manages_keys=command.manages_keys,
        allowed_cidrs=command.allowed_cidrs,
        burst=command.burst,
    )
    _require_within(manager, key)
    uow.save(key)
    return key


@changing
def update_key(key: ApiKey, command: UpdateKey, uow: UnitOfWork) -> None:
    manager = _manager_of(key, uow, "changed")
    changes = {name: value for name in API_NAMES if (value := getattr(command, name)) is not UNSET}
    check_values(changes, uow.at)
    if changes.get("manages_keys", key.manages_keys) != key.manages_keys:
        _require_user(uow, "changed")
    if "name" in changes:
        changes["name"] = changes["name"].strip()
    key.change(uow.at, **changes)
    _require_within(manager, key)


@changing
def rotate_key(key: ApiKey, command: RotateKey, uow: UnitOfWork) -> None:
    _require_within(_manager_of(key, uow, "rotated"), key)
    key.rotate(command.key_hash, command.last_four, command.overlap, uow.at)


@changing
def revoke_key(key: ApiKey, command: RevokeKey, uow: UnitOfWork) -> None:
    _manager_of(key, uow, "revoked")
    key.revoke(uow.at)


@changing
def revoke_leaked_key(key: ApiKey, command: RevokeLeakedKey, uow: UnitOfWork) -> None:
    key.revoke(uow.at, command.found_at)


@changing
def expire_key(key: ApiKey, command: ExpireKey, uow: UnitOfWork) -> None:
    key.expire(uow.at)


@changing
def record_key_use(key: ApiKey, command: RecordKeyUse, uow: UnitOfWork) -> None:
    key.record_use(command.used, uow.at)


def _manager(uow: UnitOfWork) -> ApiKey | None:
    """Return the managing key that has sent the command; None if a person or the service has sent it.

    Raises ManagingKeyNeeded if the sender is a key that may not manage keys, or not any more.
    """
    if uow.actor.type != API_KEY:
        return None
    manager = uow.get(ApiKey, uow.actor.id)
    if not manager.may_manage_keys(uow.at):
        raise ManagingKeyNeeded
    return manager


def _manager_of(key: ApiKey, uow: UnitOfWork, action: str) -> ApiKey | None:
    """Return the managing key that has sent a command on `key`, like `_manager`.

    Raises ProtectedKey if `key` manages keys, too: the sender itself, or another one.
    """
    manager = _manager(uow)
    if manager is not None and key.manages_keys:
        raise ProtectedKey(action)
    return manager


def _require_user(uow: UnitOfWork, action: str) -> None:
    """Raise ProtectedKey unless a user of the console has sent the command."""
    if uow.actor.type != USER:
        raise ProtectedKey(action)


def _require_within(manager: ApiKey | None, key: ApiKey) -> None:
    """Raise BeyondOwnKey if the key has more than the managing key that has sent the command."""
    problems = excess(manager, key) if manager is not None else {}
    if problems:
        raise BeyondOwnKey(Violation(API_NAMES[name], BEYOND_OWN_KEY, text) for name, text in problems.items())


HANDLERS: Mapping[type[Command], Handler[Any]] = {
    IssueKey: issue_key,
    UpdateKey: update_key,
    RotateKey: rotate_key,
    RevokeKey: revoke_key,
    RevokeLeakedKey: revoke_leaked_key,
    ExpireKey: expire_key,
    RecordKeyUse: record_key_use,
}
