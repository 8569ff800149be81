"""The page `/profile/factors/codes`, which makes new recovery codes. Only the response to the form shows them."""

from __future__ import annotations

import falcon

from api.console.access.factors.base import PATH, FactorPage, needing_proof
from api.console.access.login import FIRST_PAGE
from api.console.page import see_other
from api.http.request import Request
from api.ports.users.factors import FactorRefused


def show_added(page: FactorPage, req: Request, resp: falcon.Response, codes: tuple[str, ...]) -> None:
    """Respond after a factor was added: with the recovery codes of a first factor, otherwise with the list."""
    if codes:
        show_codes(page, req, resp, codes, is_first=True)
    else:
        raise see_other(PATH)


def show_codes(
    page: FactorPage, req: Request, resp: falcon.Response, codes: tuple[str, ...], *, is_first: bool
) -> None:
    """Respond with new recovery codes."""
    facts = {"codes": codes, "is_first": is_first, "base": PATH, "first_page": FIRST_PAGE}
    page.render(req, resp, "factors/codes.html", **facts)


class NewCodes(FactorPage):
    """`POST` replaces the user's recovery codes."""

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        state = self.proved_state(req)
        if not state.factors:
            raise see_other(PATH)
        self.render(req, resp, "factors/new_codes.html", left=state.codes_left, base=PATH)

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        with needing_proof(req):
            try:
                codes = self._factors.replace_recovery_codes(self.token(req), self._client(req))
            except FactorRefused:
                raise see_other(PATH) from None
        show_codes(self, req, resp, codes, is_first=False)
