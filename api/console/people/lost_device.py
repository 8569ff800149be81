"""The page that takes the second factors of somebody away who has lost the device and has no recovery code left."""

from __future__ import annotations

import falcon

from api.console.access.factors.base import needing_proof
from api.console.page import see_other
from api.console.people.base import PATH, PeopleCommandPage, require_live_mode
from api.http.request import Request
from api.ports.users.factors import FactorRefused


class LostDevicePage(PeopleCommandPage):
    """`GET` asks whether to remove all factors of somebody. `POST` removes them, and ends the person's sessions.

    Both need a proof of who the user is, as changes of the own factors do.
    """

    def on_get(self, req: Request, resp: falcon.Response, id: str) -> None:
        require_live_mode(req.context.signed_in_member)
        self.require_proof(req, req.path)
        self._show(req, resp, id, "")

    def on_post(self, req: Request, resp: falcon.Response, id: str) -> None:
        require_live_mode(req.context.signed_in_member)
        try:
            with needing_proof(req):
                self._factors.reset_member(self.token(req), id, self._client(req))
        except FactorRefused as refused:
            resp.status = 409
            self._show(req, resp, id, str(refused))
        else:
            raise see_other(f"{PATH}/{id}")

    def _show(self, req: Request, resp: falcon.Response, id: str, problem: str) -> None:
        self.render(
            req, resp, "people/lost_device.html", person=self.person(req, id), problem=problem, base=f"{PATH}/{id}"
        )
