"""The resource that tests a webhook."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import falcon
import msgspec

from api.account.webhooks import operations
from api.account.webhooks.bodies import TestWebhook
from api.account.webhooks.endpoints import find
from api.account.webhooks.resource import delivery_to_json
from api.http.body import parse_body
from api.http.envelope import success
from api.http.parameters import refuse_parameters
from api.http.request import Request
from api.operation import Operation
from api.ports.dependencies import Dependencies
from api.ports.webhooks import DeliveryRequests
from domain.accounts.mode import is_live
from domain.errors import NotFound
from domain.errors.webhook import TypeOutsideScopes
from domain.registry import event_types, matching_names, scope_of
from domain.webhook import Webhook
from projections.accounts.webhook import WebhookRow

Samples = Callable[[], Mapping[str, Any]]
"""Returns a sample of each type of event: the body that is posted."""
WAIT_SECONDS = 1.5
"""How long the response to a request for a test waits for the attempt."""


class WebhookTest:
    """The resource `/webhooks/{id}/test`. `POST` lets the sender post a sample once."""

    operations: ClassVar[dict[str, Operation]] = {"POST": operations.TEST}

    def __init__(self, dependencies: Dependencies, samples: Samples) -> None:
        self._reads, self._webhooks, self._samples = dependencies.reads, dependencies.webhooks, samples

    def on_post(self, req: Request, resp: falcon.Response, id: str) -> None:
        body = parse_body(req, TestWebhook)
        refuse_parameters(req)
        row = find(self._reads, req.context.sender, id).row
        delivery = send_test(self._webhooks, req.context.sender.owner.org_id, row, body.type, self._samples)
        has_ended = msgspec.json.decode(delivery)["status"] != "pending"
        resp.status = falcon.HTTP_200 if has_ended else falcon.HTTP_202
        resp.data = success(delivery_to_json(delivery))


def send_test(
    webhooks: DeliveryRequests,
    org_id: str,
    row: WebhookRow,
    type: str | None,
    samples: Samples,
    seconds: float = WAIT_SECONDS,
) -> bytes:
    """Let the sender post a sample of this type, or of the webhook's first type for None. Wait up to `seconds` for it.

    Return the delivery as `Webhooks.delivery` does. Raises TypeOutsideScopes, and NotFound for a deleted webhook.
    """
    type = type or types_of(row)[0]
    if scope_of(type) not in row.scopes:
        raise TypeOutsideScopes(type, scope_of(type), row.scopes)
    event_id = f"evt_{secrets.token_hex(12)}"  # its own, so that no receiver takes it for a repetition
    sample = samples()[type]
    body = msgspec.json.encode({**sample, "data": {**sample["data"], "id": event_id, "livemode": is_live(org_id)}})
    asked = webhooks.request_test(org_id, row.id, type, event_id, body)
    delivery = None if asked is None else webhooks.await_delivery(org_id, row.id, asked, seconds)
    if delivery is None:
        raise NotFound(Webhook.kind, row.id)
    return delivery


def types_of(row: WebhookRow) -> list[str]:
    """Return the types of the events that a webhook gets."""
    names = matching_names(row.types, row.scopes)
    return [type for type in event_types() if type in names]
