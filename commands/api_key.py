"""The commands on API keys: issue, change, rotate, revoke, expire.

People, the command line and managing keys send them. What a managing key may do is checked here, under the lock on the
log: so it counts what the key may do now.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar

from msgspec import UNSET, UnsetType

from commands.command import Command
from commands.fields import Text
from commands.fields.others import Duration, Instant, NetworkList, WholeNumber, WordList
from commands.unit_of_work import Handler, UnitOfWork, changing
from domain.accounts.managing import excess
from domain.accounts.security_event import SecurityEventKind
from domain.aggregate import Aggregate
from domain.api_key import DEFAULT_CREDIT_LIMIT, DEFAULT_OVERLAP, MAX_OVERLAP, ApiKey, expiry_problem
from domain.errors import (
    BEYOND_OWN_KEY,
    VALIDATION_FAILED,
    BeyondOwnKey,
    Invalid,
    ManagingKeyNeeded,
    ProtectedKey,
    Violation,
)
from domain.reading import InvalidValue
from domain.reading.network import parse_networks
from domain.registry import SCOPES
from domain.text import has_visible_character

MAX_NAME_CHARACTERS, MAX_CREDIT_LIMIT, MAX_NETWORKS, MAX_BURST = 200, 10**12, 50, 1000
API_KEY, USER = "api_key", "user"
"""Types of actors."""
_API_NAMES = {
    "name": "name",
    "scopes": "scopes",
    "credit_limit": "creditLimit",
    "expires_at": "expiresAt",
    "manages_keys": "managesKeys",
    "allowed_cidrs": "allowedCidrs",
    "burst": "burst",
}
"""The API names of the fields that can be changed, by attribute name."""
READ_ONLY = frozenset(
    (
        "id",
        "lastFour",
        "status",
        "managesKeys",
        "earlierSecrets",
        "revokedAt",
        "createdAt",
        "updatedAt",
        "version",
        "secret",
        "secretNotice",
    )
)

Name = Text(MAX_NAME_CHARACTERS)
Scopes = WordList(SCOPES, "a scope", advice="")
CreditLimit = WholeNumber(1, MAX_CREDIT_LIMIT)
Networks = NetworkList(MAX_NETWORKS)
Burst = WholeNumber(1, MAX_BURST)


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


def check_key(fields: Mapping[str, Any], at: datetime) -> list[Violation]:
    """Return a violation for each wrong field of a key that is created or changed at the time `at`.

    `fields` holds values by API name. A field that is absent is not checked.
    """
    problems = {name: _CHECKS[name](value, at) for name, value in fields.items()}
    return [Violation(name, VALIDATION_FAILED, problem) for name, problem in problems.items() if problem]


def _check(values: Mapping[str, Any], at: datetime) -> None:
    """Check values by attribute name. Raises Invalid."""
    if violations := check_key({_API_NAMES[name]: value for name, value in values.items()}, at):
        raise Invalid(violations)


def _name_problem(name: str, at: datetime) -> str:
    if not 1 <= len(name.strip()) <= MAX_NAME_CHARACTERS or not has_visible_character(name):
        return f"must be 1 to {MAX_NAME_CHARACTERS} characters, at least one of them visible"
    if "\0" in name or any("\ud800" <= character <= "\udfff" for character in name):
        return "must not contain the character U+0000, or half a surrogate pair"
    return ""


def _scopes_problem(scopes: Sequence[str], at: datetime) -> str:
    is_valid = scopes and all(scope in SCOPES for scope in scopes)
    return "" if is_valid else f"must be one or more of: {', '.join(SCOPES)}"


def _limit_problem(limit: int, at: datetime) -> str:
    return "" if 1 <= limit <= MAX_CREDIT_LIMIT else f"must be a whole number from 1 to {MAX_CREDIT_LIMIT}"


def _networks_problem(networks: Sequence[str], at: datetime) -> str:
    if len(networks) > MAX_NETWORKS:
        return f"must be at most {MAX_NETWORKS} ranges; there are {len(networks)}"
    try:
        parse_networks(networks)
    except InvalidValue as error:
        return str(error)
    return ""


def _burst_problem(burst: int | None, at: datetime) -> str:
    is_valid = burst is None or 1 <= burst <= MAX_BURST
    return "" if is_valid else f"must be a whole number from 1 to {MAX_BURST}; leave it out for any number of requests"


_CHECKS: Mapping[str, Callable[[Any, datetime], str]] = {
    "name": _name_problem,
    "scopes": _scopes_problem,
    "creditLimit": _limit_problem,
    "expiresAt": expiry_problem,
    "managesKeys": lambda manages_keys, at: "",
    "allowedCidrs": _networks_problem,
    "burst": _burst_problem,
}
"""The check of each field, by its API name. A check returns a message, or an empty text for a valid value."""


def issue_key(command: IssueKey, uow: UnitOfWork) -> ApiKey:
    manager = _manager(uow)
    _check({name: getattr(command, name) for name in _API_NAMES}, uow.at)
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
    changes = {name: value for name in _API_NAMES if (value := getattr(command, name)) is not UNSET}
    _check(changes, uow.at)
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
        raise BeyondOwnKey(Violation(_API_NAMES[name], BEYOND_OWN_KEY, text) for name, text in problems.items())


HANDLERS: Mapping[type[Command], Handler[Any]] = {
    IssueKey: issue_key,
    UpdateKey: update_key,
    RotateKey: rotate_key,
    RevokeKey: revoke_key,
    RevokeLeakedKey: revoke_leaked_key,
    ExpireKey: expire_key,
}
