"""The page `/profile/factors/app`, which adds an app that shows a new code each 30 seconds."""

from __future__ import annotations

import falcon
import segno
from markupsafe import Markup

from api.console.access.factors.base import PATH, FactorPage, needing_proof
from api.console.access.factors.new_codes import show_added
from api.console.page import see_other
from api.http.request import Request
from api.pages.translation import gettext as _
from api.pages.translation import marked
from api.ports.users.factors import FactorRefused, NewApp
from domain.accounts.user.factors import name_problem

_WRONG = marked("This code is not right. Check the time of your device, and enter the code that the app shows now.")
_FIRST_NAME = marked("My phone")


class AddApp(FactorPage):
    """`GET` shows a new secret as a QR code and as text. `POST` adds the app, if its first code is right.

    Until then nothing is stored: the form contains the secret, encrypted.
    """

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        self.proved_state(req)
        if not self._factors.can_add:
            raise see_other(PATH)
        with needing_proof(req):
            self._show(req, resp, self._factors.new_app(self.token(req)), _(_FIRST_NAME), "")

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        self.proved_state(req)
        form = req.context.sent_form
        name = form.text("name").strip()
        with needing_proof(req):
            try:
                app = self._factors.read_app(self.token(req), form.text("sealed")) if self._factors.can_add else None
            except FactorRefused as refused:
                app, problem = self._factors.new_app(self.token(req)), str(refused)
            else:
                if app is None:
                    raise see_other(req.path)
                problem = name_problem(name) or self._add(req, resp, app, name)
        if problem:
            resp.status = 422
            self._show(req, resp, app, name, problem)

    def _add(self, req: Request, resp: falcon.Response, app: NewApp, name: str) -> str:
        """Add the app, and respond. If it cannot be added, return why."""
        try:
            codes = self._factors.add_app(
                self.token(req), app, req.context.sent_form.text("code"), name, self._client(req)
            )
        except FactorRefused as refused:
            return str(refused)
        if codes is None:
            return _WRONG
        show_added(self, req, resp, codes)
        return ""

    def _show(self, req: Request, resp: falcon.Response, app: NewApp, name: str, problem: str) -> None:
        drawn = segno.make(app.uri, error="m").svg_inline(omitsize=True, light="#fff", svgclass="qr")
        groups = [app.secret[start : start + 4] for start in range(0, len(app.secret), 4)]
        facts = {"secret": " ".join(groups), "sealed": app.sealed}
        facts["picture"] = Markup(drawn)  # noqa: S704 -- squares that segno has drawn
        self.render(req, resp, "factors/app.html", **facts, name=name, problem=problem, base=PATH)
