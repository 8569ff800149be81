"""The page `/settings/developer/test`, which says in words what the API answers a key: whether it works, for what."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

import falcon

from api.advice.credentials import problem_of
from api.console.keys.base import PATH
from api.console.page import ConsolePage
from api.http.error_table import api_error_of
from api.http.origin import Origin
from api.http.request import Request
from api.openapi.texts import SCOPE_TEXTS
from api.pages.factory import PageFactory
from api.ports.admission import Admission, AdmissionRefused, Caller
from api.ports.dependencies import Dependencies
from domain.accounts.key_secret import hash_secret, is_well_formed
from domain.reading import parse_instant
from projections.views.account import AccountFacts

ROUTE = "/api/v1/me"
"""The operation that the page stands for. It is free, so a test costs no credit."""


class Answer(NamedTuple):
    """What the API answers a key: the account, or a problem."""

    problem: str = ""
    account: AccountFacts | None = None
    admission: Admission | None = None


class TryKeyPage(ConsolePage):
    """`GET` shows a form for a key. `POST` tests the key, and never shows it again. All users may test a key."""

    managers_post: ClassVar[bool] = False

    def __init__(self, pages: PageFactory, dependencies: Dependencies, origin: Origin) -> None:
        super().__init__(pages)
        self._admission_control, self._account_reads = dependencies.admission_control, dependencies.account_reads
        self._origin = origin

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        self._show(req, resp, None)

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        raw = req.context.sent_form.text("key").strip()
        self._show(req, resp, self._ask(raw, self._origin(req)))

    def _show(self, req: Request, resp: falcon.Response, answer: Answer | None) -> None:
        account = None if answer is None else answer.account
        is_own = account is not None and account.organization.id == req.context.signed_in_member.org_id
        expires_at = parse_instant(account.key.expires_at) if account and account.key.expires_at else None
        scopes = [(scope, SCOPE_TEXTS[scope]) for scope in (account.key.scopes if account else ())]
        facts = {"answer": answer, "is_own": is_own, "scopes": scopes, "expires_at": expires_at}
        self.render(req, resp, "keys/try.html", **facts, base=PATH)

    def _ask(self, raw: str, origin: str) -> Answer:
        if not is_well_formed(raw):
            return Answer(problem_of({"HTTP_AUTHORIZATION": f"Bearer {raw}"}, origin).message)
        caller = Caller(key_hash=hash_secret(raw), method="GET", route=ROUTE, scope=None, free=True)
        try:
            self._admission_control.admit(caller)
            account = self._account_reads.get_account(caller, raw[-4:])
        except AdmissionRefused as refusal:
            return Answer(api_error_of(refusal).message)
        assert caller.admission is not None
        return Answer(account=account, admission=caller.admission)
