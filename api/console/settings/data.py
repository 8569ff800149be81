"""The page `/settings/data`, with which owners and admins take everything that the organization has recorded."""

from __future__ import annotations

import falcon

from api.console.access.cookies import BROWSER, SESSION, cookie
from api.console.access.factors.base import ask_for_proof
from api.console.page import ConsolePage
from api.http.address import ClientOf
from api.http.origin import Origin
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.translation import gettext as _
from api.pages.translation import marked
from api.ports.dependencies import Dependencies
from api.ports.organization import ExportRunning
from api.ports.users import Throttled
from commands.command import Person

PATH = "/settings/data"
JSON_LINES = "application/jsonl"
_WRONG = marked("The password is wrong. Nothing was exported.")
_RUNNING = marked("Another export is running. Wait until it has ended, or a minute after it was interrupted.")
_THROTTLED = marked("Too many passwords were wrong. Wait a while, and try again.")


class DataPage(ConsolePage):
    """`GET` says what an export has. `POST` sends it, after the password, or after a factor of a user who has one."""

    def __init__(self, pages: PageFactory, dependencies: Dependencies, origin: Origin, client: ClientOf) -> None:
        super().__init__(pages)
        self._factors, self._exports = dependencies.factors, dependencies.exports
        self._origin, self._client = origin, client

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        self._show(req, resp)

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        member = req.context.signed_in_member
        try:
            if not self._proves(req):
                self._show(req, resp, 422, _(_WRONG))
                return
            person = Person("user", member.user_id, self._client(req).address)
            parts = self._exports.begin(member.org_id, person, req.context.request_id)
        except Throttled as throttled:
            resp.set_header("Retry-After", str(throttled.seconds))
            self._show(req, resp, 429, _(_THROTTLED))
        except ExportRunning:
            self._show(req, resp, 409, _(_RUNNING))
        else:
            resp.content_type = JSON_LINES
            resp.downloadable_as = f"{member.org_id}-{member.now.date().isoformat()}.jsonl"
            resp.stream = parts

    def _proves(self, req: Request) -> bool:
        """Return whether the form has the password. A user with a factor has given one before, or is asked for it."""
        state = self._factors.find(self._token(req))
        if state is None or (state.factors and not state.is_proved):
            raise ask_for_proof(req)
        if state.factors:
            return True
        email, password = req.context.signed_in_member.email, req.context.sent_form.text("password")
        browser = cookie(req, BROWSER, self._origin(req))
        return self._factors.confirm_password(self._token(req), email, password, self._client(req), browser)

    def _token(self, req: Request) -> str:
        return cookie(req, SESSION, self._origin(req)) or ""

    def _show(self, req: Request, resp: falcon.Response, status: int = 200, problem: str = "") -> None:
        resp.status = status
        problems, state = {"password": problem} if problem else {}, self._factors.find(self._token(req))
        has_factor = state is not None and bool(state.factors)
        self.render(req, resp, "settings/data.html", problems=problems, has_factor=has_factor, base=PATH)
