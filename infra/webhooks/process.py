"""The process of a sender: `smartdhandha deliver`, alone or as a child of `smartdhandha serve`."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from infra.settings import Settings
from infra.settings.secret_box import SecretBox
from infra.telemetry.metrics_folder import make_delivery_metrics
from infra.webhooks.client import WebhookClient
from infra.webhooks.of_settings import address_guard
from infra.webhooks.queue.attempt import Attempt
from infra.webhooks.queue.claims import Claim
from infra.webhooks.round import OnAttempt
from infra.webhooks.sender import Sender

if TYPE_CHECKING:
    from infra.telemetry.deliveries import DeliveryMetrics

_PARENT_CHECK_SECONDS = 0.5


def run_sender(
    settings: Settings,
    conninfo: str,
    keys: Sequence[str],
    parent: int | None = None,
    slot: int = 0,
) -> None:
    """Deliver events until SIGINT or SIGTERM, or until the process `parent` has ended.

    `slot` is a number that no other sender of the service has, for the metrics.
    """
    client = WebhookClient(address_guard(settings), settings.webhook_ca)
    sender = Sender(conninfo, client, SecretBox(keys), _counter(make_delivery_metrics(f"sender{slot}")))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sender.stop())
    asyncio.run(_run(sender, parent))


def _counter(metrics: DeliveryMetrics | None) -> OnAttempt:
    """Return a function that counts attempts in the metrics; without metrics, one that does nothing."""

    def count(claimed: Claim, at: datetime, attempt: Attempt) -> None:
        if metrics is not None:
            lag = None if claimed.attempts else (at - claimed.occurred_at).total_seconds()
            metrics.count(attempt.status, attempt.is_taken, lag)

    return count


async def _run(sender: Sender, parent: int | None) -> None:
    watch = asyncio.create_task(_stop_without(parent, sender)) if parent is not None else None
    await sender.run()
    if watch is not None:
        watch.cancel()


async def _stop_without(parent: int, sender: Sender) -> None:
    """Stop the sender when its parent has ended, even if the parent was killed."""
    while os.getppid() == parent:  # noqa: ASYNC110 -- no event tells that the parent was killed
        await asyncio.sleep(_PARENT_CHECK_SECONDS)
    sender.stop()
