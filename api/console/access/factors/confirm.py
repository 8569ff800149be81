"""The page `/profile/factors/confirm`, on which the user gives a factor again, or else the password.

It comes before changes of factors, and before what else a stolen session must not do.
"""

from __future__ import annotations

import falcon

from api.console.access.cookies import BROWSER, cookie
from api.console.access.factors.base import PATH, AnswerPage
from api.console.access.login import WRONG_PASSWORD, own_path, refuse_throttled
from api.console.page import see_other
from api.http.request import Request
from api.ports.users import Throttled
from domain.accounts.user.factors import PASSKEY, TOTP


class Confirm(AnswerPage):
    """A user with a factor gives a factor, and any other user the password. Then the wanted page opens."""

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        self._show(req, resp, _wanted(str(req.params.get("next", ""))), "")

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        next_path = _wanted(req.context.sent_form.text("next"))
        problem = self._check_factor(req, resp) if self.state(req).factors else self._check_password(req, resp)
        if not problem:
            raise see_other(next_path)
        self._show(req, resp, next_path, problem)

    def _check_factor(self, req: Request, resp: falcon.Response) -> str:
        return self.check(req, resp)[1]

    def _check_password(self, req: Request, resp: falcon.Response) -> str:
        token, email = self.token(req), req.context.signed_in_member.email
        password, browser = req.context.sent_form.text("password"), cookie(req, BROWSER, self._origin(req))
        try:
            if self._factors.confirm_password(token, email, password, self._client(req), browser):
                return ""
        except Throttled as throttled:
            return refuse_throttled(resp, throttled)
        resp.status = 422
        return WRONG_PASSWORD

    def _show(self, req: Request, resp: falcon.Response, next_path: str, problem: str) -> None:
        state = self.state(req)
        request = self._factors.passkey_request(self.token(req), self._origin(req)) if state.has(PASSKEY) else None
        facts = {"has_factor": bool(state.factors), "has_app": state.has(TOTP), "request": request}
        self.render(req, resp, "factors/confirm.html", **facts, next=next_path, problem=problem)


def _wanted(path: str) -> str:
    """Return the page of this service to open after the proof; without one, that of the factors."""
    return own_path(path) or PATH
