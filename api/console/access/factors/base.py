"""The common parts of the pages for second factors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar
from urllib.parse import quote

import falcon

from api.console.access.cookies import BROWSER, SESSION, cookie
from api.console.access.login import refuse_throttled
from api.console.page import FACTORS, ConsolePage, see_other
from api.http.address import ClientOf
from api.http.origin import Origin
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.translation import marked
from api.ports.users import NewSession, Throttled
from api.ports.users.factors import Factors, FactorState, NotProved

PATH = FACTORS
CONFIRM = f"{PATH}/confirm"
_WRONG = marked(
    "This is not right, or it was used before. A code works once, and only while your app shows it. Try again."
)
_EMPTY = marked("Enter a code.")


def ask_for_proof(req: Request, back: str = "") -> falcon.HTTPSeeOther:
    """Return a redirect to the page on which the user proves again who it is.

    That page then leads to the path `back`, by default to that of the request.
    """
    return see_other(f"{CONFIRM}?next={quote(back or req.path)}")


@contextmanager
def needing_proof(req: Request) -> Iterator[None]:
    """Run a block that needs a proof of who the user is. If it is too old, redirect to the page for that."""
    try:
        yield
    except NotProved:
        raise ask_for_proof(req) from None


class FactorPage(ConsolePage):
    """The base of the pages with the user's factors. All users may send their forms."""

    managers_post: ClassVar[bool] = False
    open_without_factor: ClassVar[bool] = True

    def __init__(self, pages: PageFactory, factors: Factors, origin: Origin, client: ClientOf) -> None:
        super().__init__(pages)
        self._factors, self._origin, self._client = factors, origin, client

    def token(self, req: Request) -> str:
        """Return the secret of the session or of the pending log-in; an empty text without one."""
        return cookie(req, SESSION, self._origin(req)) or ""

    def state(self, req: Request) -> FactorState:
        """Return the user's factors. If the session has just ended, redirect to the log-in."""
        state = self._factors.find(self.token(req))
        if state is None:
            raise see_other("/login")
        return state

    def proved_state(self, req: Request) -> FactorState:
        """Return the user's factors. If the user must first prove again who it is, redirect to the page for that."""
        state = self.state(req)
        if not state.is_proved:
            raise ask_for_proof(req)
        return state


class AnswerPage(FactorPage):
    """The base of the pages on which the user gives a factor."""

    def check(self, req: Request, resp: falcon.Response) -> tuple[NewSession | None, str]:
        """Check the answer in the form. For a wrong one, set the status, and return what to tell the user."""
        try:
            session = self._given(req)
        except Throttled as throttled:
            return None, refuse_throttled(resp, throttled)
        if session is None:
            resp.status = 422
        form = req.context.sent_form
        is_empty = not (form.text("passkey") or form.text("code").strip())
        return session, "" if session else _EMPTY if is_empty else _WRONG

    def _given(self, req: Request) -> NewSession | None:
        form, token, client, origin = req.context.sent_form, self.token(req), self._client(req), self._origin(req)
        browser = cookie(req, BROWSER, origin)
        if answer := form.text("passkey"):
            return self._factors.give_passkey(token, answer, origin, client, browser)
        if code := form.text("code").strip():
            return self._factors.give_code(token, code, client, browser)
        return None
