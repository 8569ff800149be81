"""The page `/settings/data`, with which owners and admins take everything that the organization has recorded."""

from __future__ import annotations

import falcon

from api.console.access.cookies import BROWSER, cookie
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
    """`GET` says what an export has. `POST` sends it, after the password."""

    def __init__(self, pages: PageFactory, dependencies: Dependencies, origin: Origin, client: ClientOf) -> None:
        super().__init__(pages)
        self._users, self._exports = dependencies.users, dependencies.exports
        self._origin, self._client = origin, client

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        self._show(req, resp)

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        member, client = req.context.signed_in_member, self._client(req)
        password, browser = req.context.sent_form.text("password"), cookie(req, BROWSER, self._origin(req))
        try:
            if not self._users.confirm_password(member.email, password, client, browser):
                self._show(req, resp, 422, _(_WRONG))
                return
            person = Person("user", member.user_id, client.address)
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

    def _show(self, req: Request, resp: falcon.Response, status: int = 200, problem: str = "") -> None:
        resp.status = status
        problems = {"password": problem} if problem else {}
        self.render(req, resp, "settings/data.html", problems=problems, base=PATH)
