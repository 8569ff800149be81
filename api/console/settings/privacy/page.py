"""The page `/settings/privacy`: looks up a person, and asks the background worker to erase what need not be kept."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, ClassVar

import falcon

from api.console.access.factors.base import ask_for_proof
from api.console.commands import EXPIRED_FORM
from api.console.forms.tokens import new_form_token, retry_of
from api.console.page import see_other
from api.console.settings.export_page import THROTTLED, ExportPage
from api.console.settings.privacy.words import PERSON_KINDS, group_row, request_row, rules_of, worker_problem
from api.http.address import ClientOf
from api.http.errors import ApiError
from api.http.origin import Origin
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.translation import gettext as _
from api.pages.translation import marked
from api.ports.dependencies import Dependencies
from api.ports.organization.privacy import MAX_WAITING, Holdings, PersonQuery, TooManyRequests
from api.ports.users import Throttled
from api.ports.users.factors import NotProved
from domain.privacy.erasures import SubjectKind
from domain.reading import InvalidValue, parse_date

PATH = "/settings/privacy"
MAX_ID = 200
_WRONG_PASSWORD = marked("The password is wrong. Nothing was erased.")
_NO_ID = marked("Enter the id.")
_WRONG_DAY = marked("Enter the last day as in 2023-06-30, or nothing.")
_NOT_AGAIN = marked("Enter the same id once more: it cannot be undone.")
_TOO_MANY = marked("%(count)s requests wait already. Ask again when some of them have ended.")
_TOO_LATE = marked("It was too late to take it back: see below what came of it.")


class PrivacyPage(ExportPage):
    """`GET` shows the form and the requests. `POST` looks a person up, asks for an erasure, takes a request back, or
    sends the record of an erasure.

    The id of a person is never in an address, which logs and browsers keep.
    """

    managers_only: ClassVar[bool] = True

    def __init__(self, pages: PageFactory, dependencies: Dependencies, origin: Origin, client: ClientOf) -> None:
        super().__init__(pages, dependencies, origin, client)
        self._privacy, self._users = dependencies.privacy, dependencies.users

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        self._show(req, resp)

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        member, form = req.context.signed_in_member, req.context.sent_form
        if form.text("cancel"):
            if self._privacy.cancel(member.org_id, form.id("cancel")):
                raise see_other(PATH)
            self._show(req, resp, 409, {"form": _(_TOO_LATE)})
            return
        if form.text("record"):
            self._send_record(req, resp, form.id("record"))
            return
        problems = dict[str, str]()
        subject = _read(req, problems)
        status = 422 if subject is None else 200
        if subject is not None and form.text("action") == "erase":
            status = self._ask(req, resp, subject, problems)
        self._show(req, resp, status, problems, subject)

    def _ask(self, req: Request, resp: falcon.Response, subject: PersonQuery, problems: dict[str, str]) -> int:
        """Ask for the erasure, and redirect to the page. Otherwise add what is wrong, and return the status."""
        member, retry = req.context.signed_in_member, retry_of(req)
        if retry is None:
            problems["form"] = _(EXPIRED_FORM)
            return 422
        if req.context.sent_form.id("again").strip() != subject.id:
            problems["again"] = _(_NOT_AGAIN)
            return 422
        try:
            if not self.proves(req):
                problems["password"] = _(_WRONG_PASSWORD)
                return 422
            id = f"erasure_{sha256(retry.key.encode()).hexdigest()[:32]}"
            self._privacy.ask(member.org_id, self.token(req), id, subject, self._client(req))
        except Throttled as throttled:
            resp.set_header("Retry-After", str(throttled.seconds))
            problems["password"] = _(THROTTLED)
            return 429
        except NotProved:
            raise ask_for_proof(req) from None
        except TooManyRequests:
            problems["form"] = _(_TOO_MANY, count=MAX_WAITING)
            return 409
        raise see_other(PATH)

    def _send_record(self, req: Request, resp: falcon.Response, id: str) -> None:
        """Send the record of an erasure, which names nobody: the operator erases with it again after a restore."""
        record = self._privacy.get_record(req.context.signed_in_member.org_id, id)
        if record is None:
            raise ApiError(404, "not_found", _("There is no such record."))
        resp.content_type, resp.downloadable_as, resp.data = falcon.MEDIA_JSON, f"{id}.json", record

    def _show(
        self,
        req: Request,
        resp: falcon.Response,
        status: int = 200,
        problems: dict[str, str] | None = None,
        subject: PersonQuery | None = None,
    ) -> None:
        member = req.context.signed_in_member
        resp.status = status
        found, facts = self._privacy.list_requests(member.org_id), dict[str, Any]()
        if subject is not None and not problems:
            facts = _facts(self._privacy.look_up(member.org_id, subject))
        names = self._users.get_names(member.org_id)
        requests = [request_row(each, names, member) for each in found.requests]
        is_waiting = any(each.is_waiting for each in requests)
        self.render(
            req,
            resp,
            "settings/privacy.html",
            problems=problems or {},
            subject=subject,
            person_kinds=PERSON_KINDS,
            typed=_typed(req),
            requests=requests,
            worker_problem=worker_problem(found.worker, member.time_zone) if is_waiting else "",
            rules=rules_of(self._privacy.get_choice(member.org_id)),
            has_factor=self.has_factor(req),
            form_token=new_form_token(member.now),
            base=PATH,
            **{"is_looked_up": False, "can_erase": subject is not None, **facts},
        )


def _typed(req: Request) -> dict[str, str]:
    names = ("kind", "id", "left")
    return dict.fromkeys(names, "") if req.method == "GET" else {name: req.context.sent_form.id(name) for name in names}


def _facts(holdings: Holdings) -> dict[str, Any]:
    """Return what the page says of a person who was looked up."""
    goes = [group_row(each) for each in holdings.groups if each.goes]
    return {
        "is_looked_up": True,
        "stays": [group_row(each) for each in holdings.groups if not each.goes],
        "goes": goes,
        "more": holdings.more,
        "can_erase": holdings.is_erasable and bool(goes or holdings.more),
        "is_erasable": holdings.is_erasable,
    }


def _read(req: Request, problems: dict[str, str]) -> PersonQuery | None:
    """Return whom the form names. Otherwise add what is wrong, and return None."""
    form = req.context.sent_form
    kind: SubjectKind = "employee" if form.text("kind") == "employee" else "party"
    id, left = form.id("id").strip()[:MAX_ID], form.id("left").strip()
    if not id:
        problems["id"] = _(_NO_ID)
    try:
        day = parse_date(left) if left and kind == "employee" else None
    except InvalidValue:
        problems["left"] = _(_WRONG_DAY)
        return None
    return None if problems else PersonQuery(kind, id, day)
