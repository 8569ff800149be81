"""`smartdhandha webhook test`, `deliveries` and `retry`: what was sent to a webhook, and what is sent now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click
import msgspec

from api.account.webhooks.resource import delivery_to_json
from api.account.webhooks.testing import send_test
from api.openapi.examples.events import event_samples
from api.samples.placeholders import today
from domain.errors import NotFound
from infra.cli.accounts.webhook.one_webhook import one_webhook
from infra.cli.base import json_option, render_table
from infra.cli.output import note, show
from infra.webhooks.client import TIMEOUT_SECONDS
from projections.accounts.webhook import DELIVERY_STATUSES
from projections.views.events import public_names

_MAX_DELIVERIES = 1000
_WAIT_SECONDS = TIMEOUT_SECONDS + 5
"""How long the command waits for a test: longer than an attempt takes."""
_NOT_SENT = "No sender has posted it yet. Is the service running, with SMARTDHANDHA_SENDERS other than 0?"


@click.command("test")
@click.argument("webhook_id", metavar="ID")
@click.option("--type", type=click.Choice(public_names()), metavar="TYPE", help="Default: the first that it gets.")
@json_option
@click.pass_context
def test_command(context: click.Context, webhook_id: str, type: str | None, json_output: bool) -> None:
    """Let the service post a sample of an event to a webhook once, and show the answer.

    The exit status is 1 if the receiver did not accept the sample. A test never disables a webhook.

    \b
    Example: smartdhandha webhook test whk_01J… --type invoice.paid
    """
    with one_webhook(webhook_id) as webhook:
        sent = send_test(
            webhook.requests, webhook.org_id, webhook.row, type, lambda: event_samples(today()), _WAIT_SECONDS
        )
    delivery = _decoded(sent)
    show(delivery, json_output, _table([delivery]))
    if delivery["status"] == "pending":
        note(_NOT_SENT)
    context.exit(0 if delivery["status"] == "delivered" else 1)


@click.command("deliveries")
@click.argument("webhook_id", metavar="ID")
@click.option("--status", type=click.Choice(DELIVERY_STATUSES), help="Only these.")
@click.option("--limit", type=click.IntRange(1, _MAX_DELIVERIES), default=50, show_default=True, help="How many.")
@json_option
def deliveries_command(webhook_id: str, status: str | None, limit: int, json_output: bool) -> None:
    """List the deliveries of the last 30 days, the newest first, with what the receiver answered.

    \b
    Example: smartdhandha webhook deliveries whk_01J… --status pending
    """
    with one_webhook(webhook_id) as webhook:
        found = [_decoded(each) for each in webhook.requests.deliveries(webhook.org_id, webhook_id, status, limit)]
    show(found, json_output, _table(found) or "No deliveries.")


@click.command("retry")
@click.argument("webhook_id", metavar="ID")
@click.argument("delivery_id", metavar="DELIVERY")
@json_option
def retry_command(webhook_id: str, delivery_id: str, json_output: bool) -> None:
    """Attempt a delivery again now. One that has ended is sent once more, with the same event id.

    \b
    Example: smartdhandha webhook retry whk_01J… dlv_0649…
    """
    with one_webhook(webhook_id) as webhook:
        requests, org_id = webhook.requests, webhook.org_id
        attempted = requests.retry(org_id, webhook_id, delivery_id)
        found = None if attempted is None else requests.delivery(org_id, webhook_id, attempted)
    if found is None:
        raise NotFound("delivery", delivery_id)
    delivery = _decoded(found)
    show(delivery, json_output, f"{delivery['id']} is attempted now.")


def _decoded(state: bytes) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(delivery_to_json(state))
    return found


def _table(deliveries: Sequence[Mapping[str, Any]]) -> list[str]:
    return render_table([_line(each) for each in deliveries])


def _line(delivery: Mapping[str, Any]) -> dict[str, Any]:
    """Return what people see of a delivery: its last attempt stands for all."""
    attempts = delivery["attempts"]
    last = attempts[-1] if attempts else {"status": None, "error": None, "response": None}
    return {
        **{name: delivery[name] for name in ("id", "eventId", "type", "status", "nextAttemptAt")},
        "attempts": len(attempts),
        "answer": last["error"] or last["status"],
        "response": last["response"] or None,
    }
