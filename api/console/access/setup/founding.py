"""What the pages share that make an organization: they show the first key, and log its owner in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

import falcon

from api.console.access.cookies import BROWSER, SESSION, cookie
from api.console.access.login import begin_session
from api.console.forms import csrf_token
from api.console.keys.sample import first_invoice
from api.console.page import ConsolePage
from api.http.address import ClientOf
from api.http.origin import Origin
from api.http.request import Request
from api.pages.factory import PageFactory
from api.ports.dependencies import Dependencies
from api.ports.users import Throttled
from api.ports.users.setup import Founded, Founder, Verdict
from commands.unit_of_work import Unavailable
from domain.reading import parse_instant


class FoundingPage(ConsolePage):
    """The base of the pages on which somebody without an account makes an organization."""

    public: ClassVar[bool] = True
    _STATUSES: ClassVar[Mapping[Verdict, int]] = MappingProxyType(
        {Verdict.CLOSED: 410, Verdict.OVER: 410, Verdict.SENT: 409, Verdict.KNOWN: 409}
    )
    """The HTTP status of the page that says why there is no form any more."""
    is_link: ClassVar[bool] = False
    """Whether a link in a mail leads to the page, and not a code."""

    def __init__(self, pages: PageFactory, dependencies: Dependencies, origin: Origin, client: ClientOf) -> None:
        super().__init__(pages)
        self._users, self._origin, self._client = dependencies.users, origin, client

    def show_end(self, req: Request, resp: falcon.Response, verdict: Verdict) -> None:
        """Say why there is no form any more."""
        resp.status = self._STATUSES[verdict]
        self.render(req, resp, "setup/ended.html", reason=verdict.value, is_link=self.is_link)

    def show_founded(self, req: Request, resp: falcon.Response, founder: Founder, founded: Founded) -> None:
        """Log the owner in, and show the first key. Only this page shows its secret."""
        self._log_in(req, resp, founder)
        today = parse_instant(founded.key["createdAt"]).date()
        sample = first_invoice(self._origin(req), founded.secret, today)
        facts = {"organization": founder.organization, "email": founder.email, "raw": founded.secret}
        self.render(req, resp, "setup/done.html", **facts, sample=sample)

    def _log_in(self, req: Request, resp: falcon.Response, founder: Founder) -> None:
        """Begin a new session, in place of one that the browser had. The page is shown without one, too: the key must
        not be lost."""
        origin, client = self._origin(req), self._client(req)
        try:
            session = self._users.sign_in(founder.email, founder.password, client, cookie(req, BROWSER, origin))
            if earlier := cookie(req, SESSION, origin):
                self._users.sign_out(earlier, client)
            req.context.member = None
            if session and begin_session(req, resp, self._users, session, origin, client):
                member = req.context.member = self._users.get_member(session.token)
                req.context.csrf = csrf_token(session.token, member.org_id if member else "")
        except (Throttled, Unavailable):
            req.context.member = None
