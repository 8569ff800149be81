"""The page `/setup`: with the code that `serve` has printed, somebody sets up the first organization of one's own."""

from __future__ import annotations

import secrets

import falcon

from api.console.access.setup.form import FounderForm, read_founder
from api.console.access.setup.founding import FoundingPage
from api.http.address import ClientOf
from api.http.origin import Origin
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.translation import marked, ngettext
from api.ports.dependencies import Dependencies
from api.ports.users.setup import SetupRefused, SetupState, Verdict
from commands.fields.organization import MAX_NAME
from domain.accounts.password import MIN_CHARACTERS
from domain.accounts.zones import known_time_zones

_KNOWN = marked("Somebody who already uses this service has this address. Choose another one.")


class SetupPage(FoundingPage):
    """`GET` asks for the code. `POST` with the code alone shows the form for the organization; with it, makes it."""

    def __init__(self, pages: PageFactory, dependencies: Dependencies, origin: Origin, client: ClientOf) -> None:
        super().__init__(pages, dependencies, origin, client)
        self._setup = dependencies.setup

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        state = self._setup.get_state()
        if state == SetupState.OPEN:
            self._ask_for_code(req, resp, "")
        else:
            self.show_end(req, resp, Verdict(state.value))

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        form = req.context.sent_form
        code, form_token = form.text("code").strip(), form.text("form_token")
        entered, founder = read_founder(form) if form_token else (FounderForm(), None)
        try:
            if founder is None or entered.problems:
                self._setup.try_code(code, form_token, self._client(req))
                self._ask_for_founder(req, resp, code, entered)
            else:
                founded = self._setup.set_up(code, form_token, founder, self._client(req))
                self.show_founded(req, resp, founder, founded)
        except SetupRefused as refused:
            self._refuse(req, resp, refused, code, entered)

    def _refuse(
        self, req: Request, resp: falcon.Response, refused: SetupRefused, code: str, entered: FounderForm
    ) -> None:
        if refused.verdict == Verdict.KNOWN:
            entered.problems = {"email": _KNOWN}
            self._ask_for_founder(req, resp, code, entered)
        elif refused.verdict == Verdict.WRONG and refused.tries_left:
            self._ask_for_code(req, resp, _wrong(refused.tries_left))
        else:
            self.show_end(req, resp, Verdict.CLOSED if refused.verdict == Verdict.WRONG else refused.verdict)

    def _ask_for_code(self, req: Request, resp: falcon.Response, problem: str) -> None:
        resp.status = 422 if problem else 200
        self.render(req, resp, "setup/code.html", problem=problem)

    def _ask_for_founder(self, req: Request, resp: falcon.Response, code: str, entered: FounderForm) -> None:
        resp.status = 422 if entered.problems else 200
        self.render(
            req,
            resp,
            "setup/founder.html",
            code=code,
            form=entered,
            problems=entered.problems,
            form_token=secrets.token_urlsafe(16),
            time_zones=sorted(known_time_zones()),
            max_name=MAX_NAME,
            min_characters=MIN_CHARACTERS,
        )


def _wrong(left: int) -> str:
    return ngettext("This code is wrong. One try is left.", "This code is wrong. %(num)s tries are left.", left)
