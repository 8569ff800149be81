"""The page `/settings/developer/keys/{id}/edit`, which changes a key's name, scopes and limits."""

from __future__ import annotations

from typing import ClassVar

import falcon
from msgspec import UNSET

from api.console.commands import EXPIRED_FORM
from api.console.forms.tokens import new_form_token, read_version, retry_of
from api.console.keys.base import PATH, KeyCommandPage
from api.console.keys.form import KeyForm, key_form_of, problems_of, read_key_form
from api.console.keys.seen import execute_on_seen
from api.console.page import see_other
from api.http.request import Request
from api.openapi.texts import SCOPE_TEXTS
from api.pages.translation import marked
from api.ports.keys import KeyUse
from commands.accounts.api_key import UpdateKey
from domain.errors import Invalid, StaleVersion
from domain.errors.api_key import KeyNotActive

CHANGED_MEANWHILE = marked(
    "Somebody has changed this key since you opened the page. Check the present values and save again."
)


class EditKeyPage(KeyCommandPage):
    """`GET` shows the key's fields in a form. `POST` changes the key."""

    needs_proof: ClassVar[bool] = True

    def on_get(self, req: Request, resp: falcon.Response, id: str) -> None:
        key = self.key(req, id)
        self._show(req, resp, key, key_form_of(key, req.context.signed_in_member.time_zone))

    def on_post(self, req: Request, resp: falcon.Response, id: str) -> None:
        member = req.context.signed_in_member
        key, sent = self.key(req, id), req.context.sent_form
        form = read_key_form(sent, member.time_zone, member.now)
        retry, version = retry_of(req), read_version(sent.text("version"))
        if form.problems or retry is None or version is None:
            self._show(req, resp, key, form, 422, "" if form.problems else EXPIRED_FORM)
            return
        try:
            command = _command(key, form, member.time_zone)
            execute_on_seen(self, self._overview, req, command, retry, version)
        except Invalid as error:
            form.problems = problems_of(error.violations)
            self._show(req, resp, key, form, 422)
        except KeyNotActive:
            self._show(req, resp, self.key(req, id), form, 409)  # it says why the key cannot be changed
        except StaleVersion:
            key = self.key(req, id)
            self._show(req, resp, key, key_form_of(key, member.time_zone), 409, CHANGED_MEANWHILE)
        else:
            raise see_other(f"{PATH}/keys/{id}")

    def _show(
        self, req: Request, resp: falcon.Response, key: KeyUse, form: KeyForm, status: int = 200, notice: str = ""
    ) -> None:
        resp.status = status
        token = new_form_token(req.context.signed_in_member.now)
        facts = {"key": key, "form": form, "scopes": SCOPE_TEXTS, "notice": notice, "form_token": token}
        self.render(req, resp, "keys/edit.html", **facts, base=PATH)


def _command(key: KeyUse, form: KeyForm, time_zone: str) -> UpdateKey:
    """Return the command of a form. A last day that was not changed keeps the time of expiry within that day."""
    is_same_day = form.expires == key_form_of(key, time_zone).expires
    return UpdateKey(
        id=key.id,
        name=form.name,
        scopes=form.scopes,
        credit_limit=form.credit_limit,
        expires_at=UNSET if is_same_day else form.expires_at,
        manages_keys=form.manages_keys,
        allowed_cidrs=form.allowed_cidrs,
        burst=form.burst_limit,
    )
