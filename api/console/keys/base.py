"""The common parts of the pages for API keys: their path, finding a key, and executing commands on keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import falcon
import msgspec

from api.advice.credentials import KEYS_PAGE
from api.console.commands import CommandPage
from api.console.keys.sample import sample_for
from api.http.address import ClientOf
from api.http.origin import Origin
from api.http.request import Request
from api.pages.factory import PageFactory
from api.ports.dependencies import Dependencies
from api.ports.keys import KeyReads, KeyUse
from api.resource_type import ResourceType
from commands.command import Command, Retry
from domain.api_key import ACTIVE, ApiKey
from domain.errors import NotFound
from domain.reading import parse_instant
from projections.views.keys import WorkingSecret, list_working

PATH = KEYS_PAGE


def key_of(key_reads: KeyReads, org_id: str, id: str) -> KeyUse:
    """Return a key of the organization. Raises NotFound, also for a key of another organization."""
    keys = key_reads.list_keys(org_id, [id])
    if not keys:
        raise NotFound(ApiKey.kind, id)
    return keys[0]


class KeyCommandPage(CommandPage):
    """The base of the pages on which owners and admins create or change a key."""

    def __init__(
        self,
        pages: PageFactory,
        dependencies: Dependencies,
        origin: Origin,
        client: ClientOf,
        resource_types: Sequence[ResourceType],
    ) -> None:
        super().__init__(pages, dependencies.command_bus, client)
        self._key_reads, self._overview = dependencies.key_reads, dependencies.overview
        self._origin, self._resource_types = origin, resource_types

    def key(self, req: Request, id: str) -> KeyUse:
        """Return the key with this id. Raises NotFound."""
        return key_of(self._key_reads, req.context.signed_in_member.org_id, id)

    def execute_once(self, req: Request, command: Command, retry: Retry) -> tuple[dict[str, Any], bool]:
        """Execute the command of a form. Return the key as JSON, and whether this form was sent before."""
        result = self.execute(req, command, retry)
        return msgspec.json.decode(result.body, type=dict[str, Any]), result.is_replay

    def show_secret(
        self, req: Request, resp: falcon.Response, key: dict[str, Any], secret: str, *, is_rotation: bool
    ) -> None:
        """Show the page with the secret of a new or rotated key. Only this page shows the secret.

        The secret is not part of a URL, and caches may not store the page. The method does not use the database,
        because the secret would be lost if a query failed.
        """
        earlier = _earlier_secrets(key) if is_rotation else ()
        today = req.context.signed_in_member.now.date()
        sample = sample_for(self._origin(req), secret, key["scopes"], today, self._resource_types)
        facts = {"key": key, "raw": secret, "sample": sample, "earlier_secrets": earlier, "is_rotation": is_rotation}
        self.render(req, resp, "keys/created.html", **facts, base=PATH)

    def show_sent_before(self, req: Request, resp: falcon.Response, key: dict[str, Any], *, is_rotation: bool) -> None:
        """Respond to a form that was sent before: show the key that it created or rotated, without the secret."""
        resp.status = falcon.HTTP_409
        self.render(req, resp, "keys/sent_before.html", key=key, is_rotation=is_rotation, base=PATH)


def _earlier_secrets(key: dict[str, Any]) -> tuple[WorkingSecret, ...]:
    """Return the earlier secrets of a key that still work after the command that returned `key`."""
    return list_working(msgspec.json.encode(key["earlierSecrets"]), ACTIVE, parse_instant(key["updatedAt"]))
