"""Creates, lists and changes webhooks for the command line."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

import msgspec
from psycopg import Connection

from commands.accounts.webhook import (
    FROM_CURSOR,
    CreateWebhook,
    DeleteWebhook,
    PauseWebhook,
    RotateWebhook,
    UpdateWebhook,
    check_webhook,
)
from commands.command import Actor, Command, Context
from commands.unit_of_work import CommandResult
from domain.errors import NotFound
from domain.webhook import ACTIVE, BY_REQUEST, Webhook
from infra.identity.organizations import require_organization
from infra.identity.security_events import operator
from infra.log.command_bus import execute_on
from infra.log.heads import POSITIONS
from infra.postgres.database import Row
from infra.settings.secret_box import SecretBox
from infra.webhooks.addresses import AddressGuard
from infra.webhooks.set_up import check_address, store_secret
from projections.accounts.webhook import WebhookRow

ACTOR = Actor("cli", "smartdhandha")

SELECT_WEBHOOKS = f"""
SELECT w.summary, coalesce(l.position - c.position, 0), c.last_delivered_at, c.failing_since, c.last_error,
    coalesce(c.pending, 0)
FROM webhooks w JOIN {POSITIONS} l USING (org_id)
LEFT JOIN webhook_cursors c ON c.org_id = w.org_id AND c.webhook_id = w.id
WHERE w.org_id = %s AND w.status <> 'deleted' ORDER BY w.created_at, w.id
"""
SELECT_ROW = "SELECT org_id, summary FROM webhooks WHERE id = %s AND status <> 'deleted'"


class NewWebhook(NamedTuple):
    """A webhook that was just created or rotated, and its secret, which is stored encrypted only."""

    row: dict[str, Any]
    secret: str


def create_webhook(
    conn: Connection[Row], org_id: str, fields: Mapping[str, Any], guard: AddressGuard, box: SecretBox
) -> NewWebhook:
    """Create a webhook. `fields` are those of CreateWebhook, without the secret.

    Raises NotFound for an unknown organization, Invalid for wrong fields and for an address that may not be called,
    TypeOutsideScopes, DuplicateWebhook, and TooManyWebhooks.
    """
    require_organization(conn, org_id)
    check_webhook(fields, fields["scopes"])
    check_address(guard, fields["url"])
    made = store_secret(conn, org_id, box)
    return NewWebhook(_execute(conn, org_id, CreateWebhook(**fields, secret_id=made.id)), made.secret)


def rotate_webhook(conn: Connection[Row], id: str, overlap: timedelta, box: SecretBox) -> NewWebhook:
    """Give a webhook a new secret; for `overlap`, deliveries are also signed with the present one. Raises NotFound."""
    org_id = _organization_of(conn, id)
    made = store_secret(conn, org_id, box)
    return NewWebhook(_execute(conn, org_id, RotateWebhook(id=id, secret_id=made.id, overlap=overlap)), made.secret)


def pause_webhook(conn: Connection[Row], id: str) -> dict[str, Any]:
    """Stop a webhook's deliveries until it is resumed. Raises NotFound."""
    return _execute(conn, _organization_of(conn, id), PauseWebhook(id=id, reason=BY_REQUEST))


def resume_webhook(conn: Connection[Row], id: str, starts: str = FROM_CURSOR) -> dict[str, Any]:
    """Set a paused or disabled webhook active again. It goes on where it stopped, or skips to now (FROM_NOW).

    `skipped` is how many events are skipped; None for FROM_CURSOR. Raises NotFound.
    """
    org_id = _organization_of(conn, id)
    result = _result(conn, org_id, UpdateWebhook(id=id, status=ACTIVE, starts=starts))
    return {**_row(org_id, result), "skipped": result.skipped}


def delete_webhook(conn: Connection[Row], id: str) -> dict[str, Any]:
    """Delete a webhook. Raises NotFound."""
    return _execute(conn, _organization_of(conn, id), DeleteWebhook(id=id))


def list_webhooks(conn: Connection[Row], org_id: str) -> list[dict[str, Any]]:
    """Return an organization's webhooks, the oldest first, with how far each has been served. Raises NotFound."""
    require_organization(conn, org_id)
    names = ("behind", "lastDeliveredAt", "failingSince", "lastError", "pending")
    return [
        _shown(summary) | dict(zip(names, progress, strict=True))
        for summary, *progress in conn.execute(SELECT_WEBHOOKS, (org_id,))
    ]


def get_webhook(conn: Connection[Row], id: str) -> dict[str, Any]:
    """Return a webhook as `list_webhooks` does. Raises NotFound."""
    rows = list_webhooks(conn, _organization_of(conn, id))
    return next(row for row in rows if row["id"] == id)


def get_row(conn: Connection[Row], id: str) -> tuple[str, WebhookRow]:
    """Return the id of the organization that has a webhook, and the webhook's row. Raises NotFound."""
    found = conn.execute(SELECT_ROW, (id,)).fetchone()
    if found is None:
        raise NotFound(Webhook.kind, id)
    return str(found[0]), msgspec.json.decode(found[1], type=WebhookRow)


def _organization_of(conn: Connection[Row], id: str) -> str:
    return get_row(conn, id)[0]


def _execute(conn: Connection[Row], org_id: str, command: Command) -> dict[str, Any]:
    return _row(org_id, _result(conn, org_id, command))


def _result(conn: Connection[Row], org_id: str, command: Command) -> CommandResult:
    request_id = f"cli_{secrets.token_hex(12)}"
    return execute_on(conn, command, Context(org_id=org_id, actor=ACTOR, request_id=request_id, person=operator()))


def _row(org_id: str, result: CommandResult) -> dict[str, Any]:
    return {**_shown(result.body), "orgId": org_id}


def _shown(body: bytes) -> dict[str, Any]:
    row: dict[str, Any] = msgspec.json.decode(body)
    return {name: value for name, value in row.items() if name not in ("secretId", "previousSecretId")}
