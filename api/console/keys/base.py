"""What the pages of API keys share: their path, finding a key, and executing a command as the signed-in user."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import falcon
import msgspec

from api.console.keys.sample import sample_for
from api.console.page import ConsolePage
from api.http.origin import Origin
from api.http.request import Request
from api.pages.factory import PageFactory
from api.ports.dependencies import Dependencies
from api.ports.keys import KeyReads, KeyUse
from api.resource_type import ResourceType
from commands.command import Actor, Command, Context, Retry
from domain.api_key import ApiKey
from domain.errors import NotFound

PATH = "/settings/developer"
EXPIRED_FORM = "This page was open for too long, so nothing was changed. Check the form and send it again."


def key_of(key_reads: KeyReads, org_id: str, id: str) -> KeyUse:
    """Return the organization's key. Raises NotFound, also for a key of another organization."""
    keys = key_reads.list_keys(org_id, id)
    if not keys:
        raise NotFound(ApiKey.kind, id)
    return keys[0]


class KeyCommandPage(ConsolePage):
    """A page on which owners and admins change a key."""

    managers_only: ClassVar[bool] = True

    def __init__(
        self, pages: PageFactory, dependencies: Dependencies, origin: Origin, resource_types: Sequence[ResourceType]
    ) -> None:
        super().__init__(pages)
        self._resource_types = resource_types
        self._command_bus, self._key_reads, self._origin = dependencies.command_bus, dependencies.key_reads, origin

    def key(self, req: Request, id: str) -> KeyUse:
        """Return the key of this page. Raises NotFound."""
        return key_of(self._key_reads, req.context.signed_in.org_id, id)

    def execute(self, req: Request, command: Command, retry: Retry | None = None) -> tuple[dict[str, Any], bool]:
        """Execute a command as the signed-in user; return the key, and whether the same form was sent before."""
        member = req.context.signed_in
        actor = Actor("user", member.user_id)
        context = Context(org_id=member.org_id, actor=actor, request_id=req.context.request_id, retry=retry)
        result = self._command_bus.execute(command, context)
        return msgspec.json.decode(result.body, type=dict[str, Any]), result.is_replay

    def show_secret(
        self, req: Request, resp: falcon.Response, key: dict[str, Any], secret: str, *, is_rotation: bool
    ) -> None:
        """Show the raw key. No other page shows the key. It is in no URL, and no cache may keep this page."""
        earlier = self.key(req, key["id"]).earlier_secrets if is_rotation else ()
        today = req.context.signed_in.now.date()
        sample = sample_for(self._origin(req), secret, key["scopes"], today, self._resource_types)
        facts = {"key": key, "raw": secret, "sample": sample, "earlier_secrets": earlier, "is_rotation": is_rotation}
        self.render(req, resp, "key_created.html", **facts, base=PATH)

    def show_sent_before(self, req: Request, resp: falcon.Response, key: dict[str, Any], *, is_rotation: bool) -> None:
        """Respond to a form that was sent before: show what it did the first time, without the secret."""
        resp.status = falcon.HTTP_409
        self.render(req, resp, "key_sent_before.html", key=key, is_rotation=is_rotation, base=PATH)
