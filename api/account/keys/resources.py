"""The resources for API keys: the list, one key, its rotation and its revocation."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any, ClassVar

import falcon
import msgspec

from api.account.keys import operations
from api.account.keys.resource import id_of, to_json, with_secret
from api.http.address import ClientOf
from api.http.body import read_body
from api.http.command_context import command_context, naming_sender
from api.http.envelope import success
from api.http.origin import Origin
from api.http.parameters import refuse_parameters
from api.http.preconditions import etag
from api.http.request import Request
from api.operation import Operation
from api.ports.dependencies import Dependencies
from api.ports.keys import KeyUse
from api.resources import mark_result, write_list
from commands.accounts.api_key import IssueKey, RevokeKey, RotateKey, UpdateKey
from commands.body import parse_command
from commands.command import Command, Context
from commands.unit_of_work import CommandResult
from domain.accounts.key_secret import new_secret, stored_parts
from domain.accounts.mode import key_prefix
from domain.api_key import ApiKey
from domain.errors import NotFound
from domain.errors.api_key import ManagingKeyNeeded
from projections.accounts.api_key import API_KEY_LIST


class KeyResource:
    """The base of the resources: it checks the key of a request, and executes commands in its name."""

    def __init__(self, dependencies: Dependencies, origin: Origin, client: ClientOf) -> None:
        self._reads, self._account_reads = dependencies.reads, dependencies.account_reads
        self._key_reads, self._command_bus = dependencies.key_reads, dependencies.command_bus
        self._origin, self._client = origin, client

    def uses(self, req: Request, ids: Sequence[str]) -> dict[str, KeyUse]:
        """Return the use of the keys with these ids. The request must be admitted."""
        org_id = req.context.required_admission.org_id
        return {key.id: key for key in self._key_reads.list_keys(org_id, ids)} if ids else {}

    def use_of(self, req: Request, id: str) -> KeyUse | None:
        """Return the use of a key; None for a key that the organization does not have."""
        return self.uses(req, [id]).get(id)

    def require_managing_key(self, req: Request) -> None:
        """Raise ManagingKeyNeeded if the key of the request may not manage keys."""
        if not self._account_reads.get_account(req.context.sender, req.context.last_four).key.manages_keys:
            raise ManagingKeyNeeded

    def read_command_body(self, req: Request) -> dict[str, Any]:
        """Return the body of a request that changes a key. Refusals of the key come before those of the body."""
        self.require_managing_key(req)
        body = read_body(req)
        refuse_parameters(req)
        return body

    def execute(self, req: Request, command: Command, context: Context) -> CommandResult:
        """Execute a command. Its security events name the key of the request."""
        return self._command_bus.execute(command, naming_sender(context, self._client(req)), req.context.sender)

    def execute_with_secret(
        self, req: Request, resp: falcon.Response, command: Command, context: Context, use: KeyUse | None = None
    ) -> str:
        """Execute a command for which a new secret is made. Write the key with its secret. Return the id of the key.

        A command with wrong fields, which is executed to be refused, gets no secret. `use` is that of the key before
        the command: after it, no query may fail, because the secret would be lost.
        """
        raw = None
        if isinstance(command, IssueKey | RotateKey):
            raw = new_secret(secrets.choice, key_prefix(context.org_id))
            command = msgspec.structs.replace(command, **stored_parts(raw))
        result = self.execute(req, command, context)
        resp.status = falcon.HTTP_201
        if result.is_replay:
            raw, use = None, self.use_of(req, result.id)
        write_key(resp, result, with_secret(result.body, raw, use))
        return result.id


class Keys(KeyResource):
    """The resource `/keys`. `GET` lists the organization's keys; `POST` creates one."""

    operations: ClassVar[dict[str, Operation]] = {"GET": operations.LIST, "POST": operations.CREATE}

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        self.require_managing_key(req)
        query = API_KEY_LIST.query(req.context.sender.owner.org_id, req.params)
        page = self._reads.list_page(req.context.sender, query)
        ids = [id_of(each) for each in page.objects]
        uses = self.uses(req, ids)
        keys = [to_json(each, uses.get(id)) for id, each in zip(ids, page.objects, strict=True)]
        write_list(req, resp, self._origin, keys, query.limit, page.next_cursor)

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        body, context = self.read_command_body(req), command_context(req)
        command: Command = parse_command(IssueKey, body, may_be_retry=context.retry is not None)
        id = self.execute_with_secret(req, resp, command, context)
        resp.set_header("Location", f"{self._origin(req)}{req.path}/{id}")


class KeyItem(KeyResource):
    """The resource of one key. `GET` returns it, and `PATCH` changes it."""

    operations: ClassVar[dict[str, Operation]] = {"GET": operations.GET, "PATCH": operations.UPDATE}

    def on_get(self, req: Request, resp: falcon.Response, id: str) -> None:
        refuse_parameters(req)
        self.require_managing_key(req)
        found = self._reads.get(req.context.sender, API_KEY_LIST, id)
        if found is None:
            raise NotFound(ApiKey.kind, id)
        resp.set_header("ETag", etag(found.version))
        resp.data = success(to_json(found.body, self.use_of(req, id)))

    def on_patch(self, req: Request, resp: falcon.Response, id: str) -> None:
        body = self.read_command_body(req)
        result = self.execute(req, parse_command(UpdateKey, body, id), command_context(req))
        write_key(resp, result, to_json(result.body, self.use_of(req, id)))


class KeyRotation(KeyResource):
    """The resource `/keys/{id}/rotate`. `POST` gives the key a new secret."""

    operations: ClassVar[dict[str, Operation]] = {"POST": operations.ROTATE}

    def on_post(self, req: Request, resp: falcon.Response, id: str) -> None:
        body = self.read_command_body(req)
        command: Command = parse_command(RotateKey, body, id)
        self.execute_with_secret(req, resp, command, command_context(req), self.use_of(req, id))


class KeyRevocation(KeyResource):
    """The resource `/keys/{id}/revoke`. `POST` revokes the key."""

    operations: ClassVar[dict[str, Operation]] = {"POST": operations.REVOKE}

    def on_post(self, req: Request, resp: falcon.Response, id: str) -> None:
        body = self.read_command_body(req)
        result = self.execute(req, parse_command(RevokeKey, body, id), command_context(req))
        resp.status = falcon.HTTP_201
        write_key(resp, result, to_json(result.body, self.use_of(req, id)))


def write_key(resp: falcon.Response, result: CommandResult, body: bytes) -> None:
    """Write the key after a command into the response."""
    resp.set_header("ETag", etag(result.version))
    mark_result(resp, result)
    resp.data = success(body)
