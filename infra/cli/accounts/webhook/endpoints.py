"""`smartdhandha webhook create`, `list`, `show`, `pause`, `resume`, `rotate` and `delete`."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import click

from commands.accounts.webhook import FROM_CURSOR, FROM_NOW
from domain.registry import READ_SCOPES
from infra.cli.base import json_option, overlap_option, render_table, session
from infra.cli.output import note, show
from infra.settings import load
from infra.settings.secret_box import SecretBox
from infra.webhooks import registration
from infra.webhooks.of_settings import address_guard, secret_keys
from infra.webhooks.registration import NewWebhook

_SHOWN = (
    "id",
    "url",
    "types",
    "ordered",
    "status",
    "pausedReason",
    "behind",
    "pending",
    "lastDeliveredAt",
    "lastError",
)


@click.command("create")
@click.option("--org", "org_id", required=True, metavar="ID", help="The organization whose events are delivered.")
@click.option("--url", required=True, help="Where events are posted: an https URL.")
@click.option(
    "--type", "types", multiple=True, metavar="TYPE", help="invoice.sent or invoice.*; repeat it for several."
)
@click.option("--scope", "scopes", multiple=True, type=click.Choice(READ_SCOPES), help="Whose events (default: all).")
@click.option("--description", help="What the webhook is for.")
@click.option("--ordered", is_flag=True, help="Deliver each event only after the one before it was taken.")
@json_option
def create_command(
    org_id: str,
    url: str,
    types: tuple[str, ...],
    scopes: tuple[str, ...],
    description: str | None,
    ordered: bool,
    json_output: bool,
) -> None:
    """Create a webhook. The secret that signs its deliveries is shown only once.

    \b
    Example: smartdhandha webhook create --org org_01J… --url https://example.in/hooks --type 'invoice.*'
    """
    fields = {
        "url": url,
        "types": types or None,
        "description": description,
        "ordered": ordered,
        "scopes": scopes or READ_SCOPES,
    }
    settings = load(os.environ)
    with session() as (conn, _):
        box = SecretBox(secret_keys(settings))
        new = registration.create_webhook(conn, org_id, fields, address_guard(settings), box)
    _show_secret(new, json_output)


@click.command("list")
@click.option("--org", "org_id", required=True, metavar="ID")
@json_option
def list_command(org_id: str, json_output: bool) -> None:
    """List an organization's webhooks, and how far each has been served.

    \b
    Example: smartdhandha webhook list --org org_01J…
    """
    with session() as (conn, _):
        rows = registration.list_webhooks(conn, org_id)
    show(rows, json_output, _table(rows) or "No webhooks yet. Create one with: smartdhandha webhook create --help")


@click.command("show")
@click.argument("webhook_id", metavar="ID")
@json_option
def show_command(webhook_id: str, json_output: bool) -> None:
    """Show a webhook, how far it has been served, and its last error.

    \b
    Example: smartdhandha webhook show whk_01J…
    """
    with session() as (conn, _):
        row = registration.get_webhook(conn, webhook_id)
    show(row, json_output, _table([row]))


@click.command("pause")
@click.argument("webhook_id", metavar="ID")
@json_option
def pause_command(webhook_id: str, json_output: bool) -> None:
    """Stop a webhook's deliveries. They go on where they stopped when it is resumed.

    \b
    Example: smartdhandha webhook pause whk_01J…
    """
    with session() as (conn, _):
        row = registration.pause_webhook(conn, webhook_id)
    show(row, json_output, f"{row['id']} is {row['status']}.")


@click.command("resume")
@click.argument("webhook_id", metavar="ID")
@click.option(
    "--from",
    "starts",
    type=click.Choice((FROM_CURSOR, FROM_NOW)),
    default=FROM_CURSOR,
    show_default=True,
    help="Where to go on: where it stopped, or now. Now skips what was not delivered, and says how much that is.",
)
@json_option
def resume_command(webhook_id: str, starts: str, json_output: bool) -> None:
    """Set a paused or disabled webhook active again.

    \b
    Example: smartdhandha webhook resume whk_01J… --from now
    """
    with session() as (conn, _):
        row = registration.resume_webhook(conn, webhook_id, starts)
    skipped = "" if row["skipped"] is None else f" {row['skipped']} events are skipped."
    show(row, json_output, f"{row['id']} is {row['status']}.{skipped}")


@click.command("rotate")
@click.argument("webhook_id", metavar="ID")
@overlap_option("How long deliveries are also signed with the old secret")
@json_option
def rotate_command(webhook_id: str, overlap: timedelta, json_output: bool) -> None:
    """Give a webhook a new secret. The secret is shown only once.

    \b
    Example: smartdhandha webhook rotate whk_01J… --overlap 48h
    """
    with session() as (conn, _):
        new = registration.rotate_webhook(conn, webhook_id, overlap, SecretBox(secret_keys(load(os.environ))))
    _show_secret(new, json_output)


@click.command("delete")
@click.argument("webhook_id", metavar="ID")
@json_option
def delete_command(webhook_id: str, json_output: bool) -> None:
    """Delete a webhook. This cannot be undone.

    \b
    Example: smartdhandha webhook delete whk_01J…
    """
    with session() as (conn, _):
        row = registration.delete_webhook(conn, webhook_id)
    show({"id": row["id"], "orgId": row["orgId"]}, json_output, f"{row['id']} is deleted.")


def _show_secret(new: NewWebhook, json_output: bool) -> None:
    if not json_output:
        note(f"Save this secret of {new.row['id']} now: it is shown only once.")
    show({**new.row, "secret": new.secret}, json_output, new.secret)


def _table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return render_table([{name: _cell(row[name]) for name in _SHOWN} for row in rows])


def _cell(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, list) else value
