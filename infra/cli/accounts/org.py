"""`smartdhandha org`: create, change, list, show and remove organizations, and set their budgets."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from commands.fields.key import MAX_CREDIT_LIMIT
from commands.fields.organization import MAX_NAME, parse_field
from domain.accounts.series import MAX_PREFIX
from domain.accounts.window import CREDIT_WINDOW
from domain.calendar import DEFAULT_TIME_ZONE
from domain.reading import parse_whole_number
from infra.cli.accounts.profile import org_show, profile_options
from infra.cli.accounts.removal import org_remove
from infra.cli.base import Parsed, json_option, render_row, render_table, session
from infra.cli.output import show
from infra.identity.budget import set_budget, show_budget
from infra.identity.organizations import (
    create_organization,
    get_test_organization,
    list_organizations,
)
from infra.identity.settings import change_logo, update_organization

NONE = "none"
"""The limit that removes a budget."""


def parse_name(text: str) -> str:
    name: str = parse_field("name", text.strip())
    return name


PARSED_NAME, PARSED_ZONE, PARSED_PREFIX = (
    Parsed(parse_name),
    Parsed(partial(parse_field, "time_zone")),
    Parsed(partial(parse_field, "series_prefix")),
)


@click.group("org")
def org_group() -> None:
    """Create, change, list, show and remove organizations, and set their budgets."""


org_group.add_command(org_remove)
org_group.add_command(org_show)


@org_group.command("create")
@click.argument("name", type=PARSED_NAME)
@click.option(
    "--time-zone",
    type=PARSED_ZONE,
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
    with session() as (conn, _):
        organization = create_organization(conn, name, time_zone)
    show(organization, json_output, f"{organization.id}  {organization.name}")


@org_group.command("update")
@click.argument("org_id", metavar="ID")
@click.option("--name", type=PARSED_NAME, help=f"The organization's new name, of 1 to {MAX_NAME} characters.")
@click.option(
    "--time-zone",
    type=PARSED_ZONE,
    help="The new time zone, as an IANA name. It decides from the next midnight on which day is today.",
)
@click.option(
    "--series",
    "series_prefix",
    type=PARSED_PREFIX,
    metavar="PREFIX",
    help=f"How new invoice numbers begin: 1 to {MAX_PREFIX} of A to Z, 0 to 9, - and /. ST makes ST-2026-27-0001.",
)
@profile_options
@json_option
def org_update(org_id: str, json_output: bool, logo: bytes | None, no_logo: bool, **options: Any) -> None:
    """Change an organization's name, time zone, series of numbers or profile, in live mode and in test mode.

    The profile is what tax invoices say of it. There, an empty text takes a value away: --trade-name "".

    \b
    Example: smartdhandha org update org_01J… --name "Sharma Textiles Pvt Ltd"
    Example: smartdhandha org update org_01J… --gstin 27AAPFU0939F1ZV --legal-name "Sharma Textiles Private Limited"
    Example: smartdhandha org update org_01J… --annual-return 2024-25=2025-10-20
    """
    changes = {name: value for name, value in options.items() if value is not None}
    if not (changes or logo or no_logo):
        raise click.UsageError("Say what to change, such as --name, --time-zone, --series or --gstin.")
    with session() as (conn, _):
        row = render_row(update_organization(conn, org_id, **changes))
        if logo or no_logo:
            change_logo(conn, org_id, logo)
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
