"""The resource for the replay of a webhook: events that are sent once more."""

from __future__ import annotations

from typing import ClassVar

import falcon
import msgspec

from api.account.webhooks import operations
from api.account.webhooks.bodies import ReplayWebhook
from api.account.webhooks.endpoints import find
from api.account.webhooks.resource import replay_to_json
from api.http.body import parse_body
from api.http.envelope import success
from api.http.parameters import refuse_parameters
from api.http.request import Request
from api.operation import Operation
from api.ports.dependencies import Dependencies
from api.ports.webhooks import DeliveryRequests, StartedReplay
from commands.accounts.webhook import check_webhook
from domain.errors import Invalid, NotFound
from domain.errors.codes import VALIDATION_FAILED
from domain.errors.violation import Violation
from domain.errors.webhook import NoReplay, ReplayRunning
from domain.registry import matching_names
from domain.webhook import Webhook
from projections.accounts.webhook import WebhookRow

MAX_EVENTS = 100_000
"""The number of events that one replay can have; migration 19 counts them."""


class Replay:
    """The resource `/webhooks/{id}/replay`. `POST` begins one, `GET` returns the last one, and `DELETE` cancels it."""

    operations: ClassVar[dict[str, Operation]] = {
        "GET": operations.GET_REPLAY,
        "POST": operations.REPLAY,
        "DELETE": operations.CANCEL_REPLAY,
    }

    def __init__(self, dependencies: Dependencies) -> None:
        self._reads, self._webhooks = dependencies.reads, dependencies.webhooks

    def on_get(self, req: Request, resp: falcon.Response, id: str) -> None:
        refuse_parameters(req)
        find(self._reads, req.context.sender, id)
        resp.data = success(self._last(req, id))

    def on_post(self, req: Request, resp: falcon.Response, id: str) -> None:
        body = parse_body(req, ReplayWebhook)
        refuse_parameters(req)
        check_start(body)
        row = find(self._reads, req.context.sender, id).row
        begin_replay(self._webhooks, req.context.sender.owner.org_id, row, body)
        resp.status = falcon.HTTP_202
        resp.data = success(self._last(req, id))

    def on_delete(self, req: Request, resp: falcon.Response, id: str) -> None:
        refuse_parameters(req)
        find(self._reads, req.context.sender, id)
        org_id = req.context.sender.owner.org_id
        found = self._webhooks.last_replay(org_id, id)
        if found is not None:
            self._webhooks.cancel_replay(org_id, id, msgspec.json.decode(found)["id"])
        resp.data = success(self._last(req, id))

    def _last(self, req: Request, id: str) -> bytes:
        found = self._webhooks.last_replay(req.context.sender.owner.org_id, id)
        if found is None:
            raise NoReplay(id)
        return replay_to_json(found)


def begin_replay(webhooks: DeliveryRequests, org_id: str, row: WebhookRow, body: ReplayWebhook) -> StartedReplay:
    """Let the sender send the events of a webhook once more that `body` names.

    Raises ReplayRunning, Invalid for wrong types and for more than MAX_EVENTS events, TypeOutsideScopes, and NotFound
    for a webhook that was deleted.
    """
    check_webhook({"types": body.types}, row.scopes)
    names = matching_names(row.types if body.types is None else body.types, row.scopes)
    started = webhooks.start_replay(org_id, row.id, body.after, body.since, names)
    match started.outcome:
        case "running":
            raise ReplayRunning(started.id or "")
        case "too_many":
            field = "since" if body.after is None else "after"
            raise Invalid([_wrong(field, f"must leave at most {MAX_EVENTS} events")])
        case "unknown":
            raise NotFound(Webhook.kind, row.id)
    return started


def check_start(body: ReplayWebhook) -> None:
    """Raise Invalid unless the body has exactly one of `after` and `since`."""
    if body.after is None and body.since is None:
        raise Invalid([_wrong("after", "is required, or since")])
    if body.after is not None and body.since is not None:
        raise Invalid([_wrong("since", "must not be sent together with after")])


def _wrong(field: str, message: str) -> Violation:
    return Violation(field, VALIDATION_FAILED, message)
