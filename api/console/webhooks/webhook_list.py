"""The page `/settings/webhooks`, which lists the organization's webhooks in a table."""

from __future__ import annotations

import falcon

from api.account.webhooks.resource import Progress, stored
from api.console.long_lists import bytes_of, number_in, part_with
from api.console.page import ConsolePage
from api.console.webhooks.base import PATH, row_for
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.others_texts import short
from api.ports.webhooks.reads import WebhookReads
from projections.accounts.webhook import WebhookRow

_LIST_BYTES, _ROW_MARKUP, _TYPE_MARKUP = 46_000, 520, 28
"""How many bytes the list has on a page, and about how many of markup a webhook and each of its types have in it."""


class WebhookList(ConsolePage):
    """The list of webhooks, the newest first."""

    def __init__(self, pages: PageFactory, reads: WebhookReads) -> None:
        super().__init__(pages)
        self._reads = reads

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        member = req.context.signed_in_member
        found = [stored(each) for each in self._reads.list_webhooks(member.org_id)]
        webhooks = [(row_for(member, each.row), each.progress) for each in found]
        list_ = part_with(webhooks, number_in(req.params), _LIST_BYTES, _size)
        self.render(req, resp, "webhooks/list.html", webhooks=list_, base=PATH)


def _size(webhook: tuple[WebhookRow, Progress]) -> int:
    row, _progress = webhook
    types = sum(_TYPE_MARKUP + len(each) for each in row.types or ())
    return _ROW_MARKUP + types + bytes_of(short(row.url), short(row.description or ""))
