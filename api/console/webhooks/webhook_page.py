"""The page `/settings/webhooks/{id}`: how far a webhook is, and its deliveries, the newest first."""

from __future__ import annotations

import re

import falcon

from api.account.webhooks.testing import types_of
from api.console.page import ConsolePage
from api.console.webhooks.base import PATH, row_for, webhook_of
from api.http.request import Request
from api.pages.factory import PageFactory
from api.ports.webhooks.reads import WebhookReads

DELIVERIES_PER_PAGE = 30
REPLAYS = 5
_DELIVERY_ID = re.compile(r"dlv_[0-9A-Z]{1,40}", re.ASCII)


class WebhookPage(ConsolePage):
    """The page of one webhook."""

    def __init__(self, pages: PageFactory, reads: WebhookReads) -> None:
        super().__init__(pages)
        self._reads = reads

    def on_get(self, req: Request, resp: falcon.Response, id: str) -> None:
        member = req.context.signed_in_member
        org_id = member.org_id
        webhook = webhook_of(self._reads, org_id, id)
        before = text if _DELIVERY_ID.fullmatch(text := str(req.params.get("before", ""))) else None
        rows = self._reads.list_deliveries(org_id, id, before, DELIVERIES_PER_PAGE + 1)
        deliveries = rows[:DELIVERIES_PER_PAGE]
        older = f"{PATH}/{id}?before={deliveries[-1].id}" if len(rows) > DELIVERIES_PER_PAGE else ""
        self.render(
            req,
            resp,
            "webhooks/webhook.html",
            webhook=row_for(member, webhook.row),
            progress=webhook.progress,
            deliveries=deliveries,
            before=before,
            older=older,
            replays=self._reads.list_replays(org_id, id, REPLAYS),
            types=types_of(webhook.row),
            base=PATH,
        )
