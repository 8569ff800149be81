"""`smartdhandha org`: organizations."""

from __future__ import annotations

from zoneinfo import available_timezones

import click

from domain.calendar import DEFAULT_TIME_ZONE
from infra.cli.base import as_json, session, show, table, with_instants
from infra.identity.organizations import create_organization, list_organizations


@click.group("org")
def org_group() -> None:
    """Organizations."""


@org_group.command("create")
@click.argument("name")
@click.option("--time-zone", default=DEFAULT_TIME_ZONE, show_default=True, help="IANA name; it decides what day it is.")
@as_json
def org_create(name: str, time_zone: str, json_output: bool) -> None:
    """Make an organization.

    \b
    Example: smartdhandha org create "Sharma Textiles"
    """
    if not name.strip() or len(name) > 200 or "\0" in name:
        raise click.BadParameter("write a name of 1 to 200 characters.", param_hint="NAME")
    _check_zone(time_zone)
    with session() as (conn, _):
        made = create_organization(conn, name.strip(), time_zone)
    show(made, json_output, f"{made['id']}  {made['name']}")


@org_group.command("list")
@as_json
def org_list(json_output: bool) -> None:
    """Show all organizations.

    \b
    Example: smartdhandha org list
    """
    with session() as (conn, _):
        found = [with_instants(row) for row in list_organizations(conn)]
    show(found, json_output, table(found) or "There is none yet; make one: smartdhandha org create NAME")


def _check_zone(name: str) -> None:
    # A system may list its own zone as `localtime`, which names none: PostgreSQL knows no such zone.
    if name not in available_timezones() or name == "localtime":
        raise click.BadParameter(
            f"{name!r} is no IANA time zone; write one such as Asia/Kolkata.", param_hint="--time-zone"
        )
