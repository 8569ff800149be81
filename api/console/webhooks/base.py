"""The common parts of the pages for webhooks: their path, finding a webhook, and showing a new secret."""

from __future__ import annotations

import falcon
import msgspec

from api.account.webhooks.resource import StoredWebhook, stored
from api.console.access.rights import url_for
from api.console.commands import CommandPage
from api.http.address import ClientOf
from api.http.request import Request
from api.pages.factory import PageFactory
from api.ports.dependencies import Dependencies
from api.ports.users import Member
from api.ports.webhooks.reads import WebhookReads
from domain.errors import NotFound
from domain.reading import parse_instant
from domain.webhook import Webhook
from projections.accounts.webhook import WebhookRow

PATH = "/settings/webhooks"


def webhook_of(reads: WebhookReads, org_id: str, id: str) -> StoredWebhook:
    """Return a webhook of the organization. Raises NotFound, also for a webhook of another organization."""
    found = reads.list_webhooks(org_id, id)
    if not found:
        raise NotFound(Webhook.kind, id)
    return stored(found[0])


def row_for(member: Member, row: WebhookRow) -> WebhookRow:
    """Return what the user may see of a webhook: only owners and admins see its whole URL."""
    return msgspec.structs.replace(row, url=url_for(member, row.url))


class WebhookCommandPage(CommandPage):
    """The base of the pages on which owners and admins create, change or try a webhook."""

    def __init__(self, pages: PageFactory, dependencies: Dependencies, client: ClientOf) -> None:
        super().__init__(pages, dependencies.command_bus, client)
        self._webhooks, self._reads = dependencies.webhooks, dependencies.webhook_reads

    def webhook(self, req: Request, id: str) -> StoredWebhook:
        """Return the webhook with this id. Raises NotFound."""
        return webhook_of(self._reads, req.context.signed_in_member.org_id, id)

    def show_secret(
        self, req: Request, resp: falcon.Response, row: WebhookRow, secret: str | None, *, is_rotation: bool
    ) -> None:
        """Show the page with the secret of a new or rotated webhook. Only this page shows the secret.

        `secret` is None for a form that was sent before: its secret cannot be shown again.
        """
        if secret is None:
            resp.status = falcon.HTTP_409
        both_until = None if row.previous_until is None else parse_instant(row.previous_until)
        facts = {"webhook": row, "secret": secret, "both_until": both_until, "is_rotation": is_rotation}
        self.render(req, resp, "webhooks/secret.html", **facts, base=PATH)
