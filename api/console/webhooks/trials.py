"""The pages that try a webhook: send a test, send events again, and cancel that."""

from __future__ import annotations

from datetime import datetime

import falcon
import msgspec

from api.account.webhooks.bodies import ReplayWebhook
from api.account.webhooks.replays import MAX_EVENTS, begin_replay
from api.account.webhooks.testing import Samples, send_test, types_of
from api.console.forms.problems import sentence_about
from api.console.page import see_other
from api.console.webhooks.base import PATH, WebhookCommandPage
from api.http.address import ClientOf
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.translation import gettext as _
from api.pages.translation import marked
from api.ports.dependencies import Dependencies
from domain.errors import Invalid
from domain.errors.webhook import ReplayRunning
from domain.reading import InvalidValue
from domain.reading.when import read_since

_RUNNING = marked("An earlier replay has not ended. Wait for it, or cancel it.")
_TOO_MANY = marked("These are more than %(most)s events. Choose a later time.")


class TestPage(WebhookCommandPage):
    """`POST` sends a sample of an event, waits a moment, and shows the delivery."""

    def __init__(self, pages: PageFactory, dependencies: Dependencies, client: ClientOf, samples: Samples) -> None:
        super().__init__(pages, dependencies, client)
        self._samples = samples

    def on_post(self, req: Request, resp: falcon.Response, id: str) -> None:
        row, chosen = self.webhook(req, id).row, req.context.sent_form.text("type")
        type = chosen if chosen in types_of(row) else None
        delivery = send_test(self._webhooks, req.context.signed_in_member.org_id, row, type, self._samples)
        raise see_other(f"{PATH}/{id}/deliveries/{msgspec.json.decode(delivery)['id']}")


class ReplayPage(WebhookCommandPage):
    """`GET` asks from when on. `POST` begins to send the events again."""

    def on_get(self, req: Request, resp: falcon.Response, id: str) -> None:
        self._show(req, resp, id, "24h")

    def on_post(self, req: Request, resp: falcon.Response, id: str) -> None:
        member, text = req.context.signed_in_member, req.context.sent_form.text("since")
        row = self.webhook(req, id).row
        try:
            since: datetime = read_since(text, member.now).first_instant(member.time_zone)
        except InvalidValue as error:
            self._show(req, resp, id, text, sentence_about(marked("The time"), error))
            return
        try:
            begin_replay(self._webhooks, member.org_id, row, ReplayWebhook(since=since))
        except ReplayRunning:
            self._show(req, resp, id, text, _RUNNING)
        except Invalid:
            self._show(req, resp, id, text, _(_TOO_MANY, most=f"{MAX_EVENTS:,}"))
        else:
            raise see_other(f"{PATH}/{id}")

    def _show(self, req: Request, resp: falcon.Response, id: str, since: str, notice: str = "") -> None:
        if notice:
            resp.status = 422
        row = self.webhook(req, id).row
        self.render(req, resp, "webhooks/replay.html", webhook=row, since=since, notice=notice, base=PATH)


class CancelPage(WebhookCommandPage):
    """`POST` ends a replay."""

    def on_post(self, req: Request, resp: falcon.Response, id: str, replayId: str) -> None:  # noqa: N803 -- in the path
        self.webhook(req, id)
        self._webhooks.cancel_replay(req.context.signed_in_member.org_id, id, replayId)
        raise see_other(f"{PATH}/{id}")
