"""`smartdhandha user`: creates, lists and removes the people who log in to the console."""

from __future__ import annotations

import click

from domain.accounts.user import ROLES
from domain.calendar import instant
from infra.cli.base import json_option, load_settings, render_row, render_table, session
from infra.cli.output import note, show
from infra.identity import users
from infra.identity.users.factors.reset import reset_factors

_org_option = click.option(
    "--org", "org_id", metavar="ID", help="The organization; not needed if the user belongs to only one."
)


@click.group("user")
def user_group() -> None:
    """Create, list, promote and remove the people who log in to the console."""


@user_group.command("create")
@click.option("--org", "org_id", required=True, metavar="ID", help="The organization that the user belongs to.")
@click.option("--email", required=True, help="The address to log in with; no e-mail is sent.")
@click.option(
    "--role",
    required=True,
    type=click.Choice(ROLES),
    help="Owners and admins can do everything; accountants have billing:*, HR leaves:*, viewers billing:read.",
)
@json_option
def user_create(org_id: str, email: str, role: str, json_output: bool) -> None:
    """Create a user, and print a link that sets the password. The link is shown only once.

    \b
    Example: smartdhandha user create --org org_01J… --email asha@example.in --role admin
    """
    with session() as (conn, _):
        new_link = users.create_user(conn, org_id, email, role)
    _show_link(new_link, json_output)


@user_group.command("list")
@click.option("--org", "org_id", required=True, metavar="ID")
@json_option
def user_list(org_id: str, json_output: bool) -> None:
    """List an organization's users.

    \b
    Example: smartdhandha user list --org org_01J…
    """
    with session() as (conn, _):
        rows = [render_row(row) for row in users.list_users(conn, org_id)]
    show(rows, json_output, render_table(rows) or "No users yet. Create one with: smartdhandha user create --help")


@user_group.command("link")
@click.argument("email")
@json_option
def user_link(email: str, json_output: bool) -> None:
    """Create a new link that sets a user's password. Earlier links stop working.

    \b
    Example: smartdhandha user link asha@example.in
    """
    with session() as (conn, _):
        new_link = users.create_link(conn, email)
    _show_link(new_link, json_output)


@user_group.command("role")
@click.argument("email")
@click.argument("role", type=click.Choice(ROLES))
@_org_option
@json_option
def user_role(email: str, role: str, org_id: str | None, json_output: bool) -> None:
    """Give a user another role. The role applies from the user's next request. There always is an owner.

    \b
    Example: smartdhandha user role asha@example.in admin
    """
    with session() as (conn, _):
        user = users.change_role(conn, email, role, org_id)
    show(render_row(user), json_output, f"{user.email} has the role {user.role}.")


@user_group.command("remove")
@click.argument("email")
@_org_option
@json_option
def user_remove(email: str, org_id: str | None, json_output: bool) -> None:
    """Remove a user from an organization at once, with sessions and links. The last owner cannot be removed.

    \b
    Example: smartdhandha user remove asha@example.in
    """
    with session() as (conn, _):
        removed = users.remove_user(conn, email, org_id)
    show(removed, json_output, f"{removed.email} can no longer log in, and is logged out everywhere.")


@user_group.command("reset-factors")
@click.argument("email")
@json_option
def user_reset_factors(email: str, json_output: bool) -> None:
    """Take all second factors and recovery codes of a user away, such as after the loss of a device.

    The user is logged out everywhere, and logs in with the password alone until a new factor is added. First make sure
    who asks for it: the password and this command are all that a thief of the password needs.

    \b
    Example: smartdhandha user reset-factors asha@example.in
    """
    with session() as (conn, _):
        user = reset_factors(conn, email)
    show(render_row(user), json_output, f"{user.email} has no second factor now, and is logged out everywhere.")


def _show_link(new_link: users.NewLink, json_output: bool) -> None:
    settings = load_settings()
    link = f"{settings.public_url or local_origin(settings.bind)}{new_link.path}"
    expires_at = instant(new_link.expires_at)
    if not json_output:
        note(f"With this link, {new_link.user.email} can set the password. The link works once, before {expires_at}:")
    show({**render_row(new_link.user), "link": link, "linkExpiresAt": expires_at}, json_output, link)


def local_origin(bind: str) -> str:
    """Return the service's origin for a browser on this machine: 127.0.0.1 if the service listens on all addresses."""
    host, _, port = bind.rpartition(":")
    return f"http://{'127.0.0.1' if host in ('0.0.0.0', '[::]') else host}:{port}"  # noqa: S104 -- only compared
