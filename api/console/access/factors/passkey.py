"""The page `/profile/factors/passkey`, which adds a passkey. Only a script can ask the browser for one."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import falcon

from api.console.access.factors.base import PATH, FactorPage, needing_proof
from api.console.access.factors.new_codes import show_added
from api.console.page import see_other
from api.http.request import Request
from api.pages.translation import gettext as _
from api.pages.translation import marked
from api.ports.users.factors import FactorRefused
from domain.accounts.user.factors import name_problem

_FIRST_NAME = marked("My passkey")


def takes_passkeys(origin: str) -> bool:
    """Return whether browsers keep passkeys for this origin: its host is a name, and not an address."""
    try:
        ipaddress.ip_address(urlsplit(origin).hostname or "")
    except ValueError:
        return True
    return False


class AddPasskey(FactorPage):
    """`GET` shows the button for a new passkey. `POST` adds what the browser has created."""

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        self._show(req, resp, _(_FIRST_NAME), "")

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        self.proved_state(req)
        form = req.context.sent_form
        name = form.text("name").strip()
        problem = name_problem(name)
        with needing_proof(req):
            problem = problem or self._add(req, resp, form.text("passkey"), name)
        if problem:
            resp.status = 422
            self._show(req, resp, name, problem)

    def _add(self, req: Request, resp: falcon.Response, answer: str, name: str) -> str:
        """Add the passkey, and respond. If it cannot be added, return why."""
        if not self._factors.can_add:
            raise see_other(PATH)
        try:
            codes = self._factors.add_passkey(self.token(req), answer, self._origin(req), name, self._client(req))
        except FactorRefused as refused:
            return str(refused)
        show_added(self, req, resp, codes)
        return ""

    def _show(self, req: Request, resp: falcon.Response, name: str, problem: str) -> None:
        self.proved_state(req)
        origin = self._origin(req)
        if not (self._factors.can_add and takes_passkeys(origin)):
            raise see_other(PATH)
        with needing_proof(req):
            creation = self._factors.passkey_creation(self.token(req), origin)
        self.render(req, resp, "factors/passkey.html", creation=creation, name=name, problem=problem, base=PATH)
