"""The page `/profile/factors/{id}`, which renames or removes a factor."""

from __future__ import annotations

import falcon

from api.console.access.factors.base import PATH, FactorPage, needing_proof
from api.console.page import see_other
from api.http.request import Request
from api.ports.users.factors import FactorRefused
from domain.accounts.user.factors import KIND_NAMES, name_problem


class OneFactor(FactorPage):
    """`POST` gives the factor the name in the form; with the field `remove`, it removes the factor."""

    def on_get(self, req: Request, resp: falcon.Response, id: str) -> None:
        self._show(req, resp, id, None, "")

    def on_post(self, req: Request, resp: falcon.Response, id: str) -> None:
        name, removes = req.context.sent_form.text("name").strip(), bool(req.context.sent_form.text("remove"))
        problem = "" if removes else name_problem(name)
        with needing_proof(req):
            problem = problem or self._change(req, id, name, removes=removes)
        if not problem:
            raise see_other(PATH)
        resp.status = 422
        self._show(req, resp, id, None if removes else name, problem)

    def _change(self, req: Request, id: str, name: str, *, removes: bool) -> str:
        """Rename or remove the factor. If this is refused, return why."""
        token, client = self.token(req), self._client(req)
        try:
            if removes:
                self._factors.remove(token, id, client, keeps_one=req.context.signed_in_member.needs_factor)
            else:
                self._factors.rename(token, id, name, client)
        except FactorRefused as refused:
            return str(refused)
        return ""

    def _show(self, req: Request, resp: falcon.Response, id: str, name: str | None, problem: str) -> None:
        factor = next((each for each in self.proved_state(req).factors if each.id == id), None)
        if factor is None:
            raise see_other(PATH)
        facts = {"factor": factor, "kind": KIND_NAMES[factor.kind], "base": PATH}
        self.render(
            req, resp, "factors/factor.html", **facts, name=factor.name if name is None else name, problem=problem
        )
