"""`key create` and `key rotate`, which show a secret."""

from __future__ import annotations

from datetime import timedelta

import click

from domain.api_key import DEFAULT_CREDIT_LIMIT
from domain.registry import SCOPES
from infra.cli.accounts.key.options import (
    burst_option,
    check_expiry,
    expires_option,
    limit_option,
    networks_option,
    read_expiry_option,
    test_option,
)
from infra.cli.accounts.key.views import show_secret
from infra.cli.base import json_option, overlap_option, session
from infra.identity.keys import create_key, rotate_key
from infra.identity.organizations import get_test_organization, require_organization


@click.command("create")
@click.option("--org", "org_id", required=True, metavar="ID", help="The organization that the key belongs to.")
@click.option("--name", required=True, help="What the key is for.")
@click.option(
    "--scope",
    "scopes",
    required=True,
    multiple=True,
    type=click.Choice(SCOPES),
    help="What the key may do. Give this option once for each scope.",
)
@limit_option(default=DEFAULT_CREDIT_LIMIT, show_default=True)
@expires_option(check_expiry)
@networks_option()
@burst_option()
@test_option("Create a key")
@json_option
def create_command(
    org_id: str,
    name: str,
    scopes: tuple[str, ...],
    limit: int,
    expires: str | None,
    networks: tuple[str, ...],
    burst: int | None,
    in_test_mode: bool,
    json_output: bool,
) -> None:
    """Create an API key. The key is shown only once.

    \b
    Example: smartdhandha key create --org org_01J… --name "Zapier" --scope billing:read --scope billing:write
    """
    with session() as (conn, _):
        require_organization(conn, org_id)
        org_id = get_test_organization(conn, org_id) if in_test_mode else org_id
        expires_at = read_expiry_option(conn, expires, org_id) if expires is not None else None
        new_key = create_key(conn, org_id, name, scopes, limit, expires_at, allowed_cidrs=networks, burst=burst)
    show_secret(new_key, json_output)


@click.command("rotate")
@click.argument("key_id", metavar="ID")
@overlap_option("How long the old secret keeps working")
@json_option
def rotate_command(key_id: str, overlap: timedelta, json_output: bool) -> None:
    """Give a key a new secret. The secret is shown only once.

    \b
    Example: smartdhandha key rotate key_01J… --overlap 48h
    """
    with session() as (conn, _):
        new_key = rotate_key(conn, key_id, overlap)
    show_secret(new_key, json_output)
