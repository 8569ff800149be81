"""The pages for signing up: a link in a mail confirms the address, and then somebody makes an organization."""

from __future__ import annotations

import secrets
from functools import partial
from typing import ClassVar

import falcon

from api.console.access.forgot import send_link
from api.console.access.setup.form import FounderForm, email_problem, read_founder
from api.console.access.setup.founding import FoundingPage
from api.console.forms import forbidden
from api.console.forms.problems import sentence_about
from api.console.page import ConsolePage
from api.http.address import ClientOf
from api.http.errors import ApiError
from api.http.origin import Origin
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.translation import marked
from api.ports.dependencies import Dependencies
from api.ports.users.setup import SetupRefused, SignUps
from commands.fields.organization import MAX_NAME
from domain.accounts.password import MIN_CHARACTERS
from domain.accounts.zones import known_time_zones
from domain.reading import InvalidValue
from domain.reading.mail_address import parse_mail_address
from domain.text import text_key

PATH = "/signup"
_CLOSED = marked(
    "Nobody can sign up on this installation. Ask an owner or admin of your organization to invite you, or ask the "
    "operator of the service to add you."
)
_NO_MAILS = marked(
    "Nobody can sign up now: a mail must confirm the address, and this installation sends no mails at the moment. Try "
    "again later, or tell its operator."
)


class SignUp(ConsolePage):
    """The page `/signup`. Its form lets a mail be sent to an address.

    What it answers, and how long that takes, is the same for all addresses.
    """

    public: ClassVar[bool] = True

    def __init__(self, pages: PageFactory, dependencies: Dependencies, client: ClientOf) -> None:
        super().__init__(pages)
        self._sign_ups, self._terms_url, self._client = dependencies.sign_ups, dependencies.terms_url, client
        self._mails = dependencies.mails

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        self._require_mails()
        self._show(req, resp, is_sent="sent" in req.params)

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        sign_ups = self._require_mails()
        email = req.context.sent_form.text("email").strip()
        if problem := _address_problem(email):
            resp.status = 422
            self._show(req, resp, email=email, problem=problem)
            return
        problem = send_link(resp, PATH, partial(sign_ups.request_link, email, self._client(req)))
        self._show(req, resp, email=email, problem=problem)

    def _require_mails(self) -> SignUps:
        """Return the port. Raises ApiError if people cannot sign up, or cannot now."""
        sign_ups = require_open(self._sign_ups)
        if not self._mails.are_sent():  # the start could not store that they are, or another process has no mail server
            raise ApiError(503, "unavailable", _NO_MAILS)
        return sign_ups

    def _show(
        self, req: Request, resp: falcon.Response, *, email: str = "", problem: str = "", is_sent: bool = False
    ) -> None:
        facts = {"email": email, "problem": problem, "is_sent": is_sent, "terms_url": self._terms_url}
        self.render(req, resp, "setup/sign_up.html", **facts)


class ConfirmedSignUp(FoundingPage):
    """The page `/signup/{token}` of a link that confirms an address. Its form makes the organization.

    Opening the page does not use up the link.
    """

    is_link: ClassVar[bool] = True

    def __init__(self, pages: PageFactory, dependencies: Dependencies, origin: Origin, client: ClientOf) -> None:
        super().__init__(pages, dependencies, origin, client)
        self._sign_ups, self._terms_url = dependencies.sign_ups, dependencies.terms_url

    def on_get(self, req: Request, resp: falcon.Response, token: str) -> None:
        sign_ups = require_open(self._sign_ups)
        try:
            self._ask(req, resp, FounderForm(email=sign_ups.confirm(token)))
        except SetupRefused as refused:
            self.show_end(req, resp, refused.verdict)

    def on_post(self, req: Request, resp: falcon.Response, token: str) -> None:
        sign_ups = require_open(self._sign_ups)
        form = req.context.sent_form
        form_token = form.text("form_token")
        try:
            entered, founder = read_founder(form, sign_ups.confirm(token, form_token))
            if entered.problems:
                resp.status = 422
                self._ask(req, resp, entered)
            else:
                founded = sign_ups.set_up(token, form_token, founder, self._client(req))
                self.show_founded(req, resp, founder, founded)
        except SetupRefused as refused:
            self.show_end(req, resp, refused.verdict)

    def _ask(self, req: Request, resp: falcon.Response, entered: FounderForm) -> None:
        self.render(
            req,
            resp,
            "setup/confirmed.html",
            form=entered,
            problems=entered.problems,
            form_token=secrets.token_urlsafe(16),
            time_zones=sorted(known_time_zones()),
            max_name=MAX_NAME,
            min_characters=MIN_CHARACTERS,
            terms_url=self._terms_url,
        )


def _address_problem(email: str) -> str:
    """Return why no mail can be sent to an address; an empty text if one can."""
    problem = email_problem(email)
    if not problem:
        try:
            parse_mail_address(text_key(email))
        except InvalidValue as error:
            problem = sentence_about(marked("The e-mail address"), error)
    return problem


def require_open(sign_ups: SignUps | None) -> SignUps:
    """Return the port. Raises ApiError if people cannot sign up on this installation."""
    if sign_ups is None:
        raise forbidden(_CLOSED)
    return sign_ups
