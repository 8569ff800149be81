"""The forms `/home/invoices/{id}/edit` and those of bills and leaves: the change of an object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import falcon
import msgspec

from api.console.access.rights import check_writable
from api.console.activity.history_page import Step, step_of
from api.console.commands import EXPIRED_FORM
from api.console.forms.tokens import read_version, retry_of
from api.console.objects.filters import DONE
from api.console.objects.forms.conflict import compare
from api.console.objects.forms.declared import changeable
from api.console.objects.forms.lines import LineForm
from api.console.objects.forms.object_form import ObjectForm, form_of, read_form, stored_lines
from api.console.objects.forms.pages import FormPage
from api.console.objects.kinds import ObjectKind
from api.console.objects.one.page import LISTS, SAVED
from api.console.objects.one.stored import read_stored
from api.console.page import see_other
from api.http.address import ClientOf
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.others_texts import isolated
from api.pages.translation import gettext as _
from api.ports.dependencies import Dependencies
from api.ports.reads import StoredObject
from api.ports.users import Member
from commands.body import parse_command
from commands.unit_of_work import CommandResult
from domain.document import camel
from domain.errors import StaleVersion
from projections.registry import ROWS

CHANGES_SHOWN = 5
TAKE = "take"
"""The button that takes the lines as they are stored now, in place of those that were typed."""


class EditObject(FormPage):
    """`GET` shows the fields of an object that can still be changed. `POST` changes them."""

    def __init__(self, pages: PageFactory, kind: ObjectKind, dependencies: Dependencies, client: ClientOf) -> None:
        super().__init__(pages, kind, dependencies, client)
        self._overview, self._users = dependencies.overview, dependencies.users

    def on_get(self, req: Request, resp: falcon.Response, id: str) -> None:
        check_writable(req.context.signed_in_member, self._kind.kind)
        body = self._body(req, id)
        self._show(req, resp, body, form_of(self._kind.kind, self._kind.type.aggregate, body), stored_lines(body))

    def on_post(self, req: Request, resp: falcon.Response, id: str) -> None:
        check_writable(req.context.signed_in_member, self._kind.kind)
        sent, kind, body = req.context.sent_form, self._kind, self._body(req, id)
        fields, has_lines = changeable(kind.kind, kind.type.aggregate, body["status"])
        retry, version = retry_of(req), read_version(sent.text("version"))
        stored = self._stored_lines(req, body, version)
        form = read_form(sent, fields, has_lines=has_lines, stored=stored)
        if sent.text("do") == TAKE:
            form.lines = form_of(kind.kind, kind.type.aggregate, body).lines

        def show(form: ObjectForm, status: int = 200) -> None:
            self._show(req, resp, {**body, "version": version or body["version"]}, form, stored, status)

        def execute() -> CommandResult:
            changes = form.changes_from(form_of(kind.kind, kind.type.aggregate, body))
            if not changes:
                raise see_other(f"{kind.path}/{id}?{DONE}={SAVED}")
            return self.execute(req, parse_command(kind.type.update, changes, id), retry, version)

        if retry is None or version is None:
            form.notices.append(_(EXPIRED_FORM))
            show(form, 422)
        elif sent.text("do") == TAKE:
            self._show(req, resp, body, form, stored_lines(body))
        else:
            try:
                self._handle(req, form, execute, show, kind.type.create, stored)
            except StaleVersion:
                self._show_conflict(req, resp, id, form, version)

    def _show_conflict(self, req: Request, resp: falcon.Response, id: str, form: ObjectForm, version: int) -> None:
        """Show what the user has typed, and who has changed what since the version that the form has shown."""
        kind, present = self._kind, self._body(req, id)
        compare(form, form_of(kind.kind, kind.type.aggregate, present), self._stored_lines(req, present, version))
        steps = self._steps_since(req.context.signed_in_member, id, version)
        self._show(req, resp, present, form, stored_lines(present), 409, steps=steps, may_take=form.lines is not None)

    def _steps_since(self, member: Member, id: str, version: int) -> list[Step]:
        history = self._overview.get_history(member.org_id, id, None, CHANGES_SHOWN)
        users = self._users.get_names(member.org_id)
        return [
            step_of(each, history, users, member.time_zone, without=LISTS)
            for each in history.steps
            if each.record.originator_version > version
        ]

    def _stored_lines(self, req: Request, body: Mapping[str, Any], version: int | None) -> list[LineForm]:
        """Return the lines of the object in this version. `body` is its present state, which mostly has them."""
        if version is None or not 1 <= version < body["version"] or "items" not in body:
            return stored_lines(body)
        member = req.context.signed_in_member
        past = read_stored(self._reads, member.org_id, self._kind, body["id"], version).state
        return stored_lines(_decoded(past))

    def _body(self, req: Request, id: str) -> dict[str, Any]:
        """Return the object, as the API has it. An object that cannot be changed any more has only its page."""
        body = _decoded(read_stored(self._reads, req.context.signed_in_member.org_id, self._kind, id, None).state)
        if "update" not in body["availableActions"]:
            raise see_other(f"{self._kind.path}/{id}")
        return body

    def _show(
        self,
        req: Request,
        resp: falcon.Response,
        body: Mapping[str, Any],
        form: ObjectForm,
        stored: Sequence[LineForm],
        status: int = 200,
        **facts: Any,
    ) -> None:
        path, names = f"{self._kind.path}/{body['id']}", ROWS[self._kind.kind].display.name
        name = isolated(next((text for each in names if (text := body[camel(each)])), body["id"]))
        facts |= {"action": f"{path}/edit", "back": path, "back_title": name, "version": body["version"]}
        self._render(req, resp, form, status, stored, title=_("Change %(name)s", name=name), **facts)


def _decoded(stored: StoredObject) -> dict[str, Any]:
    return msgspec.json.decode(stored.body, type=dict[str, Any])
