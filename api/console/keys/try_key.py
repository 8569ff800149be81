"""The page `/settings/developer/test`, which says in words what the API answers a key: whether it works, for what."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

import falcon

from api.advice.credentials import problem_of
from api.console.keys.base import PATH, key_of
from api.console.page import ConsolePage
from api.http.address import Address
from api.http.errors.table import api_error_of
from api.http.origin import Origin
from api.http.request import Request
from api.openapi.texts import SCOPE_TEXTS
from api.pages.factory import PageFactory
from api.ports.admission import AddressNotAllowed, Admission, AdmissionRefused, Caller
from api.ports.dependencies import Dependencies
from api.ports.keys import KeyUse
from domain.accounts.key_secret import hash_secret, is_well_formed
from domain.reading import parse_instant
from projections.views.account import AccountFacts

ROUTE = "/api/v1/me"
"""The operation that the page stands for. It is free, so a test costs no credit."""


class Answer(NamedTuple):
    """What the API answers a key: the account, or a problem."""

    address: str
    """The address from which the page was opened, and so the API asked; empty if it is not known."""
    problem: str = ""
    account: AccountFacts | None = None
    admission: Admission | None = None
    is_elsewhere: bool = False
    """Whether the key works, but not from this address."""
    own_key: KeyUse | None = None
    """The key that works elsewhere, if it is one of the organization."""


class TryKeyPage(ConsolePage):
    """`GET` shows a form for a key. `POST` tests the key, and never shows it again. All users may test a key."""

    managers_post: ClassVar[bool] = False

    def __init__(self, pages: PageFactory, dependencies: Dependencies, origin: Origin, address: Address) -> None:
        """`address` returns the address that the networks of a key are compared with."""
        super().__init__(pages)
        self._admission_control, self._account_reads = dependencies.admission_control, dependencies.account_reads
        self._key_reads, self._origin, self._address = dependencies.key_reads, origin, address

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        self._show(req, resp, None)

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        self._show(req, resp, self._ask(req, req.context.sent_form.text("key").strip()))

    def _show(self, req: Request, resp: falcon.Response, answer: Answer | None) -> None:
        account = None if answer is None else answer.account
        is_own = account is not None and account.organization.id == req.context.signed_in_member.org_id
        expires_at = parse_instant(account.key.expires_at) if account and account.key.expires_at else None
        scopes = [(scope, SCOPE_TEXTS[scope]) for scope in (account.key.scopes if account else ())]
        facts = {"answer": answer, "is_own": is_own, "scopes": scopes, "expires_at": expires_at}
        self.render(req, resp, "keys/try.html", **facts, base=PATH)

    def _ask(self, req: Request, raw: str) -> Answer:
        address = self._address(req)
        if not is_well_formed(raw):
            return Answer(address, problem_of({"HTTP_AUTHORIZATION": f"Bearer {raw}"}, self._origin(req)).message)
        caller = Caller(key_hash=hash_secret(raw), method="GET", route=ROUTE, scope=None, free=True, address=address)
        try:
            self._admission_control.admit(caller)
            account = self._account_reads.get_account(caller, raw[-4:])
        except AddressNotAllowed as refusal:
            is_own = refusal.org_id == req.context.signed_in_member.org_id
            own_key = key_of(self._key_reads, refusal.org_id, refusal.key_id) if is_own else None
            return Answer(address, is_elsewhere=True, own_key=own_key)
        except AdmissionRefused as refusal:
            return Answer(address, api_error_of(refusal).message)
        assert caller.admission is not None
        return Answer(address, account=account, admission=caller.admission)
