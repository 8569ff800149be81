"""The command line. Data goes to standard output, everything else to standard error."""

from __future__ import annotations

import gc
import sys
from collections.abc import Mapping
from pkgutil import resolve_name
from typing import Any

import click

from infra.cli.errors import reported_errors

_PLACES = {
    "serve": "infra.cli.serve:serve_command",
    "worker": "infra.cli.worker:worker_command",
    "deliver": "infra.cli.senders.deliver:deliver_command",
    "mail": "infra.cli.senders.mail:mail_command",
    "mcp": "infra.cli.clients.mcp:mcp_command",
    "listen": "infra.cli.clients.listen:listen_command",
    "requests": "infra.cli.clients.requests:requests_command",
    "db": "infra.cli.db:db_group",
    "projections": "infra.cli.projections:projections",
    "audit": "infra.cli.audit:audit_group",
    "privacy": "infra.cli.audit.privacy:privacy_group",
    "setup-code": "infra.cli.accounts.setup_code:setup_code_command",
    "org": "infra.cli.accounts.org:org_group",
    "key": "infra.cli.accounts.key:key_group",
    "user": "infra.cli.accounts.user:user_group",
    "webhook": "infra.cli.accounts.webhook:webhook_group",
}
"""Where each command is, by its name."""


def main() -> None:
    """Run the command line. An expected error ends it with one message on standard error (see errors.py).

    At its end, Python looks through all objects several times for those that can be freed. That takes longer than many
    commands, and the operating system frees them anyway. The forked server processes end here, too.
    """
    try:
        with reported_errors():
            sys.exit(cli.main(standalone_mode=False))
    finally:
        gc.freeze()


class LazyGroup(click.Group):
    """A group that imports a command when it is called, so that no command waits for the imports of another."""

    def __init__(self, *args: Any, places: Mapping[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self._places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command and return it; None if there is none with this name."""
        place = self._places.get(cmd_name)
        return _load(place) if place else None


def _load(place: str) -> click.Command:
    """Import a command. The garbage collector never looks at the objects of its modules: they live until the end."""
    gc.disable()
    try:
        command: click.Command = resolve_name(place)
    finally:
        gc.enable()
    gc.freeze()
    return command


@click.group(cls=LazyGroup, places=_PLACES, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """SmartDhandha API: invoices, bills and leaves over REST, stored as events."""
