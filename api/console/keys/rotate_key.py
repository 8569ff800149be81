"""The page `/settings/developer/keys/{id}/rotate`, which gives a key a new secret."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any, ClassVar

import falcon

from api.console.keys.base import PATH, KeyCommandPage
from api.console.settings.rotation import RotationForm
from api.http.request import Request
from commands.accounts.api_key import RotateKey
from commands.command import Retry
from domain.accounts.key_secret import new_secret, stored_parts
from domain.api_key import ACTIVE, DEFAULT_OVERLAP
from domain.errors.api_key import KeyNotActive


class RotateKeyPage(RotationForm, KeyCommandPage):
    """The current secret keeps working for the overlap that the user chooses."""

    default_overlap: ClassVar[timedelta] = DEFAULT_OVERLAP
    template: ClassVar[str] = "keys/rotate.html"
    base: ClassVar[str] = PATH

    def subject(self, req: Request, id: str) -> dict[str, Any]:
        return {"key": self.key(req, id)}

    def replace_secret(self, req: Request, resp: falcon.Response, id: str, overlap: timedelta, retry: Retry) -> None:
        try:
            self._rotate(req, resp, id, overlap, retry)
        except KeyNotActive:
            resp.status = 409
            self.show_form(req, resp, id, "")  # it says why the key cannot be rotated

    def _rotate(self, req: Request, resp: falcon.Response, id: str, overlap: timedelta, retry: Retry) -> None:
        key = self.key(req, id)
        if key.state != ACTIVE:
            raise KeyNotActive(key.state, "rotated")
        raw = new_secret(secrets.choice, req.context.signed_in_member.key_prefix)
        command = RotateKey(id=key.id, overlap=overlap, **stored_parts(raw))
        rotated, is_replay = self.execute_once(req, command, retry)
        if is_replay:
            self.show_sent_before(req, resp, rotated, is_rotation=True)
        else:
            self.show_secret(req, resp, rotated, raw, is_rotation=True)
