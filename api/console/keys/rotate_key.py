"""`/settings/developer/keys/{id}/rotate`: a new secret for a key; the current one works on for a chosen time."""

from __future__ import annotations

import secrets
from datetime import timedelta

import falcon

from api.console.form_tokens import new_form_token, retry_of
from api.console.forms import Form
from api.console.keys.base import EXPIRED_FORM, PATH, KeyCommandPage
from api.console.keys.form import OVERLAPS
from commands.api_key import RotateKey
from domain.api_key import DEFAULT_OVERLAP
from domain.key_secret import hash_secret, new_secret


class RotateKeyPage(KeyCommandPage):
    """The choice of the overlap, and the page with the new secret."""

    def on_get(self, req: falcon.Request, resp: falcon.Response, id: str) -> None:
        self._show(req, resp, id, _hours(DEFAULT_OVERLAP))

    def on_post(self, req: falcon.Request, resp: falcon.Response, id: str) -> None:
        form: Form = req.context.form
        chosen = form.text("overlap")
        overlap = timedelta(hours=int(chosen)) if chosen in OVERLAPS else DEFAULT_OVERLAP
        retry = retry_of(req)
        if retry is None:
            self._show(req, resp, id, chosen, EXPIRED_FORM)
            return
        raw = new_secret(secrets.choice)
        command = RotateKey(id=id, key_hash=hash_secret(raw).hex(), last_four=raw[-4:], overlap=overlap)
        key, is_replay = self.execute(req, command, retry)
        if is_replay:
            self.show_sent_before(req, resp, key, is_rotation=True)
        else:
            self.show_secret(req, resp, key, raw, overlap=OVERLAPS[_hours(overlap)])

    def _show(self, req: falcon.Request, resp: falcon.Response, id: str, chosen: str, notice: str = "") -> None:
        key = self.key(req, id)
        if notice:
            resp.status = 422
        facts = {"overlaps": OVERLAPS, "chosen": chosen, "notice": notice, "form_token": new_form_token()}
        self.render(req, resp, "rotate.html", key=key, **facts, base=PATH)


def _hours(overlap: timedelta) -> str:
    return str(overlap // timedelta(hours=1))
