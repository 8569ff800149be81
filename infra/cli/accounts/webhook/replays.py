"""`smartdhandha webhook replay`, `replay-status` and `replay-cancel`: past events that are sent once more."""

from __future__ import annotations

from typing import Any

import click
import msgspec

from api.account.webhooks.bodies import ReplayWebhook
from api.account.webhooks.replays import begin_replay
from api.account.webhooks.resource import replay_to_json
from domain.errors.webhook import NoReplay
from infra.cli.accounts.webhook.one_webhook import WebhookRequest, one_webhook
from infra.cli.base import first_instant, json_option, render_table
from infra.cli.output import show


@click.command("replay")
@click.argument("webhook_id", metavar="ID")
@click.option(
    "--since",
    metavar="WHEN",
    help="Events from this time on: a day (2027-03-31), a time (2027-03-31 18:30), or a duration before now (24h).",
)
@click.option("--after", type=click.IntRange(min=0), metavar="POSITION", help="Events after this position of the log.")
@click.option("--type", "types", multiple=True, metavar="TYPE", help="Only these types; default: all of the webhook.")
@json_option
def replay_command(
    webhook_id: str, since: str | None, after: int | None, types: tuple[str, ...], json_output: bool
) -> None:
    """Send past events to a webhook once more, with the same event ids. Live events come first.

    It sends at most 100,000 events that the webhook has already come to, and never disables the webhook.

    \b
    Example: smartdhandha webhook replay whk_01J… --since 24h --type 'invoice.*'
    """
    if (since is None) == (after is None):
        raise click.UsageError("Give either --since or --after.")
    with one_webhook(webhook_id) as webhook:
        start = None if since is None else first_instant(webhook.conn, since, webhook.org_id)
        body = ReplayWebhook(after=after, since=start, types=types or None)
        begin_replay(webhook.requests, webhook.org_id, webhook.row, body)
        replay = _last(webhook)
    show(replay, json_output, f"{replay['id']} sends {replay['events']} events once more.")


@click.command("replay-status")
@click.argument("webhook_id", metavar="ID")
@json_option
def replay_status_command(webhook_id: str, json_output: bool) -> None:
    """Show the replay of a webhook that is running, or that ended last.

    \b
    Example: smartdhandha webhook replay-status whk_01J…
    """
    with one_webhook(webhook_id) as webhook:
        replay = _last(webhook)
    show(replay, json_output, render_table([replay]))


@click.command("replay-cancel")
@click.argument("webhook_id", metavar="ID")
@json_option
def replay_cancel_command(webhook_id: str, json_output: bool) -> None:
    """End the replay of a webhook. What it has not delivered yet is not sent any more.

    \b
    Example: smartdhandha webhook replay-cancel whk_01J…
    """
    with one_webhook(webhook_id) as webhook:
        webhook.requests.cancel_replay(webhook.org_id, webhook_id, _last(webhook)["id"])
        replay = _last(webhook)
    show(replay, json_output, f"{replay['id']} is {replay['status']}.")


def _last(webhook: WebhookRequest) -> dict[str, Any]:
    """Return the last replay of the webhook, as the API shows it. Raises NoReplay."""
    found = webhook.requests.last_replay(webhook.org_id, webhook.row.id)
    if found is None:
        raise NoReplay(webhook.row.id)
    replay: dict[str, Any] = msgspec.json.decode(replay_to_json(found))
    return replay
