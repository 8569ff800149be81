"""`smartdhandha org`: create, change and list organizations, and set their budgets."""

from __future__ import annotations

from zoneinfo import available_timezones

import click

from commands.fields.key import MAX_CREDIT_LIMIT
from domain.accounts.window import CREDIT_WINDOW
from domain.calendar import DEFAULT_TIME_ZONE
from domain.reading import parse_whole_number
from infra.cli.base import Parsed, check_name, json_option, render_row, render_table, session
from infra.cli.output import show
from infra.identity.budget import set_budget, show_budget
from infra.identity.organizations import (
    create_organization,
    get_test_organization,
    list_organizations,
    update_organization,
)

NONE = "none"
"""The limit that removes a budget."""


@click.group("org")
def org_group() -> None:
    """Create, change and list organizations, and set their budgets."""


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


@org_group.command("update")
@click.argument("org_id", metavar="ID")
@click.option("--name", help="The organization's new name.")
@click.option("--time-zone", help="The new time zone, as an IANA name. It decides which day is today from now on.")
@json_option
def org_update(org_id: str, name: str | None, time_zone: str | None, json_output: bool) -> None:
    """Change an organization's name or time zone, in live mode and in test mode.

    \b
    Example: smartdhandha org update org_01J… --name "Sharma Textiles Pvt Ltd"
    """
    if name is None and time_zone is None:
        raise click.UsageError("Say what to change: --name or --time-zone.")
    if name is not None:
        name = check_name(name, "--name")
    if time_zone is not None:
        _check_time_zone(time_zone)
    with session() as (conn, _):
        row = render_row(update_organization(conn, org_id, name=name, time_zone=time_zone))
    show(row, json_output, render_table([row]))


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


def parse_limit(text: str) -> int | str:
    return text if text == NONE else parse_whole_number(text, 1, MAX_CREDIT_LIMIT)


@org_group.command("budget")
@click.argument("org_id", metavar="ID")
@click.option(
    "--limit",
    type=Parsed(parse_limit),
    metavar="CREDITS",
    help=f"Requests per rolling {CREDIT_WINDOW.days} days that all keys share. `{NONE}` removes the budget.",
)
@click.option("--test", "in_test_mode", is_flag=True, help="The budget of test mode, for the keys of test mode.")
@json_option
def org_budget(org_id: str, limit: int | str | None, in_test_mode: bool, json_output: bool) -> None:
    """Show the budget of an organization, and set it.

    A budget counts what was used before it was set, too.

    \b
    Example: smartdhandha org budget org_01J… --limit 100000
    """
    with session() as (conn, _):
        org_id = get_test_organization(conn, org_id) if in_test_mode else org_id
        if limit is not None:
            set_budget(conn, org_id, None if limit == NONE else int(limit))
        budget = render_row(show_budget(conn, org_id))
    show(budget, json_output, render_table([budget]))


def _check_time_zone(name: str) -> None:
    # Some systems list `localtime`, which is not a name of a time zone and is unknown to PostgreSQL.
    if name not in available_timezones() or name == "localtime":
        raise click.BadParameter(
            f"must be the IANA name of a time zone, such as Asia/Kolkata, not {name!r}.", param_hint="--time-zone"
        )
