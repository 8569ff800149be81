"""`key list`, `key show`, `key update` and `key revoke`."""

from __future__ import annotations

from typing import Any

import click

from domain.registry import SCOPES
from infra.cli.accounts.key.options import (
    ANY,
    EVERYWHERE,
    NEVER,
    burst_option,
    check_new_expiry,
    expires_option,
    limit_option,
    networks_option,
    parse_new_burst,
    parse_new_network,
    read_expiry_option,
    read_networks_option,
    test_option,
)
from infra.cli.accounts.key.views import key_as_json, table_of_keys
from infra.cli.base import json_option, session
from infra.cli.output import show
from infra.identity.keys import get_key, get_organization_of, list_keys, revoke_key, update_key
from infra.identity.organizations import get_test_organization


@click.command("list")
@click.option("--org", "org_id", required=True, metavar="ID")
@test_option("List the keys")
@json_option
def list_command(org_id: str, in_test_mode: bool, json_output: bool) -> None:
    """List an organization's keys, without their secrets.

    \b
    Example: smartdhandha key list --org org_01J…
    """
    with session() as (conn, _):
        org_id = get_test_organization(conn, org_id) if in_test_mode else org_id
        keys = [key_as_json(key) for key in list_keys(conn, org_id)]
    show(keys, json_output, table_of_keys(keys) or "No keys yet. Create one with: smartdhandha key create --help")


@click.command("show")
@click.argument("key_id", metavar="ID")
@json_option
def show_command(key_id: str, json_output: bool) -> None:
    """Show a key as it is now: its state, when it expires, and which earlier secrets still work.

    \b
    Example: smartdhandha key show key_01J…
    """
    with session() as (conn, _):
        key = key_as_json(get_key(conn, key_id))
    show(key, json_output, table_of_keys([key]))


@click.command("update")
@click.argument("key_id", metavar="ID")
@click.option("--name", help="What the key is for.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(SCOPES),
    help="What the key may do from now on. Give this option once for each scope; the others are taken away.",
)
@limit_option()
@expires_option(check_new_expiry, f" `{NEVER}` lets the key work until it is revoked.")
@networks_option(parse_new_network, f" The others are taken away; `{EVERYWHERE}` takes all of them away.")
@burst_option(parse_new_burst, f" `{ANY}` takes this limit away.")
@json_option
def update_command(
    key_id: str,
    name: str | None,
    scopes: tuple[str, ...],
    limit: int | None,
    expires: str | None,
    networks: tuple[str, ...],
    burst: int | str | None,
    json_output: bool,
) -> None:
    """Change a key's name, scopes, credit limit, expiry, networks or burst. Secret and used credits stay the same.

    \b
    Example: smartdhandha key update key_01J… --limit 5000 --expires 2027-03-31
    """
    options = {"name": name, "scopes": scopes or None, "credit_limit": limit}
    changes: dict[str, Any] = {field: value for field, value in options.items() if value is not None}
    if burst is not None:
        changes["burst"] = None if burst == ANY else burst
    if networks:
        changes["allowed_cidrs"] = read_networks_option(networks)
    if not changes and expires is None:
        raise click.UsageError("Say what to change: --name, --scope, --limit, --expires, --cidr or --burst.")
    with session() as (conn, _):
        if expires is not None:
            org_id = get_organization_of(conn, key_id)
            changes["expires_at"] = None if expires == NEVER else read_expiry_option(conn, expires, org_id)
        update_key(conn, key_id, **changes)
        key = key_as_json(get_key(conn, key_id))
    show(key, json_output, table_of_keys([key]))


@click.command("revoke")
@click.argument("key_id", metavar="ID")
@json_option
def revoke_command(key_id: str, json_output: bool) -> None:
    """Revoke a key at once. This cannot be undone.

    \b
    Example: smartdhandha key revoke key_01J…
    """
    with session() as (conn, _):
        row = revoke_key(conn, key_id)
    result = {"id": row["id"], "orgId": row["orgId"], "status": row["status"], "revokedAt": row["revokedAt"]}
    show(result, json_output, f"{row['id']} is revoked: requests with it are refused from now on.")
