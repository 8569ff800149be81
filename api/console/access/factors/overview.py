"""The page `/profile/factors`: the user's factors, and how many recovery codes are left."""

from __future__ import annotations

import falcon

from api.console.access.factors.base import PATH, FactorPage
from api.console.access.factors.passkey import takes_passkeys
from api.http.request import Request
from domain.accounts.user.factors import KIND_NAMES


class Overview(FactorPage):
    """`GET` lists the factors. A user who must add one sees only this page, and those that add a factor."""

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        facts = {"kinds": KIND_NAMES, "can_add": self._factors.can_add, "base": PATH}
        takes = takes_passkeys(self._origin(req))
        self.render(req, resp, "factors/overview.html", state=self.state(req), takes_passkeys=takes, **facts)
