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
from api.console.keys.form import OVERLAPS
from api.http.request import Request
from api.ports.keys import KeyUse
from commands.api_key import RotateKey
from commands.command import Retry
from domain.accounts.key_secret import new_secret, stored_parts
from domain.api_key import ACTIVE, DEFAULT_OVERLAP
from domain.errors import VALIDATION_FAILED, Invalid, KeyNotActive, Violation
from domain.reading import InvalidValue, parse_whole_number

_MANY_HOURS = 10**6
"""Larger numbers of hours are reduced to this number, because a timedelta cannot hold them. It is refused, too."""


class RotateKeyPage(KeyCommandPage):
    """`GET` shows the form with the choice of the overlap. `POST` rotates the key and shows its new secret."""

    def on_get(self, req: Request, resp: falcon.Response, id: str) -> None:
        self._show(req, resp, self.key(req, id), _hours(DEFAULT_OVERLAP))

    def on_post(self, req: Request, resp: falcon.Response, id: str) -> None:
        form = req.context.sent_form
        chosen = form.text("overlap")
        key, retry = self.key(req, id), retry_of(req)
        if retry is None:
            self._show(req, resp, key, chosen, EXPIRED_FORM)
            return
        try:
            self._rotate(req, resp, key, _overlap(chosen), retry)
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


def _overlap(hours: str) -> timedelta:
    """Return the chosen overlap; DEFAULT_OVERLAP for an empty text. Raises Invalid if it is not a number of hours."""
    try:
        return timedelta(hours=min(parse_whole_number(hours), _MANY_HOURS)) if hours else DEFAULT_OVERLAP
    except InvalidValue:
        raise Invalid([Violation("overlap", VALIDATION_FAILED, "must be a number of hours, such as 24")]) from None


def _hours(overlap: timedelta) -> str:
    return str(overlap // timedelta(hours=1))
