"""The page of one delivery: what was sent, and what the receiver answered to each attempt."""

from __future__ import annotations

import falcon
import msgspec
from markupsafe import escape

from api.console.access.rights import check_readable
from api.console.long_lists import EVERYTHING, SHOW, bytes_of, part_with
from api.console.page import see_other
from api.console.webhooks.base import PATH, WebhookCommandPage, row_for, webhook_of
from api.http.address import ClientOf
from api.http.request import Request
from api.pages.factory import PageFactory
from api.ports.dependencies import Dependencies
from api.ports.webhooks.reads import Attempt, DeliveryRow
from domain.errors import NotFound
from domain.registry import kind_of
from projections.views.deliveries import wrap_event
from projections.views.events import EventsQuery

_ATTEMPTS_BYTES, _ATTEMPT_MARKUP, _BODY_BYTES = 18_000, 220, 24_000
"""How many bytes of the page the attempts and the body take at most; an attempt has about so many of markup."""
_MORE = "\n…"
"""The end of a body that is not shown as a whole."""


class DeliveryPage(WebhookCommandPage):
    """`GET` shows a delivery to users whose role shows its object. `POST` attempts it now."""

    managers_only = False

    def __init__(self, pages: PageFactory, dependencies: Dependencies, client: ClientOf) -> None:
        super().__init__(pages, dependencies, client)
        self._event_reads = dependencies.event_reads

    def on_get(self, req: Request, resp: falcon.Response, id: str, deliveryId: str) -> None:  # noqa: N803 -- in the path
        member = req.context.signed_in_member
        org_id = member.org_id
        webhook = row_for(member, webhook_of(self._reads, org_id, id).row)
        delivery = self._reads.get_delivery(org_id, id, deliveryId)
        if delivery is None:
            raise NotFound("delivery", deliveryId)
        check_readable(member, kind_of(delivery.type))
        body, attempts = self._body(org_id, delivery), delivery.attempts[::-1]
        if req.params.get(SHOW) != EVERYTHING:
            body, attempts = _beginning(body), tuple(part_with(attempts, 1, _ATTEMPTS_BYTES, _size).rows)
        self.render(
            req,
            resp,
            "webhooks/delivery.html",
            webhook=webhook,
            delivery=delivery,
            attempts=attempts,
            body=body,
            is_cut=body.endswith(_MORE),
            base=PATH,
        )

    def on_post(self, req: Request, resp: falcon.Response, id: str, deliveryId: str) -> None:  # noqa: N803 -- in the path
        self.webhook(req, id)
        attempted = self._webhooks.retry(req.context.signed_in_member.org_id, id, deliveryId)
        if attempted is None:
            raise NotFound("delivery", deliveryId)
        raise see_other(f"{PATH}/{id}/deliveries/{attempted}")

    def _body(self, org_id: str, delivery: DeliveryRow) -> str:
        """Return the body of the delivery, with lines and indents for people."""
        body = delivery.sample
        if body is None:
            query = EventsQuery(names=(delivery.type,), limit=1, start=delivery.position - 1, with_objects=True)
            (event,) = self._event_reads.list_events(org_id, query).items
            body = wrap_event(delivery.type, event)
        return msgspec.json.format(body, indent=2).decode()


def _size(attempt: Attempt) -> int:
    return _ATTEMPT_MARKUP + bytes_of(escape(attempt.response or ""), attempt.error or "")


def _beginning(body: str) -> str:
    """Return the first lines of the body, as many as the page has bytes for."""
    lines = part_with(body.splitlines(), 1, _BODY_BYTES, lambda line: 1 + bytes_of(escape(line)))
    return body if len(lines.parts) == 1 else "\n".join(lines.rows) + _MORE
