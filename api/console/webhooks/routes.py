"""The list of the routes of Settings → Webhooks."""

from __future__ import annotations

from typing import Any

from api.account.webhooks.testing import Samples
from api.console.webhooks.base import PATH
from api.console.webhooks.changes import DeletePage, PausePage, ResumePage
from api.console.webhooks.delivery_page import DeliveryPage
from api.console.webhooks.new_webhook import NewWebhook
from api.console.webhooks.rotate_webhook import RotateWebhookPage
from api.console.webhooks.trials import CancelPage, ReplayPage, TestPage
from api.console.webhooks.webhook_list import WebhookList
from api.console.webhooks.webhook_page import WebhookPage
from api.http.address import ClientOf
from api.pages.factory import PageFactory
from api.ports.dependencies import Dependencies


def webhook_pages(
    pages: PageFactory, dependencies: Dependencies, client: ClientOf, samples: Samples
) -> list[tuple[str, Any]]:
    """Return the routes of the pages for webhooks. Tests post one of the `samples`."""
    reads, commands = dependencies.webhook_reads, (pages, dependencies, client)
    one = f"{PATH}/{{id}}"
    return [
        (PATH, WebhookList(pages, reads)),
        (f"{PATH}/new", NewWebhook(*commands)),
        (one, WebhookPage(pages, reads)),
        (f"{one}/pause", PausePage(*commands)),
        (f"{one}/resume", ResumePage(*commands)),
        (f"{one}/rotate", RotateWebhookPage(*commands)),
        (f"{one}/delete", DeletePage(*commands)),
        (f"{one}/test", TestPage(*commands, samples)),
        (f"{one}/replay", ReplayPage(*commands)),
        (f"{one}/replays/{{replayId}}/cancel", CancelPage(*commands)),
        (f"{one}/deliveries/{{deliveryId}}", DeliveryPage(*commands)),
    ]
