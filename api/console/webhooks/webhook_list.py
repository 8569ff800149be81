"""The page `/settings/webhooks`, which lists the organization's webhooks in a table."""

from __future__ import annotations

import falcon

from api.console.page import ConsolePage
from api.console.webhooks.base import PATH, row_for
from api.http.request import Request
from api.pages.factory import PageFactory
from api.ports.webhooks.reads import WebhookReads
from api.webhooks.resource import stored


class WebhookList(ConsolePage):
    """The list of webhooks, the newest first. There are few enough for one page."""

    def __init__(self, pages: PageFactory, reads: WebhookReads) -> None:
        super().__init__(pages)
        self._reads = reads

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        member = req.context.signed_in_member
        found = [stored(each) for each in self._reads.list_webhooks(member.org_id)]
        webhooks = [(row_for(member, each.row), each.progress) for each in found]
        self.render(req, resp, "webhooks/list.html", webhooks=webhooks, base=PATH)
