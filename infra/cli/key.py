"""`smartdhandha key`: API keys."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

import click

from domain.api_key import DEFAULT_CREDIT_LIMIT, SCOPES
from domain.reading import InvalidValue, parse_date, parse_instant
from infra.cli.base import as_json, note, session, show, table, with_instants
from infra.identity.keys import NewKey, create_key, list_keys, revoke_key, rotate_key


@click.group("key")
def key_group() -> None:
    """API keys."""


@key_group.command("create")
@click.option("--org", "org_id", required=True, metavar="ID", help="The organization that the key belongs to.")
@click.option("--name", required=True, help="What the key is for, as its owner will recognise it.")
@click.option("--scope", "scopes", required=True, multiple=True, type=click.Choice(SCOPES), help="May be repeated.")
@click.option(
    "--limit",
    type=click.IntRange(1, 10**12),
    default=DEFAULT_CREDIT_LIMIT,
    show_default=True,
    help="Requests per rolling 30 days.",
)
@click.option("--expires", metavar="WHEN", help="2027-03-31, 2027-03-31T18:00:00+05:30, or a span such as 90d.")
@as_json
def key_create(
    org_id: str, name: str, scopes: tuple[str, ...], limit: int, expires: str | None, json_output: bool
) -> None:
    """Make an API key; it is shown this once.

    \b
    Example: smartdhandha key create --org org_01J… --name "Zapier" --scope billing:read --scope billing:write
    """
    if not name.strip() or len(name) > 200 or "\0" in name:
        raise click.BadParameter("write a name of 1 to 200 characters.", param_hint="--name")
    until = _moment(expires) if expires else None
    with session() as (conn, _):
        made = create_key(conn, org_id, name.strip(), scopes, limit, until)
    _show_key(made, json_output)


@key_group.command("list")
@click.option("--org", "org_id", required=True, metavar="ID")
@as_json
def key_list(org_id: str, json_output: bool) -> None:
    """Show an organization's keys, without their secrets.

    \b
    Example: smartdhandha key list --org org_01J…
    """
    with session() as (conn, _):
        found = [with_instants(row) for row in list_keys(conn, org_id)]
    show(found, json_output, table(found) or "There is none yet; make one: smartdhandha key create --help")


@key_group.command("revoke")
@click.argument("key_id", metavar="ID")
@as_json
def key_revoke(key_id: str, json_output: bool) -> None:
    """Stop a key at once and for good.

    \b
    Example: smartdhandha key revoke key_01J…
    """
    with session() as (conn, _):
        row = revoke_key(conn, key_id)
    shown = {"id": row["id"], "orgId": row["orgId"], "status": row["status"], "revokedAt": row["revokedAt"]}
    show(shown, json_output, f"{row['id']} is revoked; requests with it are refused from now on.")


@key_group.command("rotate")
@click.argument("key_id", metavar="ID")
@click.option("--overlap", default="24h", show_default=True, help="How long the present secret keeps working: 0 to 7d.")
@as_json
def key_rotate(key_id: str, overlap: str, json_output: bool) -> None:
    """Give a key a new secret; it is shown this once.

    \b
    Example: smartdhandha key rotate key_01J… --overlap 48h
    """
    span = _span(overlap)
    with session() as (conn, _):
        made = rotate_key(conn, key_id, span)
    _show_key(made, json_output)


def _show_key(made: NewKey, json_output: bool) -> None:
    row = made.row
    shown = {
        "id": row["id"],
        "key": made.raw,
        "orgId": row["orgId"],
        "scopes": row["scopes"],
        "limit": row["creditLimit"],
        "expiresAt": row["expiresAt"],
    }
    if row["previousUntil"]:
        shown["previousUntil"] = row["previousUntil"]
    if not json_output:
        note(f"Keep it now: the key of {row['id']} is shown this once.")
    show(shown, json_output, made.raw)


_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def _span(text: str) -> timedelta:
    found = re.fullmatch(r"([0-9]{1,6})([smhd]?)", text)
    if not found or (not found[2] and found[1] != "0"):
        raise click.BadParameter(f"{text!r} is no span; write a number and s, m, h or d, such as 24h or 7d.")
    return timedelta(**{_UNITS[found[2] or "s"]: int(found[1])})


def _moment(text: str) -> datetime:
    if re.fullmatch(r"[0-9]+[smhd]", text):
        return datetime.now(UTC) + _span(text)
    try:
        return parse_instant(text) if "T" in text.upper() else datetime.combine(parse_date(text), time(), UTC)
    except InvalidValue:
        raise click.BadParameter(
            f"{text!r} is no time; write 2027-03-31, 2027-03-31T18:00:00+05:30, or a span such as 90d."
        ) from None
