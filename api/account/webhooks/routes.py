"""The routes of webhooks."""

from __future__ import annotations

from api.account.webhooks.deliveries import Deliveries, DeliveryRetry
from api.account.webhooks.endpoints import WebhookItem, WebhookRotation, Webhooks
from api.account.webhooks.replays import Replay
from api.account.webhooks.testing import Samples, WebhookTest
from api.http.address import ClientOf
from api.http.origin import Origin
from api.ports.dependencies import Dependencies
from api.resources import BASE, Route

PATH = f"{BASE}/webhooks"


def webhook_routes(dependencies: Dependencies, origin: Origin, client: ClientOf, samples: Samples) -> list[Route]:
    """Return the routes of webhooks. Tests post one of the `samples`."""
    one = f"{PATH}/{{id}}"
    return [
        (PATH, Webhooks(dependencies, client, origin)),
        (one, WebhookItem(dependencies, client)),
        (f"{one}/rotate", WebhookRotation(dependencies, client)),
        (f"{one}/test", WebhookTest(dependencies, samples)),
        (f"{one}/replay", Replay(dependencies)),
        (f"{one}/deliveries", Deliveries(dependencies, origin)),
        (f"{one}/deliveries/{{deliveryId}}/retry", DeliveryRetry(dependencies)),
    ]
