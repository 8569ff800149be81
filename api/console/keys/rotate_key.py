"""The page `/settings/developer/keys/{id}/rotate`, which gives a key a new secret.

The current secret keeps working for the overlap that the user chooses.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

import falcon

from api.console.commands import EXPIRED_FORM
from api.console.form_tokens import new_form_token, retry_of
from api.console.keys.base import PATH, KeyCommandPage
from api.console.overlaps import OVERLAPS, hours_of, parse_overlap
from api.http.request import Request
from api.ports.keys import KeyUse
from commands.api_key import RotateKey
from commands.command import Retry
from domain.accounts.key_secret import new_secret, stored_parts
from domain.api_key import ACTIVE, DEFAULT_OVERLAP
from domain.errors import Invalid, KeyNotActive


class RotateKeyPage(KeyCommandPage):
    """`GET` shows the form with the choice of the overlap. `POST` rotates the key and shows its new secret."""

    def on_get(self, req: Request, resp: falcon.Response, id: str) -> None:
        self._show(req, resp, self.key(req, id), hours_of(DEFAULT_OVERLAP))

    def on_post(self, req: Request, resp: falcon.Response, id: str) -> None:
        form = req.context.sent_form
        chosen = form.text("overlap")
        key, retry = self.key(req, id), retry_of(req)
        if retry is None:
            self._show(req, resp, key, chosen, EXPIRED_FORM)
            return
        try:
            self._rotate(req, resp, key, parse_overlap(chosen, DEFAULT_OVERLAP), retry)
        except Invalid as error:
            self._show(req, resp, key, chosen, f"The {error}")
        except KeyNotActive:
            resp.status = 409
            self._show(req, resp, self.key(req, id), chosen)

    def _rotate(self, req: Request, resp: falcon.Response, key: KeyUse, overlap: timedelta, retry: Retry) -> None:
        if key.state != ACTIVE:
            raise KeyNotActive(key.state)
        raw = new_secret(secrets.choice)
        command = RotateKey(id=key.id, overlap=overlap, **stored_parts(raw))
        rotated, is_replay = self.execute_once(req, command, retry)
        if is_replay:
            self.show_sent_before(req, resp, rotated, is_rotation=True)
        else:
            self.show_secret(req, resp, rotated, raw, is_rotation=True)

    def _show(self, req: Request, resp: falcon.Response, key: KeyUse, chosen: str, notice: str = "") -> None:
        if notice:
            resp.status = 422
        facts = {
            "overlaps": OVERLAPS,
            "chosen": chosen,
            "notice": notice,
            "form_token": new_form_token(req.context.signed_in_member.now),
        }
        self.render(req, resp, "rotate.html", key=key, **facts, base=PATH)
