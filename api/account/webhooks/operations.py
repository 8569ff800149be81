"""The operations on webhooks, as the OpenAPI document describes them."""

from __future__ import annotations

from typing import Any

import msgspec

from api.account.webhooks.bodies import ReplayWebhook, TestWebhook
from api.account.webhooks.resource import (
    Deleted,
    ShownWebhook,
    Skipped,
    StoredWebhook,
    WebhookDelivery,
    WebhookReplay,
    WebhookSecret,
    with_secret,
)
from api.account.webhooks.resource import to_json as render_webhook
from api.http.envelope import Pagination
from api.operation import Operation, OperationKind, ResponseType
from commands.accounts.webhook import CreateWebhook, RotateWebhook, UpdateWebhook
from domain.errors.webhook import ReplayRunning
from domain.registry import READ_SCOPES
from domain.webhook import Webhook
from projections.accounts.webhook import DELIVERY_LIST, WEBHOOK_LIST, WebhookRow
from projections.query.listing import Listing

TAG = "Webhooks"
WEBHOOK = ResponseType("Webhook", (ShownWebhook,))
WITH_SECRET = ResponseType("WebhookWithSecret", (ShownWebhook, WebhookSecret))
CHANGED = ResponseType("ChangedWebhook", (ShownWebhook, Skipped))
REPLAYED = ResponseType("WebhookReplay", (WebhookReplay,))
DELIVERY = ResponseType("WebhookDelivery", (WebhookDelivery,))
_EXAMPLE_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 -- the example of the specification


def _from_row(row: bytes) -> StoredWebhook:
    return StoredWebhook(msgspec.json.decode(row, type=WebhookRow))


def operation(id: str, kind: OperationKind, response: ResponseType, **options: Any) -> Operation:
    """Return an operation on webhooks. The key needs at least one read scope."""
    return Operation(
        id=id,
        tag=TAG,
        kind=kind,
        response=response,
        **{
            "envelope": f"{response.name}Answer",
            "resource_type": Webhook.kind,
            "any_scope": READ_SCOPES,
            "render": lambda row: render_webhook(_from_row(row)),
            **options,
        },
    )


def listing(id: str, kind: OperationKind, response: ResponseType, rows: Listing) -> Operation:
    """Return an operation that lists webhooks, or what belongs to one."""
    return operation(
        id,
        kind,
        response,
        envelope=f"{response.name}List",
        pagination=Pagination,
        query=rows.query_parameters(),
        admits_with_request=True,
    )


LIST = listing("listWebhooks", OperationKind.LIST, WEBHOOK, WEBHOOK_LIST)
CREATE = operation(
    "createWebhook",
    OperationKind.CREATE,
    WITH_SECRET,
    body=CreateWebhook,
    render=lambda row: with_secret(_from_row(row), _EXAMPLE_SECRET),
    other_success=(200, "There is a webhook with this URL and these types already: this one. `secret` is null."),
)
GET = operation("getWebhook", OperationKind.STATE, WEBHOOK, admits_with_request=True)
UPDATE = operation(
    "updateWebhook",
    OperationKind.UPDATE,
    CHANGED,
    body=UpdateWebhook,
    render=lambda row: render_webhook(_from_row(row), skipped=None),
)
DELETE = operation("deleteWebhook", OperationKind.DELETE, ResponseType("DeletedWebhook", (Deleted,)))
ROTATE = operation(
    "rotateWebhook",
    OperationKind.ACTION,
    WITH_SECRET,
    body=RotateWebhook,
    render=lambda row: with_secret(_from_row(row), _EXAMPLE_SECRET),
)
LIST_DELIVERIES = listing("listWebhookDeliveries", OperationKind.OBJECT_LIST, DELIVERY, DELIVERY_LIST)
RETRY = operation(
    "retryWebhookDelivery",
    OperationKind.REQUEST,
    DELIVERY,
    admits_with_request=True,
)
TEST = operation(
    "testWebhook",
    OperationKind.REQUEST,
    DELIVERY,
    body=TestWebhook,
    other_success=(200, "The attempt has ended: `status` and `attempts` say how."),
    admits_with_request=True,
)
REPLAY = operation(
    "replayWebhook",
    OperationKind.REQUEST,
    REPLAYED,
    body=ReplayWebhook,
    refusals=(ReplayRunning,),
    admits_with_request=True,
)
GET_REPLAY = operation("getWebhookReplay", OperationKind.OBJECT_PART, REPLAYED, admits_with_request=True)
CANCEL_REPLAY = operation("cancelWebhookReplay", OperationKind.OBJECT_PART, REPLAYED, admits_with_request=True)
