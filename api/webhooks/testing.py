"""The resource that tests a webhook."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import falcon
import msgspec

from api.http.envelope import success
from api.http.parameters import refuse_parameters
from api.http.request import Request
from api.operation import Operation
from api.ports.dependencies import Dependencies
from api.webhooks import operations
from api.webhooks.bodies import TestWebhook, parse_body
from api.webhooks.endpoints import find
from api.webhooks.resource import delivery_to_json
from domain.errors import NotFound, TypeOutsideScopes
from domain.registry import event_types, matching_names, scope_of
from domain.webhook import Webhook
from projections.webhook import WebhookRow

Samples = Callable[[], Mapping[str, Any]]
"""Returns a sample of each type of event: the body that is posted."""
_WAIT_SECONDS = 1.5


class WebhookTest:
    """The resource `/webhooks/{id}/test`. `POST` lets the sender post a sample once."""

    operations: ClassVar[dict[str, Operation]] = {"POST": operations.TEST}

    def __init__(self, dependencies: Dependencies, samples: Samples) -> None:
        self._reads, self._webhooks, self._samples = dependencies.reads, dependencies.webhooks, samples

    def on_post(self, req: Request, resp: falcon.Response, id: str) -> None:
        body = parse_body(req, TestWebhook)
        refuse_parameters(req)
        caller = req.context.sender
        row = find(self._reads, caller, id).row
        type = body.type or _first_type(row)
        if scope_of(type) not in row.scopes:
            raise TypeOutsideScopes(type, scope_of(type), row.scopes)
        org_id, event_id = caller.owner.org_id, f"evt_{secrets.token_hex(12)}"
        asked = self._webhooks.request_test(org_id, id, type, event_id, self._sample(type, event_id))
        delivery = None if asked is None else self._webhooks.await_delivery(org_id, id, asked, _WAIT_SECONDS)
        if delivery is None:
            raise NotFound(Webhook.kind, id)
        has_ended = msgspec.json.decode(delivery)["status"] != "pending"
        resp.status = falcon.HTTP_200 if has_ended else falcon.HTTP_202
        resp.data = success(delivery_to_json(delivery))

    def _sample(self, type: str, event_id: str) -> bytes:
        """Return the body of a test. Its event has an id of its own, so that no receiver takes it for a repetition."""
        sample = self._samples()[type]
        return msgspec.json.encode({**sample, "data": {**sample["data"], "id": event_id}})


def _first_type(row: WebhookRow) -> str:
    names = matching_names(row.types, row.scopes)
    return next(type for type in event_types() if type in names)
