"""`smartdhandha privacy`: what an organization holds about one person: lists, exports and erases it."""

from __future__ import annotations

import click

from infra.cli import LazyGroup

_PLACES = {
    "list": "infra.cli.audit.privacy.held:list_command",
    "export": "infra.cli.audit.privacy.held:export_command",
    "erase": "infra.cli.audit.privacy.erase:erase_command",
    "reapply": "infra.cli.audit.privacy.reapply:reapply_command",
    "upgrade": "infra.cli.audit.privacy.upgrade:upgrade_command",
    "keep": "infra.cli.audit.privacy.keep:keep_command",
}
"""Where each command is, by its name."""


@click.group("privacy", cls=LazyGroup, places=_PLACES)
def privacy_group() -> None:
    """What an organization holds about a client, a vendor or an employee: lists, exports and erases it."""
