"""The pages that change a webhook: pause it, set it active again, and delete it."""

from __future__ import annotations

import falcon

from api.console.page import see_other
from api.console.webhooks.base import PATH, WebhookCommandPage
from api.http.request import Request
from commands.accounts.webhook import FROM_CURSOR, FROM_NOW, DeleteWebhook, UpdateWebhook
from domain.webhook import ACTIVE, PAUSED


class PausePage(WebhookCommandPage):
    """`POST` stops the deliveries of a webhook."""

    def on_post(self, req: Request, resp: falcon.Response, id: str) -> None:
        self.execute(req, UpdateWebhook(id=id, status=PAUSED))
        raise see_other(f"{PATH}/{id}")


class ResumePage(WebhookCommandPage):
    """`GET` asks where to go on. `POST` sets a paused or disabled webhook active again."""

    def on_get(self, req: Request, resp: falcon.Response, id: str) -> None:
        webhook = self.webhook(req, id)
        self.render(req, resp, "webhooks/resume.html", webhook=webhook.row, progress=webhook.progress, base=PATH)

    def on_post(self, req: Request, resp: falcon.Response, id: str) -> None:
        starts = FROM_NOW if req.context.sent_form.text("from") == FROM_NOW else FROM_CURSOR
        self.execute(req, UpdateWebhook(id=id, status=ACTIVE, starts=starts))
        raise see_other(f"{PATH}/{id}")


class DeletePage(WebhookCommandPage):
    """`GET` asks the user to confirm. `POST` deletes the webhook."""

    def on_get(self, req: Request, resp: falcon.Response, id: str) -> None:
        webhook = self.webhook(req, id)
        self.render(req, resp, "webhooks/delete.html", webhook=webhook.row, progress=webhook.progress, base=PATH)

    def on_post(self, req: Request, resp: falcon.Response, id: str) -> None:
        self.execute(req, DeleteWebhook(id=id))
        raise see_other(PATH)
