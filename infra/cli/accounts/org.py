"""`smartdhandha org`: create and list organizations."""

from __future__ import annotations

from zoneinfo import available_timezones

import click

from domain.calendar import DEFAULT_TIME_ZONE
from infra.cli.base import check_name, json_option, render_row, render_table, session
from infra.cli.output import show
from infra.identity.organizations import create_organization, list_organizations


@click.group("org")
def org_group() -> None:
    """Create and list organizations."""


@org_group.command("create")
@click.argument("name")
@click.option(
    "--time-zone",
    default=DEFAULT_TIME_ZONE,
    show_default=True,
    help="The organization's time zone, as an IANA name such as Asia/Kolkata.",
)
@json_option
def org_create(name: str, time_zone: str, json_output: bool) -> None:
    """Create an organization.

    \b
    Example: smartdhandha org create "Sharma Textiles"
    """
    name = check_name(name, "NAME")
    _check_time_zone(time_zone)
    with session() as (conn, _):
        organization = create_organization(conn, name, time_zone)
    show(organization, json_output, f"{organization.id}  {organization.name}")


@org_group.command("list")
@json_option
def org_list(json_output: bool) -> None:
    """List all organizations.

    \b
    Example: smartdhandha org list
    """
    with session() as (conn, _):
        rows = [render_row(row) for row in list_organizations(conn)]
    show(rows, json_output, render_table(rows) or "No organizations yet. Create one with: smartdhandha org create NAME")


def _check_time_zone(name: str) -> None:
    # Some systems list `localtime`, which is not a name of a time zone and is unknown to PostgreSQL.
    if name not in available_timezones() or name == "localtime":
        raise click.BadParameter(
            f"must be the IANA name of a time zone, such as Asia/Kolkata, not {name!r}.", param_hint="--time-zone"
        )
