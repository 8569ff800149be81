"""The page `/invitation/{token}`, on which somebody accepts an invitation."""

from __future__ import annotations

from typing import ClassVar

import falcon

from api.console.access.cookies import BROWSER, SESSION, cookie, keep_cookie
from api.console.access.login import DEAD_LINK, FIRST_PAGE, PASSWORDS_DIFFER
from api.console.forms import forbidden
from api.console.page import ConsolePage
from api.console.people.base import CLOSED
from api.http.address import ClientOf
from api.http.origin import Origin
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.translation import gettext as _
from api.pages.translation import marked
from api.ports.commands import CommandBus
from api.ports.dependencies import Dependencies
from api.ports.users import Link
from commands.accounts.people import JoinOrganization
from commands.command import Actor, Context, Person
from domain.accounts.password import MIN_CHARACTERS, is_same_password, password_problem
from domain.accounts.people import people_id
from domain.errors import NotFound

_USED = marked(
    "This invitation was accepted or withdrawn before, or it has expired. Ask an owner or admin for a new one."
)


class JoinPage(ConsolePage):
    """`GET` shows the invitation. `POST` accepts it.

    Who has no password sets one. Who has one accepts after logging in: the invitation alone opens no account.
    """

    public: ClassVar[bool] = True

    def __init__(self, pages: PageFactory, dependencies: Dependencies, origin: Origin, client: ClientOf) -> None:
        super().__init__(pages)
        self._users, self._factors = dependencies.users, dependencies.factors
        self._command_bus, self._invitations = dependencies.command_bus, dependencies.invitations
        self._origin, self._client = origin, client
        self._takes_invitations = dependencies.takes_invitations

    def on_get(self, req: Request, resp: falcon.Response, token: str) -> None:
        self._require_invitations()
        self._show(req, resp, token, "")

    def on_post(self, req: Request, resp: falcon.Response, token: str) -> None:
        self._require_invitations()
        link = self._users.get_link(token)
        if link is None or not link.is_invitation:
            self._show(req, resp, token, "")
        elif link.has_password:
            self._join_signed_in(req, resp, token, link)
        else:
            self._join_with_password(req, resp, token, link)

    def _require_invitations(self) -> None:
        if not self._takes_invitations:
            raise forbidden(CLOSED)

    def _join_signed_in(self, req: Request, resp: falcon.Response, token: str, link: Link) -> None:
        session = self._session_of(req, link)
        if session is None:
            self._show(req, resp, token, _("Log in first, with the address of the invitation."), 403)
            return
        if self._join(req, resp, token, link):
            self._users.use_invitation(token)
            self._users.switch_organization(session, link.org_id)
            self._go(resp, FIRST_PAGE)

    def _join_with_password(self, req: Request, resp: falcon.Response, token: str, link: Link) -> None:
        form = req.context.sent_form
        problem = password_problem(form.text("password"), link.email)
        if not problem and not is_same_password(form.text("password"), form.text("again")):
            problem = PASSWORDS_DIFFER
        if problem:
            self._show(req, resp, token, problem, 422)
        else:
            self._accept(req, resp, token, link, form.text("password"))

    def _accept(self, req: Request, resp: falcon.Response, token: str, link: Link, password: str) -> None:
        origin = self._origin(req)
        try:
            earlier = cookie(req, BROWSER, origin)
            browser = self._invitations.accept(token, link, password, self._client(req), earlier)
        except NotFound:
            self._gone(req, resp)
            return
        if browser is None:  # the person has got a password, or has joined another organization, in this moment
            self._show(req, resp, token, "", 409)
            return
        keep_cookie(resp, BROWSER, browser, origin)
        self._go(resp, "/login?set=1")

    def _session_of(self, req: Request, link: Link) -> str | None:
        """Return the session of the browser; None if it is not of the invited person, or awaits a second factor.

        Somebody who belongs to no organization, such as after a removal, has a session, but is no member.
        """
        session = cookie(req, SESSION, self._origin(req))
        state = self._factors.find(session) if session else None
        return session if state and not state.awaits_factor and state.user_id == link.user_id else None

    def _join(self, req: Request, resp: falcon.Response, token: str, link: Link) -> bool:
        """Accept the invitation. If it was withdrawn meanwhile, show this and return False."""
        try:
            join(self._command_bus, req, self._client, link)
        except NotFound:
            self._gone(req, resp)
            return False
        return True

    def _go(self, resp: falcon.Response, path: str) -> None:
        resp.status, resp.location = 303, path

    def _gone(self, req: Request, resp: falcon.Response) -> None:
        resp.status = 410
        self.render(req, resp, "error.html", title=DEAD_LINK, message=_USED, request_id="")

    def _show(self, req: Request, resp: falcon.Response, token: str, problem: str, status: int = 200) -> None:
        link = self._users.get_link(token)
        if link is None or not link.is_invitation:
            self._gone(req, resp)
            return
        resp.status = status
        facts = {"link": link, "problem": problem, "min_characters": MIN_CHARACTERS}
        is_signed_in = self._session_of(req, link) is not None
        self.render(req, resp, "people/join.html", **facts, is_signed_in=is_signed_in)


def join(command_bus: CommandBus, req: Request, client: ClientOf, link: Link) -> None:
    """Let the user of an invitation belong to its organization. Raises NotFound if it was withdrawn."""
    context = Context(
        org_id=link.org_id,
        actor=Actor("user", link.user_id),
        request_id=req.context.request_id,
        person=Person("user", link.user_id, client(req).address),
    )
    command_bus.execute(JoinOrganization(id=people_id(link.org_id), user_id=link.user_id), context)
