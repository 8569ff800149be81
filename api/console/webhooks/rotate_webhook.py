"""The page `/settings/webhooks/{id}/rotate`, which gives a webhook a new secret."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

import falcon
import msgspec

from api.console.settings.rotation import RotationForm
from api.console.webhooks.base import PATH, WebhookCommandPage
from api.http.request import Request
from commands.accounts.webhook import RotateWebhook
from commands.command import Retry
from domain.webhook import DEFAULT_SECRET_OVERLAP
from projections.accounts.webhook import WebhookRow


class RotateWebhookPage(RotationForm, WebhookCommandPage):
    """For the overlap that the user chooses, deliveries are signed with the earlier secret, too."""

    default_overlap: ClassVar[timedelta] = DEFAULT_SECRET_OVERLAP
    template: ClassVar[str] = "webhooks/rotate.html"
    base: ClassVar[str] = PATH

    def subject(self, req: Request, id: str) -> dict[str, Any]:
        return {"webhook": self.webhook(req, id).row}

    def replace_secret(self, req: Request, resp: falcon.Response, id: str, overlap: timedelta, retry: Retry) -> None:
        made = self._webhooks.make_secret(req.context.signed_in_member.org_id)
        result = self.execute(req, RotateWebhook(id=id, overlap=overlap, secret_id=made.id), retry)
        row = msgspec.json.decode(result.body, type=WebhookRow)
        self.show_secret(req, resp, row, None if result.is_replay else made.secret, is_rotation=True)
