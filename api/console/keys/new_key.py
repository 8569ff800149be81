"""The page `/settings/developer/new` with the form for a new key. Only the response to the form shows the secret."""

from __future__ import annotations

import secrets
from typing import ClassVar

import falcon

from api.console.commands import EXPIRED_FORM
from api.console.forms.tokens import new_form_token, retry_of
from api.console.keys.base import PATH, KeyCommandPage
from api.console.keys.form import KeyForm, problems_of, read_key_form
from api.http.request import Request
from api.openapi.texts import SCOPE_TEXTS
from commands.accounts.api_key import IssueKey
from domain.accounts.key_secret import new_secret, stored_parts
from domain.errors import Invalid


class NewKey(KeyCommandPage):
    """`GET` shows the form for a new key. `POST` creates the key and shows its secret."""

    needs_proof: ClassVar[bool] = True

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        self._show(req, resp, KeyForm())

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        member = req.context.signed_in_member
        new_key = read_key_form(req.context.sent_form, member.time_zone, member.now)
        retry = retry_of(req)
        if new_key.problems or retry is None:
            self._show(req, resp, new_key, notice="" if new_key.problems else EXPIRED_FORM)
            return
        raw = new_secret(secrets.choice, member.key_prefix)
        try:
            key, is_replay = self.execute_once(req, _command(new_key, raw), retry)
        except Invalid as error:
            new_key.problems = problems_of(error.violations)
            self._show(req, resp, new_key)
            return
        if is_replay:
            self.show_sent_before(req, resp, key, is_rotation=False)
        else:
            self.show_secret(req, resp, key, raw, is_rotation=False)

    def _show(self, req: Request, resp: falcon.Response, new_key: KeyForm, notice: str = "") -> None:
        if new_key.problems or notice:
            resp.status = 422
        facts = {
            "form": new_key,
            "scopes": SCOPE_TEXTS,
            "notice": notice,
            "form_token": new_form_token(req.context.signed_in_member.now),
        }
        self.render(req, resp, "keys/new.html", **facts, base=PATH)


def _command(new_key: KeyForm, raw: str) -> IssueKey:
    return IssueKey(
        name=new_key.name,
        scopes=new_key.scopes,
        credit_limit=new_key.credit_limit,
        expires_at=new_key.expires_at,
        manages_keys=new_key.manages_keys,
        allowed_cidrs=new_key.allowed_cidrs,
        burst=new_key.burst_limit,
        **stored_parts(raw),
    )
