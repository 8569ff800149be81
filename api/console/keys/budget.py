"""The page `/settings/developer/budget`, which sets the credits that all keys of the organization share."""

from __future__ import annotations

import falcon

from api.console.commands import EXPIRED_FORM, CommandPage
from api.console.forms.problems import sentence_about
from api.console.forms.tokens import new_form_token, read_version, retry_of
from api.console.keys.base import PATH
from api.console.keys.form import parse_credits
from api.console.keys.seen import execute_on_seen
from api.console.page import see_other
from api.http.address import ClientOf
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.translation import marked
from api.ports.dependencies import Dependencies
from api.ports.keys import BudgetUse
from commands.accounts.budget import SetBudget
from domain.accounts.budget import budget_id
from domain.errors import StaleVersion
from domain.reading import InvalidValue

CHANGED_MEANWHILE = marked("Somebody has changed the budget since you opened the page. Check it and save again.")
_NOT_SET = 0
"""The version of a budget that was never set."""


class BudgetPage(CommandPage):
    """`GET` shows the budget in a form. `POST` sets it, or removes it if the field is empty."""

    def __init__(self, pages: PageFactory, dependencies: Dependencies, client: ClientOf) -> None:
        super().__init__(pages, dependencies.command_bus, client)
        self._key_reads, self._overview = dependencies.key_reads, dependencies.overview

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        budget = self._budget(req)
        self._show(req, resp, budget, "" if budget is None else str(budget.limit))

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        form, budget = req.context.sent_form, self._budget(req)
        text, retry, version = form.text("limit").strip(), retry_of(req), read_version(form.text("version"))
        try:
            limit = parse_credits(text) if text else None
        except InvalidValue as error:
            self._show(req, resp, budget, text, 422, problem=sentence_about(marked("The budget"), error))
            return
        if retry is None or version is None:
            self._show(req, resp, budget, text, 422, EXPIRED_FORM)
            return
        if limit is None and budget is None:
            raise see_other(PATH)
        try:
            command = SetBudget(id=budget_id(req.context.signed_in_member.org_id), credit_limit=limit)
            execute_on_seen(self, self._overview, req, command, retry, version)
        except StaleVersion:
            self._show(req, resp, budget, "" if budget is None else str(budget.limit), 409, CHANGED_MEANWHILE)
        else:
            raise see_other(PATH)

    def _budget(self, req: Request) -> BudgetUse | None:
        return self._key_reads.get_budget(req.context.signed_in_member.org_id)

    def _show(
        self,
        req: Request,
        resp: falcon.Response,
        budget: BudgetUse | None,
        limit: str,
        status: int = 200,
        notice: str = "",
        problem: str = "",
    ) -> None:
        resp.status = status
        facts = {"budget": budget, "form": {"limit": limit}, "problems": {"limit": problem} if problem else {}}
        token = new_form_token(req.context.signed_in_member.now)
        version = _NOT_SET if budget is None else budget.version
        self.render(req, resp, "keys/budget.html", **facts, version=version, notice=notice, form_token=token, base=PATH)
