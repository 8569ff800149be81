"""The resources for webhooks: the list, one webhook, and its secret."""

from __future__ import annotations

from typing import ClassVar

import falcon
import msgspec

from api.account.webhooks import operations
from api.account.webhooks.resource import Deleted, StoredWebhook, stored, to_json, with_secret
from api.http.address import ClientOf
from api.http.body import read_body
from api.http.command_context import traced_context
from api.http.envelope import success, success_of
from api.http.origin import Origin
from api.http.parameters import refuse_parameters
from api.http.preconditions import etag
from api.http.request import Request
from api.operation import Operation
from api.ports.admission import Caller, with_present_scopes
from api.ports.dependencies import Dependencies
from api.ports.reads import ObjectReads
from api.resources import mark_result, write_list
from commands.accounts.webhook import CreateWebhook, DeleteWebhook, RotateWebhook, UpdateWebhook
from commands.body import parse_command
from commands.command import Command
from commands.unit_of_work import CommandResult
from domain.errors import NotFound
from domain.errors.webhook import DuplicateWebhook
from domain.webhook import Webhook
from projections.accounts.webhook import WEBHOOK_LIST, WebhookRow
from projections.query.filters import Condition
from projections.query.page import ListQuery, Page


class Webhooks:
    """The resource `/webhooks`. `GET` lists the webhooks that the key may see; `POST` creates one."""

    operations: ClassVar[dict[str, Operation]] = {"GET": operations.LIST, "POST": operations.CREATE}

    def __init__(self, dependencies: Dependencies, client: ClientOf, origin: Origin) -> None:
        self._dependencies, self._client, self._origin = dependencies, client, origin

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        caller = req.context.sender

        def ask() -> tuple[ListQuery, Page]:
            visible = Condition("scopes <@ %s::text[]", list(caller.scopes))
            query = WEBHOOK_LIST.query(caller.owner.org_id, req.params, [visible])
            return query, self._dependencies.reads.list_page(caller, query)

        query, page = with_present_scopes(ask)
        objects = [to_json(stored(each)) for each in page.objects]
        write_list(req, resp, self._origin, objects, query.limit, page.next_cursor)

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        body = read_body(req)
        refuse_parameters(req)
        context = traced_context(req, self._client)
        command: Command = parse_command(CreateWebhook, body, may_be_retry=context.retry is not None)
        secret = None
        if isinstance(command, CreateWebhook):
            self._dependencies.webhooks.check_address(command.url)
            made = self._dependencies.webhooks.make_secret(context.org_id)
            command, secret = msgspec.structs.replace(command, secret_id=made.id), made.secret
        try:
            result = self._dependencies.command_bus.execute(command, context, req.context.sender)
        except DuplicateWebhook as refusal:
            webhook = find(self._dependencies.reads, req.context.sender, refusal.conflicting_id or "")
            resp.status, secret = falcon.HTTP_200, None
        else:
            webhook = StoredWebhook(row_of(result))
            resp.status, secret = falcon.HTTP_201, None if result.is_replay else secret
            mark_result(resp, result)
        resp.set_header("Location", f"{self._origin(req)}{req.path}/{webhook.row.id}")
        write_webhook(resp, webhook, with_secret(webhook, secret))


class WebhookItem:
    """The resource of one webhook. `GET` returns it, `PATCH` changes it, and `DELETE` deletes it."""

    operations: ClassVar[dict[str, Operation]] = {
        "GET": operations.GET,
        "PATCH": operations.UPDATE,
        "DELETE": operations.DELETE,
    }

    def __init__(self, dependencies: Dependencies, client: ClientOf) -> None:
        self._dependencies, self._client = dependencies, client

    def on_get(self, req: Request, resp: falcon.Response, id: str) -> None:
        refuse_parameters(req)
        webhook = find(self._dependencies.reads, req.context.sender, id)
        write_webhook(resp, webhook, to_json(webhook))

    def on_patch(self, req: Request, resp: falcon.Response, id: str) -> None:
        body = read_body(req)
        refuse_parameters(req)
        command = parse_command(UpdateWebhook, body, id)
        if isinstance(command, UpdateWebhook) and isinstance(command.url, str):
            self._dependencies.webhooks.check_address(command.url)
        context = traced_context(req, self._client)
        result = self._dependencies.command_bus.execute(command, context, req.context.sender)
        webhook = changed(self._dependencies.reads, req.context.sender, result)
        mark_result(resp, result)
        write_webhook(resp, webhook, to_json(webhook, skipped=result.skipped))

    def on_delete(self, req: Request, resp: falcon.Response, id: str) -> None:
        refuse_parameters(req)
        context = traced_context(req, self._client)
        mark_result(resp, self._dependencies.command_bus.execute(DeleteWebhook(id=id), context, req.context.sender))
        resp.data = success_of(Deleted(id))


class WebhookRotation:
    """The resource `/webhooks/{id}/rotate`. `POST` gives the webhook a new secret."""

    operations: ClassVar[dict[str, Operation]] = {"POST": operations.ROTATE}

    def __init__(self, dependencies: Dependencies, client: ClientOf) -> None:
        self._dependencies, self._client = dependencies, client

    def on_post(self, req: Request, resp: falcon.Response, id: str) -> None:
        body = read_body(req)
        refuse_parameters(req)
        context = traced_context(req, self._client)
        command: Command = parse_command(RotateWebhook, body, id)
        secret = None
        if isinstance(command, RotateWebhook):
            made = self._dependencies.webhooks.make_secret(context.org_id)
            command, secret = msgspec.structs.replace(command, secret_id=made.id), made.secret
        result = self._dependencies.command_bus.execute(command, context, req.context.sender)
        webhook = changed(self._dependencies.reads, req.context.sender, result)
        resp.status = falcon.HTTP_201
        mark_result(resp, result)
        write_webhook(resp, webhook, with_secret(webhook, None if result.is_replay else secret))


def find(reads: ObjectReads, caller: Caller, id: str) -> StoredWebhook:
    """Return a webhook. Raises NotFound, also for one whose scopes the caller does not have."""
    found = reads.get(caller, WEBHOOK_LIST, id)
    webhook = None if found is None else stored(found.body)
    if webhook is None or not set(webhook.row.scopes) <= set(caller.scopes):
        raise NotFound(Webhook.kind, id)
    return webhook


def changed(reads: ObjectReads, caller: Caller, result: CommandResult) -> StoredWebhook:
    """Return the webhook after a command, and how far it has been served now."""
    found = reads.get(caller, WEBHOOK_LIST, result.id)
    row = row_of(result)
    return StoredWebhook(row) if found is None else StoredWebhook(row, stored(found.body).progress)


def row_of(result: CommandResult) -> WebhookRow:
    """Return the row of the webhook after a command."""
    return msgspec.json.decode(result.body, type=WebhookRow)


def write_webhook(resp: falcon.Response, webhook: StoredWebhook, body: bytes) -> None:
    """Write a webhook into the response, with its ETag."""
    resp.set_header("ETag", etag(webhook.row.version))
    resp.data = success(body)
