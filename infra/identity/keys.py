"""Creates, changes, rotates, revokes and lists API keys for the command line."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from psycopg import Connection
from psycopg.rows import args_row

from commands.accounts.api_key import IssueKey, RevokeKey, RotateKey, UpdateKey
from commands.command import Actor, Command, Context
from domain.accounts.key_secret import new_secret, stored_parts
from domain.accounts.mode import key_prefix
from domain.api_key import ACTIVE, state_at
from domain.errors import NotFound
from domain.errors.api_key import KeyNotActive
from infra.identity.organizations import require_organization
from infra.identity.security_events import operator
from infra.log.command_bus import execute_on
from infra.postgres.database import Row
from projections.views.keys import WorkingSecret, list_working

ACTOR = Actor("cli", "smartdhandha")

SELECT_KEYS = """
SELECT id, name, last_four, scopes, credit_limit, status, expires_at, created_at, earlier_secrets, manages_keys,
       coalesce(allowed_cidrs, '{}'), burst, clock_timestamp() AS asked_at
FROM api_keys WHERE org_id = %s AND (%s::text IS NULL OR id = %s) ORDER BY created_at, id
"""
SELECT_KEY = "SELECT org_id, status, expires_at, clock_timestamp() FROM api_keys WHERE id = %s"


class _KeyRow(NamedTuple):
    """A row of SELECT_KEYS."""

    id: str
    name: str
    last_four: str
    scopes: list[str]
    limit: int
    status: str
    expires_at: datetime | None
    created_at: datetime
    earlier_secrets: bytes
    manages_keys: bool
    allowed_cidrs: list[str]
    burst: int | None
    asked_at: datetime


class NewKey(NamedTuple):
    """A key that was just created or rotated. `raw` is its secret, of which only a hash is stored."""

    row: dict[str, Any]
    raw: str


class ListedKey(msgspec.Struct, rename="camel"):
    """A key as `key list` and `key show` print it, with its state at this moment."""

    id: str
    name: str
    last_four: str
    scopes: list[str]
    limit: int
    status: str
    """The stored state, or `expired` if the time of expiry has passed."""
    expires_at: datetime | None
    allowed_cidrs: list[str]
    burst: int | None
    created_at: datetime
    earlier_secrets: tuple[WorkingSecret, ...]
    manages_keys: bool


def create_key(
    conn: Connection[Row],
    org_id: str,
    name: str,
    scopes: tuple[str, ...],
    limit: int,
    expires_at: datetime | None,
    **others: Any,
) -> NewKey:
    """Create a key for an organization. `limit` is the number of credits in a window; `others` are fields of IssueKey.

    Raises NotFound for an unknown organization, and Invalid with a violation for each wrong field.
    """
    require_organization(conn, org_id)
    raw = new_secret(secrets.choice, key_prefix(org_id))
    command = IssueKey(
        name=name,
        scopes=scopes,
        credit_limit=limit,
        expires_at=expires_at,
        **{**others, **stored_parts(raw)},
    )
    return NewKey(_execute(conn, org_id, command), raw)


def update_key(conn: Connection[Row], key_id: str, **changes: Any) -> dict[str, Any]:
    """Change a key, and return its row. `changes` are fields of UpdateKey.

    Raises NotFound, Invalid with a violation for each wrong field, and KeyNotActive.
    """
    org_id, _ = _find_key(conn, key_id)
    return _execute(conn, org_id, UpdateKey(id=key_id, **changes))


def rotate_key(conn: Connection[Row], key_id: str, overlap: timedelta) -> NewKey:
    """Give a key a new secret. The current secret keeps working for `overlap`.

    Raises NotFound, Invalid for an overlap that is too long, and KeyNotActive when the key was revoked or has expired.
    """
    org_id, state = _find_key(conn, key_id)
    if state != ACTIVE:
        raise KeyNotActive(state, "rotated")
    raw = new_secret(secrets.choice, key_prefix(org_id))
    command = RotateKey(id=key_id, overlap=overlap, **stored_parts(raw))
    return NewKey(_execute(conn, org_id, command), raw)


def revoke_key(conn: Connection[Row], key_id: str) -> dict[str, Any]:
    """Revoke a key at once, and return its row. Raises NotFound."""
    org_id, _ = _find_key(conn, key_id)
    return _execute(conn, org_id, RevokeKey(id=key_id))


def list_keys(conn: Connection[Row], org_id: str) -> list[ListedKey]:
    """Return an organization's keys as they are now, without their secrets, the oldest first. Raises NotFound."""
    require_organization(conn, org_id)
    return _select_keys(conn, org_id)


def get_key(conn: Connection[Row], key_id: str) -> ListedKey:
    """Return a key as it is now, without its secrets. Raises NotFound."""
    org_id, _ = _find_key(conn, key_id)
    (key,) = _select_keys(conn, org_id, key_id)
    return key


def get_organization_of(conn: Connection[Row], key_id: str) -> str:
    """Return the id of the organization that a key belongs to. Raises NotFound."""
    return _find_key(conn, key_id)[0]


def _select_keys(conn: Connection[Row], org_id: str, key_id: str | None = None) -> list[ListedKey]:
    rows = conn.cursor(row_factory=args_row(_KeyRow)).execute(SELECT_KEYS, (org_id, key_id, key_id))
    return [_listed(row) for row in rows]


def _listed(row: _KeyRow) -> ListedKey:
    state = state_at(row.status, row.expires_at, row.asked_at)
    return ListedKey(
        id=row.id,
        name=row.name,
        last_four=row.last_four,
        scopes=row.scopes,
        limit=row.limit,
        status=state,
        expires_at=row.expires_at,
        allowed_cidrs=row.allowed_cidrs,
        burst=row.burst,
        created_at=row.created_at,
        earlier_secrets=list_working(row.earlier_secrets, state, row.asked_at),
        manages_keys=row.manages_keys,
    )


def _find_key(conn: Connection[Row], key_id: str) -> tuple[str, str]:
    """Return the key's organization and its state at this moment. Raises NotFound."""
    row = conn.execute(SELECT_KEY, (key_id,)).fetchone()
    if row is None:
        raise NotFound("api_key", key_id)
    org_id, *clock = row
    return org_id, state_at(*clock)


def _execute(conn: Connection[Row], org_id: str, command: Command) -> dict[str, Any]:
    request_id = f"cli_{secrets.token_hex(12)}"
    result = execute_on(conn, command, Context(org_id=org_id, actor=ACTOR, request_id=request_id, person=operator()))
    return {**msgspec.json.decode(result.body, type=dict[str, Any]), "orgId": org_id}
