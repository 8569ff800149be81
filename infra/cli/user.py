"""`smartdhandha user`: who logs in to an organization's pages."""

from __future__ import annotations

import click

from domain.calendar import instant
from domain.user import ROLES
from infra.cli.base import as_json, note, session, settings_here, show, table, with_instants
from infra.identity import users


@click.group("user")
def user_group() -> None:
    """People who log in to an organization's pages."""


@user_group.command("create")
@click.option("--org", "org_id", required=True, metavar="ID", help="The organization that the user belongs to.")
@click.option("--email", required=True, help="The address to log in with; no mail is sent to it.")
@click.option("--role", required=True, type=click.Choice(ROLES), help="Owners and admins manage keys; members see.")
@as_json
def user_create(org_id: str, email: str, role: str, json_output: bool) -> None:
    """Make a user; the link that sets the password is shown this once.

    \b
    Example: smartdhandha user create --org org_01J… --email asha@example.in --role admin
    """
    with session() as (conn, _):
        made = users.create_user(conn, org_id, email, role)
    _show_link(made, json_output)


@user_group.command("list")
@click.option("--org", "org_id", required=True, metavar="ID")
@as_json
def user_list(org_id: str, json_output: bool) -> None:
    """Show an organization's users.

    \b
    Example: smartdhandha user list --org org_01J…
    """
    with session() as (conn, _):
        found = [with_instants(row) for row in users.list_users(conn, org_id)]
    show(found, json_output, table(found) or "There is none yet; make one: smartdhandha user create --help")


@user_group.command("link")
@click.argument("email")
@as_json
def user_link(email: str, json_output: bool) -> None:
    """Make another link that sets a user's password; the ones before it stop working.

    \b
    Example: smartdhandha user link asha@example.in
    """
    with session() as (conn, _):
        made = users.create_link(conn, email)
    _show_link(made, json_output)


@user_group.command("remove")
@click.argument("email")
@as_json
def user_remove(email: str, json_output: bool) -> None:
    """Take a user's access away at once: password, links and sessions.

    \b
    Example: smartdhandha user remove asha@example.in
    """
    with session() as (conn, _):
        gone = users.remove_user(conn, email)
    show(gone, json_output, f"{gone['email']} can no longer log in, and is logged out everywhere.")


def _show_link(made: users.NewLink, json_output: bool) -> None:
    settings = settings_here()
    link = f"{settings.public_url or _local(settings.bind)}{made.path}"
    if not json_output:
        note(f"{made.row['email']} sets the password with this link, once, before {instant(made.expires_at)}:")
    show({**made.row, "link": link, "linkExpiresAt": instant(made.expires_at)}, json_output, link)


def _local(bind: str) -> str:
    """Where a browser on this machine finds the service; every address is also this machine's own."""
    host, _, port = bind.rpartition(":")
    return f"http://{'127.0.0.1' if host in ('0.0.0.0', '[::]') else host}:{port}"  # noqa: S104 -- it is compared
