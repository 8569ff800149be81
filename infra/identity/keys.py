"""API keys as the command line creates, rotates, revokes and lists them."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from psycopg import Connection
from psycopg.rows import class_row, scalar_row

from commands.api_key import IssueKey, RevokeKey, RotateKey
from commands.command import Actor, Command, Context
from domain.errors import NotFound
from domain.key_secret import hash_secret, new_secret
from infra.identity.organizations import require_organization
from infra.log.command_bus import execute_on
from infra.postgres.database import Row

ACTOR = Actor("cli", "smartdhandha")

SELECT_KEYS = """
SELECT id, name, last_four, scopes, credit_limit AS "limit", status, expires_at, created_at
FROM api_keys WHERE org_id = %s ORDER BY created_at, id
"""
SELECT_ORGANIZATION_OF_KEY = "SELECT org_id FROM api_keys WHERE id = %s"


class NewKey(NamedTuple):
    """A key that was just created or rotated, with its secret in `raw`, which is stored nowhere."""

    row: dict[str, Any]
    raw: str


class ListedKey(msgspec.Struct, rename="camel"):
    """A row of SELECT_KEYS."""

    id: str
    name: str
    last_four: str
    scopes: list[str]
    limit: int
    status: str
    expires_at: datetime | None
    created_at: datetime


def create_key(
    conn: Connection[Row], org_id: str, name: str, scopes: tuple[str, ...], limit: int, expires_at: datetime | None
) -> NewKey:
    """Create a key for an organization.

    Raises NotFound for an unknown organization, and Invalid for an expiry in the past.
    """
    require_organization(conn, org_id)
    raw = new_secret(secrets.choice)
    command = IssueKey(
        name=name,
        scopes=scopes,
        credit_limit=limit,
        key_hash=hash_secret(raw).hex(),
        last_four=raw[-4:],
        expires_at=expires_at,
    )
    return NewKey(_execute(conn, org_id, command), raw)


def rotate_key(conn: Connection[Row], key_id: str, overlap: timedelta) -> NewKey:
    """Give a key a new secret; the present secret keeps working for `overlap`. Raises NotFound."""
    raw = new_secret(secrets.choice)
    command = RotateKey(id=key_id, key_hash=hash_secret(raw).hex(), last_four=raw[-4:], overlap=overlap)
    return NewKey(_execute(conn, _get_organization(conn, key_id), command), raw)


def revoke_key(conn: Connection[Row], key_id: str) -> dict[str, Any]:
    """Stop a key at once. Raises NotFound."""
    return _execute(conn, _get_organization(conn, key_id), RevokeKey(id=key_id))


def list_keys(conn: Connection[Row], org_id: str) -> list[ListedKey]:
    """Return an organization's keys, without their secrets, the oldest first. Raises NotFound."""
    require_organization(conn, org_id)
    return conn.cursor(row_factory=class_row(ListedKey)).execute(SELECT_KEYS, (org_id,)).fetchall()


def _get_organization(conn: Connection[Row], key_id: str) -> str:
    org_id: str | None = conn.cursor(row_factory=scalar_row).execute(SELECT_ORGANIZATION_OF_KEY, (key_id,)).fetchone()
    if org_id is None:
        raise NotFound("api_key", key_id)
    return org_id


def _execute(conn: Connection[Row], org_id: str, command: Command) -> dict[str, Any]:
    context = Context(org_id=org_id, actor=ACTOR, request_id=f"cli_{secrets.token_hex(12)}")
    result = execute_on(conn, command, context)
    return {**msgspec.json.decode(result.body, type=dict[str, Any]), "orgId": org_id}
