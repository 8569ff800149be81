"""`smartdhandha webhook`: creates, lists, changes and tests webhooks, shows deliveries, and sends events once more."""

from __future__ import annotations

import click

from infra.cli.accounts.webhook.deliveries import deliveries_command, retry_command, test_command
from infra.cli.accounts.webhook.endpoints import (
    create_command,
    delete_command,
    list_command,
    pause_command,
    resume_command,
    rotate_command,
    show_command,
)
from infra.cli.accounts.webhook.replays import replay_cancel_command, replay_command, replay_status_command


@click.group("webhook")
def webhook_group() -> None:
    """Create, list, change, test and delete webhooks, show deliveries, and send events once more."""


for command in (
    create_command,
    list_command,
    show_command,
    pause_command,
    resume_command,
    rotate_command,
    delete_command,
    test_command,
    deliveries_command,
    retry_command,
    replay_command,
    replay_status_command,
    replay_cancel_command,
):
    webhook_group.add_command(command)
