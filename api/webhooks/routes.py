"""The routes of webhooks."""

from __future__ import annotations

from api.http.origin import Origin
from api.ports.dependencies import Dependencies
from api.resources import BASE, Route
from api.webhooks.deliveries import Deliveries, DeliveryRetry
from api.webhooks.endpoints import WebhookItem, WebhookRotation, Webhooks

PATH = f"{BASE}/webhooks"


def webhook_routes(dependencies: Dependencies, origin: Origin) -> list[Route]:
    """Return the routes of webhooks."""
    one = f"{PATH}/{{id}}"
    return [
        (PATH, Webhooks(dependencies, origin)),
        (one, WebhookItem(dependencies)),
        (f"{one}/rotate", WebhookRotation(dependencies)),
        (f"{one}/deliveries", Deliveries(dependencies, origin)),
        (f"{one}/deliveries/{{deliveryId}}/retry", DeliveryRetry(dependencies)),
    ]
