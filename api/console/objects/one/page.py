"""The pages `/home/invoices/{id}` and those of bills and leaves: an object, its history and its actions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar, NamedTuple
from urllib.parse import urlencode

import falcon

from api.console.access.login import own_path
from api.console.access.rights import check_readable, check_writable, who_may_write
from api.console.activity.history_page import Step, step_of
from api.console.activity.sentences import object_name, object_title
from api.console.commands import EXPIRED_FORM, CommandPage
from api.console.forms.refusals import sentence_of_refusal
from api.console.forms.tokens import new_form_token, read_version, retry_of
from api.console.objects.actions import actions_of
from api.console.objects.actions.action import ObjectAction
from api.console.objects.away.leaves import Others, others_away
from api.console.objects.fields import initial_texts, read_fields, split_problems, texts_of
from api.console.objects.filters import DONE, NEXT, after_decision
from api.console.objects.kinds import LEAVE_PAGES, ObjectKind, notes_of
from api.console.objects.list_page import tags_of
from api.console.objects.one.excerpt import excerpt_of, read_place
from api.console.objects.one.facts import ObjectView
from api.console.objects.one.stored import read_stored, read_version_of
from api.console.objects.one.views import view_of
from api.console.page import see_other
from api.http.address import ClientOf
from api.http.errors import ApiError
from api.http.origin import Origin
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.translation import gettext as _
from api.pages.translation import marked
from api.ports.dependencies import Dependencies
from api.ports.users import Member
from api.resources import BASE
from api.samples import curl
from api.samples.request import SampleRequest
from commands.body import parse_command
from domain.calendar import day_in
from domain.errors import DomainError, Invalid, NotFound, StaleVersion
from projections.views.activity import History

STEPS_SHOWN = 5
SAVED = "saved"
"""What was done when a form was saved, in the address to which it leads."""
_REVERSALS = frozenset(("reversePayment", "reverseRefund"))
_PARTS = ("paymentId", "refundId")
"""The names that paths have for the part of an object that an action is about."""
LISTS = frozenset(("items", "payments", "refunds", "corrections"))
"""Fields that a page shows as tables: of their changes, the history beside them has only the names."""
CHANGED_MEANWHILE = marked("Somebody has changed this since you opened the page. Look at it and decide again.")


class Sent(NamedTuple):
    """The form of an action that was sent and not executed."""

    action: str
    payment: str
    """The id of the payment or refund that it is about; empty for none."""
    texts: Mapping[str, str]
    problems: Mapping[str, str] = {}
    notice: str = ""


class ObjectPage(CommandPage):
    """`GET` shows the object, or with `?version=` an earlier state of it. `POST` executes one of its actions."""

    managers_only: ClassVar[bool] = False
    managers_post: ClassVar[bool] = False

    def __init__(
        self, pages: PageFactory, kind: ObjectKind, dependencies: Dependencies, origin: Origin, client: ClientOf
    ) -> None:
        super().__init__(pages, dependencies.command_bus, client)
        self._kind, self._reads, self._overview = kind, dependencies.member_reads, dependencies.overview
        self._users, self._origin, self._actions = dependencies.users, origin, actions_of(kind.type)

    def on_get(self, req: Request, resp: falcon.Response, id: str) -> None:
        check_readable(req.context.signed_in_member, self._kind.kind)
        self._show(req, resp, id, read_version_of(req))

    def on_post(self, req: Request, resp: falcon.Response, id: str) -> None:
        member, form = req.context.signed_in_member, req.context.sent_form
        check_writable(member, self._kind.kind)
        action = self._actions.get(form.text("action"))
        if action is None:
            raise ApiError(400, "invalid_parameter", _("This form is of an older page. Open the page again."))
        sent = Sent(action.name, form.id("partId"), texts_of(form, action.fields))
        retry, version = retry_of(req, sent.action, sent.payment), read_version(_sent_version(req))
        if retry is None or version is None:
            self._show(req, resp, id, sent=sent._replace(notice=_(EXPIRED_FORM)), status=422)
            return
        body = {**action.body, **_without_nulls(read_fields(form, action.fields))}
        command = parse_command(action.command, body, id, path=dict.fromkeys(_PARTS, sent.payment))
        try:
            self.execute(req, command, retry, version)
        except Invalid as error:
            problems, others = split_problems(error.violations, action.fields)
            sent = sent._replace(problems=problems, notice=" ".join(others))
            self._show(req, resp, id, sent=sent, status=422)
        except NotFound:
            raise
        except StaleVersion:
            self._show(req, resp, id, sent=sent._replace(notice=_(CHANGED_MEANWHILE)), status=409)
        except DomainError as error:
            self._show(req, resp, id, sent=sent._replace(notice=sentence_of_refusal(error)), status=409)
        else:
            raise see_other(self._after(req, id, action))

    def _after(self, req: Request, id: str, action: ObjectAction) -> str:
        """Return the address to which an action leads: the list in which it was taken, or the page of the object."""
        back = own_path(req.context.sent_form.text("back"))
        if back.partition("?")[0] != self._kind.path:
            return f"{self._kind.path}/{id}?{DONE}={action.name}"
        return f"{after_decision(back, action.name, str(req.params.get(NEXT, '')))}#{id}"

    def _show(
        self,
        req: Request,
        resp: falcon.Response,
        id: str,
        version: int | None = None,
        sent: Sent | None = None,
        status: int = 200,
    ) -> None:
        member, kind = req.context.signed_in_member, self._kind
        stored, present = states = read_stored(self._reads, member.org_id, kind, id, version)
        history = self._overview.get_history(member.org_id, id, None, STEPS_SHOWN)
        view, steps = view_of(kind.kind, stored.body, member.time_zone), self._steps(member, history)
        opened, payment = _opened(req, sent)
        may_act = member.may_write(kind.kind) and states.is_present
        resp.status = status
        self.render(
            req,
            resp,
            kind.template,
            kind=kind,
            view=view,
            excerpt=excerpt_of(view, steps, read_place(req.params, view.payments, payment)),
            link=partial(_link, f"{kind.path}/{id}", stored.version if not states.is_present else None),
            id=id,
            path_of=f"{kind.path}/{id}",
            following=str(req.params.get(NEXT, "")),
            tags=tags_of(view.entry),
            name=object_name(kind.kind, id, history.display_name),
            page_title=object_title(kind.kind, id, history.display_name),
            version=stored.version,
            versions=present.version,
            is_present=states.is_present,
            actions=self._offered(view) if may_act else (),
            reversal=self._reversal() if may_act else None,
            may_change=may_act and "update" in view.entry.available_actions,
            may_write=member.may_write(kind.kind),
            who_may_write=who_may_write(kind.kind),
            texts=self._texts(member, view),
            sent=sent,
            done=None if sent else self._done(req),
            opened=opened,
            opened_payment=payment,
            back=own_path(req.context.sent_form.text("back") if sent else str(req.params.get("back", ""))),
            steps=steps,
            others=self._others(member, view) if states.is_present else None,
            notes=notes_of(kind),
            curl=_curl(self._origin(req), kind, id, None if states.is_present else stored.version),
            form_token=new_form_token(member.now),
        )

    def _others(self, member: Member, view: ObjectView) -> Others | None:
        """Return who else is away, for the page of a leave."""
        return others_away(self._reads, member.org_id, view.entry) if self._kind is LEAVE_PAGES else None

    def _done(self, req: Request) -> str | None:
        """Return what has been done with the object just before, as a sentence; None for nothing."""
        name = req.params.get(DONE)
        action = self._actions.get(str(name))
        return _("It is saved.") if name == SAVED else _(action.done) if action else None

    def _offered(self, view: ObjectView) -> list[ObjectAction]:
        """Return the actions with a form of their own, those that cannot be undone behind the others.

        Payments and refunds have theirs for a reversal in their rows.
        """
        offered = set(view.entry.available_actions) - _REVERSALS
        found = [action for name, action in self._actions.items() if name in offered]
        return sorted(found, key=lambda action: action.is_danger)

    def _reversal(self) -> ObjectAction | None:
        """Return the action that takes back a payment or a refund; None if the object has neither."""
        return next((action for name, action in self._actions.items() if name in _REVERSALS), None)

    def _texts(self, member: Member, view: ObjectView) -> dict[str, dict[str, str]]:
        """Return what the fields of each action contain before the user changes them."""
        entry, today = view.entry, day_in(member.time_zone, member.now)
        values = {
            "recordPayment": {"amount": getattr(entry, "balance_due", None), "paidOn": today},
            "recordRefund": {"amount": getattr(entry, "refund_due", None), "date": today},
            "shorten": {"endDate": getattr(entry, "end_date", None), "endPart": getattr(entry, "end_part", None)},
        }
        return {name: initial_texts(values.get(name, {}), each.fields) for name, each in self._actions.items()}

    def _steps(self, member: Member, history: History) -> list[Step]:
        """Return the last events. Lines and payments stand above, so of their changes only the names are shown."""
        users = self._users.get_names(member.org_id)
        return [step_of(each, history, users, member.time_zone, without=LISTS) for each in history.steps]


def _sent_version(req: Request) -> str:
    """Return the version that the page has shown: in the form, or in the address to which a button of a list sends."""
    return req.context.sent_form.text("version") or str(req.params.get("version", ""))


def _without_nulls(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that are filled in: an empty one is left as it is."""
    return {name: value for name, value in body.items() if value is not None}


def _opened(req: Request, sent: Sent | None) -> tuple[str, str]:
    """Return the name of the action whose form is open, and the id of the payment that it is about; empty for none."""
    if sent:
        return sent.action, sent.payment
    return str(req.params.get("do", "")), str(req.params.get("payment", ""))


def _link(path: str, version: int | None, **parameters: Any) -> str:
    """Return the address of the page, in the version that it shows, with these parameters."""
    query = {"version": version, **parameters} if version is not None else parameters
    return f"{path}?{urlencode(query)}"


def _curl(origin: str, kind: ObjectKind, id: str, version: int | None) -> str:
    query = {} if version is None else {"version": str(version)}
    return curl.render(SampleRequest("GET", f"{origin}{BASE}/{kind.type.path}/{id}", query))
