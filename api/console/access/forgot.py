"""The page for people who have forgotten their password."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import ClassVar

import falcon

from api.console.page import ConsolePage, see_other
from api.http.address import ClientOf
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.translation import ngettext
from api.ports.users import Mails, Throttled

PATH = "/forgot"


class ForgotPassword(ConsolePage):
    """The page `/forgot`. Its form lets a mail with a one-time link be sent, if a user has the address.

    What it answers, and how long that takes, is the same for all addresses. If the service sends no mails, the page
    says who can make a link.
    """

    public: ClassVar[bool] = True

    def __init__(self, pages: PageFactory, mails: Mails, client: ClientOf) -> None:
        super().__init__(pages)
        self._mails, self._client = mails, client

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        self._show(req, resp, is_sent="sent" in req.params)

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        email = req.context.sent_form.text("email").strip()
        if not self._mails.are_sent():
            self._show(req, resp)
            return
        problem = send_link(resp, PATH, partial(self._mails.request_password, email, self._client(req)))
        self._show(req, resp, email=email, problem=problem)

    def _show(
        self, req: Request, resp: falcon.Response, *, email: str = "", problem: str = "", is_sent: bool = False
    ) -> None:
        are_sent = self._mails.are_sent()
        facts = {"email": email, "problem": problem, "is_sent": is_sent and are_sent, "are_sent": are_sent}
        self.render(req, resp, "forgot.html", **facts)


def send_link(resp: falcon.Response, path: str, send: Callable[[], None]) -> str:
    """Call `send`, which lets a mail with a link be sent, and redirect to the page at `path` that says so.

    If `send` raises Throttled, respond with 429 and return the message.
    """
    try:
        send()
    except Throttled as throttled:
        return _refuse(resp, throttled)
    raise see_other(f"{path}?sent=1")


def _refuse(resp: falcon.Response, throttled: Throttled) -> str:
    resp.status = 429
    resp.set_header("Retry-After", str(throttled.seconds))
    minutes = math.ceil(throttled.seconds / 60)  # rounded up, so that the next request is possible after this time
    return ngettext(
        "Too many links were asked for. Look into your mailbox, also for unwanted mails, or wait a minute and try "
        "again.",
        "Too many links were asked for. Look into your mailbox, also for unwanted mails, or wait %(num)s minutes and "
        "try again.",
        minutes,
    )
