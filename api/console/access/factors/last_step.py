"""The page `/login/factor`, the last step of a log-in: a user with a second factor gives it after the password."""

from __future__ import annotations

from typing import ClassVar

import falcon

from api.console.access.factors.base import AnswerPage
from api.console.access.login import FIRST_PAGE, begin_session, own_path
from api.console.page import see_other
from api.http.address import ClientOf
from api.http.origin import Origin
from api.http.request import Request
from api.pages.factory import PageFactory
from api.ports.users import Users
from api.ports.users.factors import Factors, FactorState
from domain.accounts.user.factors import PASSKEY, TOTP


class LastStep(AnswerPage):
    """The form begins the session of a pending log-in. Without one, the page leads to the log-in."""

    public: ClassVar[bool] = True

    def __init__(self, pages: PageFactory, users: Users, factors: Factors, origin: Origin, client: ClientOf) -> None:
        super().__init__(pages, factors, origin, client)
        self._users = users

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        self._show(req, resp, own_path(str(req.params.get("next", ""))), "")

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        next_path = own_path(req.context.sent_form.text("next"))
        _pending(req, next_path)
        session, problem = self.check(req, resp)
        if session is None:
            self._show(req, resp, next_path, problem)
            return
        begin_session(req, resp, self._users, session, self._origin(req), self._client(req))
        raise see_other(next_path or FIRST_PAGE)

    def _show(self, req: Request, resp: falcon.Response, next_path: str, problem: str) -> None:
        state = _pending(req, next_path)
        request = self._factors.passkey_request(self.token(req), self._origin(req)) if state.has(PASSKEY) else None
        facts = {"email": state.email, "has_app": state.has(TOTP), "request": request, "next": next_path}
        self.render(req, resp, "factors/last_step.html", **facts, problem=problem)


def _pending(req: Request, next_path: str) -> FactorState:
    """Return the pending log-in of the browser. Without one, redirect to the wanted page."""
    if req.context.pending_login is None:
        raise see_other(next_path or (FIRST_PAGE if req.context.member else "/login"))
    return req.context.pending_login
