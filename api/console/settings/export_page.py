"""The base of pages that send what an organization has recorded, to an owner or admin who proves to be that person."""

from __future__ import annotations

from api.console.access.cookies import BROWSER, SESSION, cookie
from api.console.access.factors.base import ask_for_proof
from api.console.page import ConsolePage
from api.http.address import ClientOf
from api.http.origin import Origin
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.translation import marked
from api.ports.dependencies import Dependencies
from commands.command import Person

WRONG_PASSWORD = marked("The password is wrong. Nothing was exported.")
THROTTLED = marked("Too many passwords were wrong. Wait a while, and try again.")


class ExportPage(ConsolePage):
    """A page that asks for the password before an export, or for a factor if the user has one."""

    def __init__(self, pages: PageFactory, dependencies: Dependencies, origin: Origin, client: ClientOf) -> None:
        super().__init__(pages)
        self._factors, self._origin, self._client = dependencies.factors, origin, client

    def proves(self, req: Request) -> bool:
        """Return whether the form has the password. A user with a factor has given one before, or is asked for it.

        Raises Throttled.
        """
        state = self._factors.find(self.token(req))
        if state is None or (state.factors and not state.is_proved):
            raise ask_for_proof(req)
        if state.factors:
            return True
        email, password = req.context.signed_in_member.email, req.context.sent_form.text("password")
        browser = cookie(req, BROWSER, self._origin(req))
        return self._factors.confirm_password(self.token(req), email, password, self._client(req), browser)

    def has_factor(self, req: Request) -> bool:
        """Return whether the user has a second factor, which then takes the place of the password."""
        state = self._factors.find(self.token(req))
        return state is not None and bool(state.factors)

    def token(self, req: Request) -> str:
        """Return the secret of the session."""
        return cookie(req, SESSION, self._origin(req)) or ""

    def person(self, req: Request) -> Person:
        """Return who exports, for the security event."""
        return Person("user", req.context.signed_in_member.user_id, self._client(req).address)
