"""The pages for logging in and out, and for setting a password with a one-time link."""

from __future__ import annotations

import math
from typing import ClassVar
from urllib.parse import urlencode

import falcon

from api.console.access.cookies import (
    BROWSER,
    ORGANIZATION,
    SESSION,
    THEME,
    VISIT,
    cookie,
    drop_cookie,
    keep_cookie,
    mark_session,
)
from api.console.page import LAST_STEP, ConsolePage, see_other
from api.http.address import ClientOf
from api.http.origin import Origin
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.navigation import CONSOLE
from api.pages.translation import gettext as _
from api.pages.translation import marked, ngettext
from api.ports.dependencies import Dependencies
from api.ports.users import Client, Link, NewSession, Throttled, Users
from domain.accounts.password import MIN_CHARACTERS, is_same_password, password_problem

FIRST_PAGE = CONSOLE[0].path
_WRONG = marked("The e-mail address or the password is wrong. Check both and try again.")
PASSWORDS_DIFFER = marked("The passwords do not match. Enter the same password twice.")
DEAD_LINK = marked("This link does not work any more")
_USED_LINK = marked(
    "This link was used before, or it has expired. Ask the administrator of this service for a new one."
)
WRONG_PASSWORD = marked("The password is wrong. Try again.")


class Login(ConsolePage):
    """The page `/login`. Its form starts a session."""

    public: ClassVar[bool] = True

    def __init__(self, pages: PageFactory, dependencies: Dependencies, origin: Origin, client: ClientOf) -> None:
        super().__init__(pages)
        self._users, self._origin, self._client = dependencies.users, origin, client
        self._setup, self._takes_sign_ups = dependencies.setup, dependencies.sign_ups is not None

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        next_path = own_path(str(req.params.get("next", "")))
        if req.context.member:
            raise see_other(next_path or FIRST_PAGE)
        notice = _("Your password is set. Log in with it.") if "set" in req.params else ""
        self._show(req, resp, "", next_path, "", notice)

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        form = req.context.sent_form
        email = form.text("email").strip()
        next_path = own_path(form.text("next"))
        try:
            browser = cookie(req, BROWSER, self._origin(req))
            session = self._users.sign_in(email, form.text("password"), self._client(req), browser)
            problem = "" if session else _WRONG
            resp.status = 303 if session else 422
        except Throttled as throttled:
            session, problem = None, refuse_throttled(resp, throttled)
        if session is None:
            self._show(req, resp, email, next_path, problem, "")
        else:
            if earlier := cookie(req, SESSION, self._origin(req)):
                self._users.sign_out(earlier, self._client(req))
            has_begun = begin_session(req, resp, self._users, session, self._origin(req), self._client(req))
            resp.location = (next_path or FIRST_PAGE) if has_begun else _last_step(next_path)

    def _show(self, req: Request, resp: falcon.Response, email: str, next_path: str, problem: str, notice: str) -> None:
        facts = {"email": email, "next": next_path, "problem": problem, "notice": notice}
        ways_in = {"is_setup_open": self._setup.is_open(), "takes_sign_ups": self._takes_sign_ups}
        self.render(req, resp, "login.html", **facts, **ways_in)


class Logout(ConsolePage):
    """The page `/logout`. Its form ends this session; with the field `everywhere`, it ends all sessions of the user."""

    managers_post: ClassVar[bool] = False
    open_without_factor: ClassVar[bool] = True

    def __init__(self, pages: PageFactory, users: Users, origin: Origin, client: ClientOf) -> None:
        super().__init__(pages)
        self._users, self._origin, self._client = users, origin, client

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        self.render(req, resp, "logout.html")

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        form = req.context.sent_form
        origin = self._origin(req)
        token, everywhere = cookie(req, SESSION, origin) or "", bool(form.text("everywhere"))
        self._users.sign_out(token, self._client(req), everywhere=everywhere)
        drop_cookie(resp, SESSION, origin)
        drop_cookie(resp, ORGANIZATION, origin)
        resp.status = 303
        resp.location = "/login"


class SetPassword(ConsolePage):
    """The page `/password/{token}` of a one-time link.

    Opening the page does not use up the link. Setting the password with its form does.
    """

    public: ClassVar[bool] = True

    def __init__(self, pages: PageFactory, users: Users, origin: Origin, client: ClientOf) -> None:
        super().__init__(pages)
        self._users, self._origin, self._client = users, origin, client

    def on_get(self, req: Request, resp: falcon.Response, token: str) -> None:
        self._show(req, resp, token, "")

    def on_post(self, req: Request, resp: falcon.Response, token: str) -> None:
        form = req.context.sent_form
        link = self._link(token)
        problem = password_problem(form.text("password"), link.email if link else "")
        if link and not problem and not is_same_password(form.text("password"), form.text("again")):
            problem = PASSWORDS_DIFFER
        if link and problem:
            resp.status = 422
        elif link and self._set(req, resp, token, form.text("password")):
            resp.status = 303
            resp.location = "/login?set=1"
            return
        self._show(req, resp, token, problem)

    def _link(self, token: str) -> Link | None:
        """Return what the link leads to; None if it does not set a password."""
        link = self._users.get_link(token)
        return None if link is None or link.is_invitation else link

    def _set(self, req: Request, resp: falcon.Response, token: str, password: str) -> bool:
        """Set the password, and send the cookie by which the browser is known. Return False for an invalid link."""
        origin = self._origin(req)
        browser = self._users.set_password(token, password, self._client(req), cookie(req, BROWSER, origin))
        if browser:
            keep_cookie(resp, BROWSER, browser, origin)
        return browser is not None

    def _show(self, req: Request, resp: falcon.Response, token: str, problem: str) -> None:
        link = self._link(token)
        if link is None:
            resp.status = 410
            self.render(req, resp, "error.html", title=DEAD_LINK, message=_USED_LINK, request_id="")
        else:
            self.render(req, resp, "password.html", link=link, problem=problem, min_characters=MIN_CHARACTERS)


def begin_session(
    req: Request, resp: falcon.Response, users: Users, session: NewSession, origin: str, client: Client
) -> bool:
    """Send the cookies of a new session to the browser. Return False if its log-in still awaits a second factor."""
    keep_cookie(resp, SESSION, session.token, origin)
    keep_cookie(resp, BROWSER, session.browser, origin)
    drop_cookie(resp, VISIT, origin)
    member = users.get_member(session.token)
    if theme := users.note_client(session.token, client):
        keep_cookie(resp, THEME, theme, origin)
    mark_session(req, resp, member.organization if member else None, origin)
    return member is not None


def own_path(text: str) -> str:
    """Return the text if it is a path of this service, otherwise an empty text.

    So a link to the log-in page cannot redirect the user to another site.
    """
    is_own = text.startswith("/") and not text.startswith("//") and "\\" not in text
    return text if is_own and text.isprintable() and text.isascii() else ""


def refuse_throttled(resp: falcon.Response, throttled: Throttled) -> str:
    """Set the status and Retry-After of a refused attempt; return what to tell the user."""
    resp.status = 429
    resp.set_header("Retry-After", str(throttled.seconds))
    minutes = math.ceil(throttled.seconds / 60)  # Rounded up, so that the next log-in is possible after this time.
    return ngettext(
        "Too many failed log-ins. Wait a minute, then try again.",
        "Too many failed log-ins. Wait %(num)s minutes, then try again.",
        minutes,
    )


def _last_step(next_path: str) -> str:
    """Return the path of the page for the second factor, which opens the wanted page after it."""
    return f"{LAST_STEP}?{urlencode({'next': next_path})}" if next_path else LAST_STEP
