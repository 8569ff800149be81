"""The page `/settings/data`, with which owners and admins take everything that the organization has recorded."""

from __future__ import annotations

import falcon

from api.console.objects.downloads.parts import Downloader, while_manager
from api.console.settings.export_page import THROTTLED, WRONG_PASSWORD, ExportPage
from api.http.address import ClientOf
from api.http.origin import Origin
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.translation import gettext as _
from api.pages.translation import marked
from api.ports.dependencies import Dependencies
from api.ports.organization import ExportRunning
from api.ports.users import Throttled

PATH = "/settings/data"
JSON_LINES = "application/jsonl"
_RUNNING = marked("Another export is running. Wait until it has ended, or a minute after it was interrupted.")


class DataPage(ExportPage):
    """`GET` says what an export has. `POST` sends it, after the password, or after a factor of a user who has one.

    It breaks off when its user loses the rights, or the session ends.
    """

    def __init__(self, pages: PageFactory, dependencies: Dependencies, origin: Origin, client: ClientOf) -> None:
        super().__init__(pages, dependencies, origin, client)
        self._exports, self._users = dependencies.exports, dependencies.users

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        self._show(req, resp)

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        member = req.context.signed_in_member
        try:
            if not self.proves(req):
                self._show(req, resp, 422, _(WRONG_PASSWORD))
                return
            parts = self._exports.begin(member.org_id, self.person(req), req.context.request_id)
        except Throttled as throttled:
            resp.set_header("Retry-After", str(throttled.seconds))
            self._show(req, resp, 429, _(THROTTLED))
        except ExportRunning:
            self._show(req, resp, 409, _(_RUNNING))
        else:
            resp.content_type = JSON_LINES
            resp.downloadable_as = f"{member.org_id}-{member.now.date().isoformat()}.jsonl"
            resp.stream = while_manager(self._users, Downloader(self.token(req), member.org_id), parts)

    def _show(self, req: Request, resp: falcon.Response, status: int = 200, problem: str = "") -> None:
        resp.status = status
        problems = {"password": problem} if problem else {}
        self.render(req, resp, "settings/data.html", problems=problems, has_factor=self.has_factor(req), base=PATH)
