"""Logging in and out, and setting a password by a one-time link."""

from __future__ import annotations

from typing import ClassVar

import falcon

from api.console.cookies import SESSION, VISIT, cookie, drop_cookie, keep_cookie
from api.console.pages import NAVIGATION, ConsolePage, Form, member_of, render
from api.console.passwords import SHORTEST, problem_of
from api.console.session import own_path, see_other
from api.http.address import address_of
from api.http.origin import Origin
from api.ports.assistant import AssistantPorts
from api.ports.users import Throttled, Users

_WRONG = "The e-mail address and the password do not belong together. Check both and try again."
_SPENT = "This link was used before, or it is too old. Ask whoever looks after this service for a new one."


class Login(ConsolePage):
    """`/login`."""

    public: ClassVar[bool] = True

    def __init__(self, users: Users, origin: Origin, assistant: AssistantPorts) -> None:
        self._users, self._origin, self._assistant = users, origin, assistant

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        next_path = own_path(str(req.params.get("next", "")), "")
        if member_of(req):
            raise see_other(next_path or NAVIGATION[0].path)
        notice = "Your password is set. Log in with it." if "set" in req.params else ""
        render(req, resp, "login.html", email="", next=next_path, problem="", notice=notice)

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        form: Form = req.context.form
        email = form.text("email").strip()
        next_path = own_path(form.text("next"), "")
        try:
            token = self._users.sign_in(email, form.text("password"), address_of(req, self._assistant.address_header))
            problem = "" if token else _WRONG
            resp.status = 303 if token else 422
        except Throttled as throttled:
            token, problem = None, _waiting(throttled.seconds)
            resp.status = 429
            resp.set_header("Retry-After", str(throttled.seconds))
        if token is None:
            render(req, resp, "login.html", email=email, next=next_path, problem=problem, notice="")
            return
        origin = self._origin(req)
        if earlier := cookie(req, SESSION, origin):
            self._users.sign_out(earlier)
        keep_cookie(resp, SESSION, token, origin)
        drop_cookie(resp, VISIT, origin)
        resp.location = next_path or NAVIGATION[0].path


class Logout(ConsolePage):
    """`/logout`: this session, or with `everywhere` all of the user's."""

    managers_post: ClassVar[bool] = False

    def __init__(self, users: Users, origin: Origin) -> None:
        self._users, self._origin = users, origin

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        render(req, resp, "logout.html")

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        form: Form = req.context.form
        origin = self._origin(req)
        self._users.sign_out(cookie(req, SESSION, origin) or "", everywhere=bool(form.text("everywhere")))
        drop_cookie(resp, SESSION, origin)
        resp.status = 303
        resp.location = "/login"


class SetPassword(ConsolePage):
    """`/password/{token}`: where a one-time link leads. Only sending the form uses the link up."""

    public: ClassVar[bool] = True

    def __init__(self, users: Users) -> None:
        self._users = users

    def on_get(self, req: falcon.Request, resp: falcon.Response, token: str) -> None:
        self._show(req, resp, token, "")

    def on_post(self, req: falcon.Request, resp: falcon.Response, token: str) -> None:
        form: Form = req.context.form
        link = self._users.link(token)
        problem = problem_of(form.text("password"), link.email if link else "")
        if link and not problem and form.text("password") != form.text("again"):
            problem = "The two are not the same. Enter the password twice."
        if link and problem:
            resp.status = 422
        elif link and self._users.set_password(token, form.text("password")):
            raise see_other("/login?set=1")
        self._show(req, resp, token, problem)

    def _show(self, req: falcon.Request, resp: falcon.Response, token: str, problem: str) -> None:
        link = self._users.link(token)
        if link is None:
            resp.status = 410
            render(req, resp, "error.html", title="This link is spent", message=_SPENT, request_id="")
        else:
            render(req, resp, "password.html", link=link, problem=problem, shortest=SHORTEST)


def _waiting(seconds: int) -> str:
    minutes = max(1, round(seconds / 60))
    span = f"{minutes} minutes" if minutes > 1 else "a minute"
    return f"Too many log-ins have failed. Wait {span}, then try again."
