"""The forms `/home/invoices/new` and those of bills and leaves, and the base of all forms of objects."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, ClassVar, NamedTuple

import falcon
from markupsafe import Markup

from api.console.access.rights import check_writable
from api.console.commands import EXPIRED_FORM, CommandPage
from api.console.forms.refusals import sentence_of_refusal
from api.console.forms.tokens import new_form_token, retry_of
from api.console.long_lists import bytes_of
from api.console.objects.fields import NUMBER, Field
from api.console.objects.filters import DONE
from api.console.objects.forms.lines import AFTER, BEFORE, LINE_FIELDS, MAX_LINES, TAX_FIELDS, LineForm, pack
from api.console.objects.forms.object_form import ObjectForm, new_form, read_form
from api.console.objects.forms.parties import parties_of
from api.console.objects.kinds import ObjectKind
from api.console.objects.one.page import SAVED
from api.console.page import see_other
from api.http.address import ClientOf
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.translation import gettext as _
from api.ports.dependencies import Dependencies
from commands.body import parse_command
from commands.command import Command
from commands.document import DraftDocument
from commands.unit_of_work import CommandResult
from domain.calendar import day_in
from domain.document import Document, camel
from domain.errors import DomainError, Invalid, NotFound, StaleVersion
from domain.money import DEFAULT_CURRENCY
from domain.parties.party import side_of
from domain.tax.parties import Sides

DUE_IN = timedelta(days=30)
"""How long after its date a new document is due, as the form proposes it."""
_ADD, _COMPUTE, _TAX = "add", "compute", "tax"
"""The values of the buttons that change nothing but the form."""
_GROUP, _CHECKED = "lines", "checked"
"""The button that shows other lines has the number of one. Once a form was refused, it says what is wrong in them."""

_UNSAVED_BYTES = 15_000
"""How many bytes of texts travel with the form before it asks to be saved."""


class LineField(NamedTuple):
    """A field of every line, with what is the same in all of them: a document can have 200."""

    name: str
    label: str
    attributes: Markup


def attributes_of(field: Field) -> Markup:
    """Return the attributes of the field's element that do not depend on the line."""
    mode = Markup(' inputmode="decimal"') if field.widget == NUMBER else Markup()
    return mode + (Markup(' maxlength="{}"').format(field.max_length) if field.max_length else Markup())


class FormPage(CommandPage):
    """The base of both forms. A form that is sent twice takes effect once."""

    managers_only: ClassVar[bool] = False
    managers_post: ClassVar[bool] = False
    max_fields: ClassVar[int] = (MAX_LINES + 10) * len((*LINE_FIELDS, *TAX_FIELDS))
    max_form_bytes: ClassVar[int] = 512 * 1024

    def __init__(self, pages: PageFactory, kind: ObjectKind, dependencies: Dependencies, client: ClientOf) -> None:
        super().__init__(pages, dependencies.command_bus, client)
        self._kind, self._reads = kind, dependencies.member_reads
        self._parties, self._organizations = parties_of(kind, dependencies.member_reads), dependencies.organizations

    def _handle(
        self,
        req: Request,
        form: ObjectForm,
        execute: Callable[[], CommandResult],
        show: Callable[..., None],
        create: type[Command],
        stored: Sequence[LineForm] = (),
    ) -> None:
        """Do what the pressed button says: remove a line, show others, add some, compute the totals, or execute.

        `stored` are the lines of the version that the form names.
        """
        sent = req.context.sent_form
        if number := sent.text("remove"):
            form.remove_line(number)
            show(form)
        elif number := sent.text(_GROUP):
            if sent.text(_CHECKED):
                self._compute(req, form, create)
            form.show_line(number)
            show(form)
        elif sent.text("do") == _ADD:
            self._add_lines(form, stored)
            show(form)
        elif sent.text("do") == _TAX:
            form.shows_tax_fields = True
            show(form)
        elif sent.text("do") == _COMPUTE:
            self._compute(req, form, create)
            show(form)
        else:
            if self._parties is not None:
                self._parties.fill_in(req.context.signed_in_member.org_id, form)
            self._execute(form, execute, show)

    def _compute(self, req: Request, form: ObjectForm, create: type[Command]) -> None:
        """Show the totals, with the taxes that follow from the profile of the organization and from the party."""
        if not issubclass(create, DraftDocument):
            return
        member = req.context.signed_in_member
        today = day_in(member.time_zone, member.now)
        supplier = self._organizations.get_settings(member.org_id).supplier
        party = self._parties.party_of(member.org_id, form) if supplier and self._parties else None
        form.compute(create, Sides(supplier, None if party is None else side_of(party, today)), today)

    def _add_lines(self, form: ObjectForm, stored: Sequence[LineForm]) -> None:
        """Add empty lines, unless what was typed is so long that it must be stored before the page can show more."""
        if bytes_of(*form.texts.values(), pack(form.lines or (), stored)) > _UNSAVED_BYTES:
            form.notices.append(
                _("The texts of this form are long. Save it now, then change what was saved to add more lines.")
            )
        else:
            form.add_lines()

    def _execute(self, form: ObjectForm, execute: Callable[[], CommandResult], show: Callable[..., None]) -> None:
        try:
            result = execute()
        except Invalid as error:
            form.refuse(error.violations)
            if self._parties is not None:
                self._parties.tell(form)
            show(form, 422)
        except (NotFound, StaleVersion):
            raise
        except DomainError as error:
            form.notices.append(sentence_of_refusal(error))
            show(form, 409)
        else:
            raise see_other(f"{self._kind.path}/{result.id}?{DONE}={SAVED}")

    def _render(
        self,
        req: Request,
        resp: falcon.Response,
        form: ObjectForm,
        status: int,
        stored: Sequence[LineForm],
        **facts: Any,
    ) -> None:
        """Show the form. `stored` are the lines of the version that it names."""
        resp.status = status
        member, lines, group = req.context.signed_in_member, form.lines or [], form.group
        others = {BEFORE: lines[: group.first - 1], AFTER: lines[group.last :]}
        party_field = self._parties.name_field if self._parties else ""
        has_parties = any(field.name == party_field for field in form.fields)
        self.render(
            req,
            resp,
            "objects/form.html",
            kind=self._kind,
            form=form,
            other_lines={name: pack(each, stored) for name, each in others.items() if each},
            is_checked=bool(form.wrong_fields) or bool(req.context.form and req.context.form.text(_CHECKED)),
            line_fields=[LineField(each.name, _(each.label), attributes_of(each)) for each in LINE_FIELDS],
            tax_fields=[LineField(each.name, _(each.label), attributes_of(each)) for each in TAX_FIELDS]
            if form.has_tax_fields
            else [],
            can_add_lines=form.lines is not None and len(lines) < MAX_LINES,
            parties=self._parties.recent(member.org_id) if self._parties and has_parties else (),
            party_field=party_field,
            form_token=new_form_token(member.now),
            **facts,
        )


class NewObject(FormPage):
    """`GET` shows the form of a new object. `POST` creates it, as a draft or as a request."""

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        member = req.context.signed_in_member
        check_writable(member, self._kind.kind)
        today = day_in(member.time_zone, member.now)
        aggregate = self._kind.type.aggregate
        values: dict[str, Any] = {}
        if issubclass(aggregate, Document):
            values = {"currency": DEFAULT_CURRENCY, "dueDate": today + DUE_IN, camel(aggregate.date_field): today}
        if self._parties is not None and isinstance(id := req.params.get(self._parties.id_field), str):
            values |= self._parties.named(member.org_id, id)
        self._show(req, resp, new_form(self._kind.kind, values))

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        check_writable(req.context.signed_in_member, self._kind.kind)
        sent, create = req.context.sent_form, self._kind.type.create
        blank = new_form(self._kind.kind, {})
        form = read_form(sent, blank.fields, has_lines=blank.lines is not None)

        def show(form: ObjectForm, status: int = 200) -> None:
            self._show(req, resp, form, status)

        def execute() -> CommandResult:
            body = {name: value for name, value in form.body().items() if value is not None}
            return self.execute(req, parse_command(create, body, may_be_retry=True), retry)

        retry = retry_of(req)
        if retry is None:
            form.notices.append(_(EXPIRED_FORM))
            show(form, 422)
            return
        self._handle(req, form, execute, show, create)

    def _show(self, req: Request, resp: falcon.Response, form: ObjectForm, status: int = 200) -> None:
        facts = {"action": f"{self._kind.path}/new", "back": self._kind.path, "back_title": _(self._kind.title)}
        self._render(req, resp, form, status, (), title=_(self._kind.new), **facts)
