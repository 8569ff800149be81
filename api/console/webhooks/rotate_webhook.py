"""The page `/settings/webhooks/{id}/rotate`, which gives a webhook a new secret."""

from __future__ import annotations

from datetime import timedelta

import falcon
import msgspec

from api.console.commands import EXPIRED_FORM
from api.console.form_tokens import new_form_token, retry_of
from api.console.overlaps import OVERLAPS, hours_of, parse_overlap
from api.console.webhooks.base import PATH, WebhookCommandPage
from api.http.request import Request
from commands.webhook import RotateWebhook
from domain.errors import Invalid
from domain.webhook import DEFAULT_SECRET_OVERLAP
from projections.webhook import WebhookRow


class RotateWebhookPage(WebhookCommandPage):
    """`GET` shows the form with the choice of the overlap. `POST` makes the new secret and shows it."""

    def on_get(self, req: Request, resp: falcon.Response, id: str) -> None:
        self._show(req, resp, id, hours_of(DEFAULT_SECRET_OVERLAP))

    def on_post(self, req: Request, resp: falcon.Response, id: str) -> None:
        chosen, retry = req.context.sent_form.text("overlap"), retry_of(req)
        if retry is None:
            self._show(req, resp, id, chosen, EXPIRED_FORM)
            return
        try:
            overlap: timedelta = parse_overlap(chosen, DEFAULT_SECRET_OVERLAP)
            made = self._webhooks.make_secret(req.context.signed_in_member.org_id)
            result = self.execute(req, RotateWebhook(id=id, overlap=overlap, secret_id=made.id), retry)
        except Invalid as error:
            self._show(req, resp, id, chosen, f"The {error}")
            return
        row = msgspec.json.decode(result.body, type=WebhookRow)
        self.show_secret(req, resp, row, None if result.is_replay else made.secret, is_rotation=True)

    def _show(self, req: Request, resp: falcon.Response, id: str, chosen: str, notice: str = "") -> None:
        if notice:
            resp.status = 422
        token = new_form_token(req.context.signed_in_member.now)
        facts = {"overlaps": OVERLAPS, "chosen": chosen, "notice": notice, "form_token": token}
        self.render(req, resp, "webhooks/rotate.html", webhook=self.webhook(req, id).row, **facts, base=PATH)
