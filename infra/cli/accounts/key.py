"""`smartdhandha key`: create, list, show, revoke and rotate API keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from commands.api_key import MAX_CREDIT_LIMIT
from domain.accounts.window import CREDIT_WINDOW
from domain.api_key import DEFAULT_CREDIT_LIMIT
from domain.calendar import instant
from domain.reading import parse_whole_number
from domain.reading.when import parse_duration, read_expiry
from domain.registry import SCOPES
from infra.cli.base import (
    Parsed,
    checked_option,
    json_option,
    render_row,
    render_table,
    session,
)
from infra.cli.output import note, show
from infra.identity.keys import ListedKey, NewKey, create_key, get_key, list_keys, revoke_key, rotate_key
from infra.identity.organizations import get_time_zone
from infra.postgres.database import get_now

_ANY_TIME = datetime.fromtimestamp(0, UTC)


def _check_expiry(text: str) -> str:
    """Return the text if it is a valid expiry. Raises InvalidValue.

    This check needs no database. The time of expiry is computed later, with the database's clock.
    """
    read_expiry(text, _ANY_TIME)
    return text


@click.group("key")
def key_group() -> None:
    """Create, list, show, revoke and rotate API keys."""


@key_group.command("create")
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
@click.option(
    "--limit",
    type=Parsed(lambda text: parse_whole_number(text, 1, MAX_CREDIT_LIMIT)),
    metavar="CREDITS",
    default=DEFAULT_CREDIT_LIMIT,
    show_default=True,
    help=f"Requests per rolling {CREDIT_WINDOW.days} days.",
)
@click.option(
    "--expires",
    type=Parsed(_check_expiry),
    metavar="WHEN",
    help="When the key stops working: at the end of a day (2027-03-31), at a time (2027-03-31 18:30), or after a "
    "duration (90d). The time zone is that of the organization, unless the time has an offset "
    "(2027-03-31T18:30:00+05:30).",
)
@json_option
def key_create(
    org_id: str, name: str, scopes: tuple[str, ...], limit: int, expires: str | None, json_output: bool
) -> None:
    """Create an API key. The key is shown only once.

    \b
    Example: smartdhandha key create --org org_01J… --name "Zapier" --scope billing:read --scope billing:write
    """
    with session() as (conn, _):
        time_zone = get_time_zone(conn, org_id)
        with checked_option("--expires"):
            expires_at = read_expiry(expires, get_now(conn)).end(time_zone) if expires is not None else None
        new_key = create_key(conn, org_id, name, scopes, limit, expires_at)
    _show_key(new_key, json_output)


@key_group.command("list")
@click.option("--org", "org_id", required=True, metavar="ID")
@json_option
def key_list(org_id: str, json_output: bool) -> None:
    """List an organization's keys, without their secrets.

    \b
    Example: smartdhandha key list --org org_01J…
    """
    with session() as (conn, _):
        keys = [_as_json(key) for key in list_keys(conn, org_id)]
    show(keys, json_output, _table(keys) or "No keys yet. Create one with: smartdhandha key create --help")


@key_group.command("show")
@click.argument("key_id", metavar="ID")
@json_option
def key_show(key_id: str, json_output: bool) -> None:
    """Show a key as it is now: its state, when it expires, and which earlier secrets still work.

    \b
    Example: smartdhandha key show key_01J…
    """
    with session() as (conn, _):
        key = _as_json(get_key(conn, key_id))
    show(key, json_output, _table([key]))


@key_group.command("revoke")
@click.argument("key_id", metavar="ID")
@json_option
def key_revoke(key_id: str, json_output: bool) -> None:
    """Revoke a key at once. This cannot be undone.

    \b
    Example: smartdhandha key revoke key_01J…
    """
    with session() as (conn, _):
        row = revoke_key(conn, key_id)
    result = {"id": row["id"], "orgId": row["orgId"], "status": row["status"], "revokedAt": row["revokedAt"]}
    show(result, json_output, f"{row['id']} is revoked: requests with it are refused from now on.")


@key_group.command("rotate")
@click.argument("key_id", metavar="ID")
@click.option(
    "--overlap",
    type=Parsed(parse_duration),
    default="24h",
    show_default=True,
    help="How long the old secret keeps working: 0 to 7d.",
)
@json_option
def key_rotate(key_id: str, overlap: timedelta, json_output: bool) -> None:
    """Give a key a new secret. The secret is shown only once.

    \b
    Example: smartdhandha key rotate key_01J… --overlap 48h
    """
    with session() as (conn, _):
        new_key = rotate_key(conn, key_id, overlap)
    _show_key(new_key, json_output)


def _show_key(new_key: NewKey, json_output: bool) -> None:
    row = new_key.row
    result = {
        "id": row["id"],
        "key": new_key.raw,
        "orgId": row["orgId"],
        "scopes": row["scopes"],
        "limit": row["creditLimit"],
        "expiresAt": row["expiresAt"],
    }
    if earlier := row["earlierSecrets"]:
        result |= {"previousUntil": earlier[-1]["worksUntil"], "earlierSecrets": earlier}
    if not json_output:
        note(f"Save this key of {row['id']} now: it is shown only once.")
        if earlier:
            note(f"Earlier secrets keep working: {_in_words(earlier)}.")
    show(result, json_output, new_key.raw)


def _as_json(key: ListedKey) -> dict[str, Any]:
    ends = [{"lastFour": each.last_four, "worksUntil": instant(each.works_until)} for each in key.earlier_secrets]
    return {**render_row(key), "earlierSecrets": ends}


def _table(keys: Sequence[Mapping[str, Any]]) -> list[str]:
    return render_table([{**key, "earlierSecrets": _in_words(key["earlierSecrets"])} for key in keys])


def _in_words(earlier_secrets: Sequence[Mapping[str, str]]) -> str | None:
    """Return a text that says until when each earlier secret works; None if there is no earlier secret."""
    return ", ".join(f"…{each['lastFour']} until {each['worksUntil']}" for each in earlier_secrets) or None
