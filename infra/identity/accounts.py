"""Organizations and their keys, as the command line and `serve` make and show them."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from psycopg import Connection

from commands.api_key import IssueKey, RevokeKey, RotateKey
from commands.command import Actor, Command, Context
from domain.api_key import SCOPES
from domain.calendar import DEFAULT_TIME_ZONE
from domain.errors import NotFound
from domain.key_secret import hashed, new_secret
from infra.identity.users import NewLink, create_user
from infra.log.chain import genesis
from infra.log.ids import new_id
from infra.log.unit_of_work import execute_on
from infra.postgres.database import Row

ACTOR = Actor("cli", "smartdhandha")


class NewKey(NamedTuple):
    """A key just made or rotated; `raw` exists here and is never stored."""

    row: dict[str, Any]
    raw: str


def create_organization(conn: Connection[Row], name: str, time_zone: str = DEFAULT_TIME_ZONE) -> dict[str, Any]:
    """A new organization with an empty log."""
    org_id = new_id("org", datetime.now(UTC), secrets.token_bytes(10))
    with conn.transaction():
        conn.execute(
            "INSERT INTO organizations (org_id, name, time_zone) VALUES (%s, %s, %s)", (org_id, name, time_zone)
        )
        conn.execute("INSERT INTO org_log (org_id, chain_hash) VALUES (%s, %s)", (org_id, genesis(org_id)))
    return {"id": org_id, "name": name}


def list_organizations(conn: Connection[Row]) -> list[dict[str, Any]]:
    """All organizations, the oldest first."""
    sql = "SELECT org_id, name, time_zone, created_at FROM organizations ORDER BY created_at, org_id"
    return [dict(zip(("id", "name", "timeZone", "createdAt"), row, strict=True)) for row in conn.execute(sql)]


def create_key(
    conn: Connection[Row], org_id: str, name: str, scopes: tuple[str, ...], limit: int, expires_at: datetime | None
) -> NewKey:
    """A new key for an organization. Raises NotFound, or Invalid for a time that has passed."""
    if not conn.execute("SELECT 1 FROM organizations WHERE org_id = %s", (org_id,)).fetchone():
        raise NotFound("organization", org_id)
    raw = new_secret(secrets.choice)
    command = IssueKey(
        name=name,
        scopes=scopes,
        credit_limit=limit,
        key_hash=hashed(raw).hex(),
        last_four=raw[-4:],
        expires_at=expires_at,
    )
    return NewKey(_execute(conn, org_id, command), raw)


def rotate_key(conn: Connection[Row], key_id: str, overlap: timedelta) -> NewKey:
    """A new secret for a key; the present one keeps working for `overlap`."""
    raw = new_secret(secrets.choice)
    command = RotateKey(id=key_id, key_hash=hashed(raw).hex(), last_four=raw[-4:], overlap=overlap)
    return NewKey(_execute(conn, _organization_of(conn, key_id), command), raw)


def revoke_key(conn: Connection[Row], key_id: str) -> dict[str, Any]:
    """Stop a key at once."""
    return _execute(conn, _organization_of(conn, key_id), RevokeKey(id=key_id))


def list_keys(conn: Connection[Row], org_id: str) -> list[dict[str, Any]]:
    """An organization's keys, without their secrets. Raises NotFound for an unknown organization."""
    if not conn.execute("SELECT 1 FROM organizations WHERE org_id = %s", (org_id,)).fetchone():
        raise NotFound("organization", org_id)
    columns = ("id", "name", "last_four", "scopes", "credit_limit", "status", "expires_at", "created_at")
    sql = f"SELECT {', '.join(columns)} FROM api_keys WHERE org_id = %s ORDER BY created_at, id"
    names = ("id", "name", "lastFour", "scopes", "limit", "status", "expiresAt", "createdAt")
    return [dict(zip(names, row, strict=True)) for row in conn.execute(sql, (org_id,))]


class Demo(NamedTuple):
    """What `serve` makes in an empty database."""

    key: NewKey
    owner: NewLink


DEMO_OWNER = "owner@demo.example"


def make_demo(conn: Connection[Row]) -> Demo | None:
    """A demo organization with a key for everything and an owner, when there is no organization at all."""
    if conn.execute("SELECT 1 FROM organizations LIMIT 1").fetchone():
        return None
    demo = create_organization(conn, "Demo Traders")
    key = create_key(conn, demo["id"], "Demo key", SCOPES, 1000, None)
    return Demo(key, create_user(conn, demo["id"], DEMO_OWNER, "owner"))


def demo_owner(conn: Connection[Row]) -> str | None:
    """The owner that a first start made; None where there is no such user, or no more."""
    row = conn.execute("SELECT email FROM users WHERE email = %s AND removed_at IS NULL", (DEMO_OWNER,)).fetchone()
    return str(row[0]) if row else None


def _organization_of(conn: Connection[Row], key_id: str) -> str:
    row = conn.execute("SELECT org_id FROM api_keys WHERE id = %s", (key_id,)).fetchone()
    if row is None:
        raise NotFound("api_key", key_id)
    return str(row[0])


def _execute(conn: Connection[Row], org_id: str, command: Command) -> dict[str, Any]:
    context = Context(org_id=org_id, actor=ACTOR, request_id=f"cli_{secrets.token_hex(12)}")
    written = execute_on(conn, command, context)
    row = msgspec.json.decode(written.answer, type=dict[str, Any])
    row["orgId"] = org_id
    return row
