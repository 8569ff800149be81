"""`smartdhandha audit security`: lists security events."""

from __future__ import annotations

from typing import Any

import click

from domain.accounts.security_event import SecurityEventKind
from infra.audit.security_events import SecurityEventFilter, StoredSecurityEvent, list_security_events
from infra.cli.base import (
    database_option,
    first_instant,
    json_option,
    org_option,
    render_row,
    render_table,
    select_organizations,
    session,
)
from infra.cli.output import note, show, show_json


@click.command("security")
@click.option(
    "--since",
    metavar="WHEN",
    help="Only events from this time on: a day (2027-03-31), a time (2027-03-31 18:30), or a duration before now (7d). "
    "A day, or a time without an offset, is in the time zone of the organization with --org, and in UTC without it.",
)
@click.option("--user", metavar="USER", help="Only events that a user (id or e-mail) caused, or that concern the user.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([kind.value for kind in SecurityEventKind]),
    metavar="KIND",
    help="Only events of this kind, such as login.wrong_password. Give this option once for each kind.",
)
@click.option(
    "--limit", type=click.IntRange(1, 1_000_000), default=1000, show_default=True, help="At most the newest N events."
)
@org_option
@database_option
@json_option
def security_command(
    since: str | None, user: str | None, kinds: tuple[str, ...], limit: int, org_id: str | None, json_output: bool
) -> None:
    """List security events, the oldest first: log-ins, failures, users, keys, exports. With --json, one line for each.

    \b
    Example: smartdhandha audit security --since 7d --kind login.wrong_password
    """
    with session() as (conn, _):
        select_organizations(conn, org_id)
        first = None if since is None else first_instant(conn, since, org_id)
        events = list_security_events(conn, SecurityEventFilter(first, org_id, user, kinds or None, limit))
    if json_output:
        for event in events:
            show_json(render_row(event))
    else:
        show([], False, render_table([_row(event) for event in events]) or "No such events.")
    if len(events) == limit:
        note(f"There may be older events than the {limit} shown. --limit shows more.")


def _row(event: StoredSecurityEvent) -> dict[str, Any]:
    who = f"{event.actor_type} {event.actor}" if event.actor_type else None
    details = ", ".join(f"{name}: {value}" for name, value in event.details.items())
    row = render_row(event)
    columns = {name: row[name] for name in ("kind", "org", "object", "address", "requestId")}
    return {"at": row["at"], "who": who, **columns, "details": details or None}
