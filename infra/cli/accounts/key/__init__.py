"""`smartdhandha key`: creates, lists, shows, changes, revokes and rotates API keys."""

from __future__ import annotations

import click

from infra.cli.accounts.key.changes import list_command, revoke_command, show_command, update_command
from infra.cli.accounts.key.secrets import create_command, rotate_command


@click.group("key")
def key_group() -> None:
    """Create, list, show, change, revoke and rotate API keys."""


for command in (create_command, list_command, show_command, update_command, revoke_command, rotate_command):
    key_group.add_command(command)
