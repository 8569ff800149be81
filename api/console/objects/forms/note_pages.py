"""The forms `/home/credit-notes/new` and those of other notes: a note is drafted from the page of its document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import falcon
import msgspec

from api.console.access.rights import check_writable
from api.console.commands import EXPIRED_FORM, CommandPage
from api.console.forms.refusals import sentence_of_refusal
from api.console.forms.tokens import new_form_token, read_version, retry_of
from api.console.objects.fields import initial_texts, texts_of
from api.console.objects.filters import DONE
from api.console.objects.forms.conflict import CHANGED_MEANWHILE
from api.console.objects.forms.note_form import (
    MAX_PARTS,
    NOTES,
    PART_FIELDS,
    NoteForm,
    note_form,
    others_of,
    read_note_form,
)
from api.console.objects.forms.pages import LineField, attributes_of
from api.console.objects.kinds import OBJECT_PAGES, ObjectKind
from api.console.objects.one.page import SAVED
from api.console.objects.one.stored import read_stored
from api.console.objects.one.totals import note_totals
from api.console.page import see_other
from api.http.address import ClientOf
from api.http.errors import ApiError
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.others_texts import isolated
from api.pages.translation import gettext as _
from api.ports.dependencies import Dependencies
from commands.body import parse_command
from commands.unit_of_work import CommandResult
from domain.calendar import day_in
from domain.document import DRAFT, Document, camel
from domain.errors import DomainError, Invalid, NotFound, StaleVersion
from domain.notes.items import Wanted
from domain.notes.note import Note
from projections.registry import ROWS

_COMPUTE, _GROUP = "compute", "lines"
"""The button that changes nothing but the form, and the one that shows other lines."""
_ANY_REASON = "–"
"""The reason of a note that is drafted only to see what it comes to."""


class NoteFormPage(CommandPage):
    """The base of both forms. A form that is sent twice takes effect once."""

    managers_only: ClassVar[bool] = False
    managers_post: ClassVar[bool] = False
    max_fields: ClassVar[int] = (MAX_PARTS + 10) * len(PART_FIELDS)
    max_form_bytes: ClassVar[int] = 256 * 1024

    def __init__(self, pages: PageFactory, kind: ObjectKind, dependencies: Dependencies, client: ClientOf) -> None:
        super().__init__(pages, dependencies.command_bus, client)
        self._kind, self._reads = kind, dependencies.member_reads
        self._target: type[Note] = kind.type.aggregate  # type: ignore[assignment]
        self._of = next(each for each in OBJECT_PAGES if each.type.aggregate is self._target.corrects)
        self._id_field = camel(self._target.document_field("id"))

    def _document(self, req: Request, id: str) -> Document:
        """Return the invoice or bill with this id. Raises NotFound."""
        org_id, listing = req.context.signed_in_member.org_id, self._of.type.listing
        stored = self._reads.get(org_id, listing, id) if self._target.corrects.is_id(id) else None
        if stored is None:
            raise NotFound(self._of.kind, id)
        projection: Any = ROWS[self._of.kind]
        parts = [stored.body] * len(projection.restored_from)
        document: Document = projection.aggregate_of(projection.restore(*parts))
        return document

    def _handle(
        self,
        req: Request,
        form: NoteForm,
        document: Document | None,
        execute: Callable[[], CommandResult],
        show: Callable[..., None],
    ) -> None:
        """Do what the pressed button says: show other lines, compute what the note comes to, or execute."""
        sent = req.context.sent_form
        if place := sent.text(_GROUP):
            form.show_line(place)
            show(form)
        elif sent.text("do") == _COMPUTE and document is not None:
            self._compute(req, form, document)
            show(form)
        else:
            self._execute(form, execute, show)

    def _compute(self, req: Request, form: NoteForm, document: Document) -> None:
        """Show what the note comes to, as the service computes it; nothing is stored."""
        member = req.context.signed_in_member
        body = {name: value for name, value in form.body().items() if value is not None}
        reason = {"reason": body.get("reason", _ANY_REASON), self._id_field: document.id}
        try:
            command: Any = parse_command(self._kind.type.create, {**body, **reason})
            note = self._target.draft(
                self._target.id_prefix,
                document,
                at=member.now,
                number=getattr(command, "number", None),
                reason=command.reason,
                date=command.date or day_in(member.time_zone, member.now),
                wanted=Wanted(command.items, command.amount),
                tax_adjustment=command.tax_adjustment,
            )
        except Invalid as error:
            form.refuse(error.violations, others_of(self._target))
        else:
            form.totals = note_totals(vars(note))

    def _execute(self, form: NoteForm, execute: Callable[[], CommandResult], show: Callable[..., None]) -> None:
        try:
            result = execute()
        except Invalid as error:
            form.refuse(error.violations, others_of(self._target))
            show(form, 422)
        except NotFound:
            raise
        except StaleVersion:
            form.notices.append(_(CHANGED_MEANWHILE))
            show(form, 409)
        except DomainError as error:
            form.notices.append(sentence_of_refusal(error))
            show(form, 409)
        else:
            raise see_other(f"{self._kind.path}/{result.id}?{DONE}={SAVED}")

    def _render(self, req: Request, resp: falcon.Response, form: NoteForm, status: int, **facts: Any) -> None:
        resp.status = status
        self.render(
            req,
            resp,
            "objects/note_form.html",
            kind=self._kind,
            form=form,
            part_fields=[LineField(each.name, _(each.label), attributes_of(each)) for each in PART_FIELDS],
            everything=form.everything_text,
            form_token=new_form_token(req.context.signed_in_member.now),
            **facts,
        )


class NewNote(NoteFormPage):
    """`GET` shows the form of a new note for the document that the address names. `POST` drafts it."""

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        member = req.context.signed_in_member
        check_writable(member, self._kind.kind)
        id = req.params.get(self._id_field)
        if not isinstance(id, str):
            raise ApiError(400, "invalid_parameter", _(self._kind.empty))
        document, today = self._document(req, id), day_in(member.time_zone, member.now)
        form = note_form(self._target, document, {"date": today})
        found = [each for each in self._target.check_document(document, today) if each.field == self._id_field]
        form.refuse(found, others_of(self._target))
        form.problems = {}
        self._show(req, resp, document, form)

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        check_writable(req.context.signed_in_member, self._kind.kind)
        sent, retry = req.context.sent_form, retry_of(req)
        document = self._document(req, sent.id(self._id_field))
        form = read_note_form(sent, self._target, document)

        def show(form: NoteForm, status: int = 200) -> None:
            self._show(req, resp, document, form, status)

        def execute() -> CommandResult:
            body = {name: value for name, value in form.body().items() if value is not None}
            body[self._id_field] = document.id
            return self.execute(req, parse_command(self._kind.type.create, body, may_be_retry=True), retry)

        if retry is None:
            form.notices.append(_(EXPIRED_FORM))
            show(form, 422)
        else:
            self._handle(req, form, document, execute, show)

    def _show(self, req: Request, resp: falcon.Response, document: Document, form: NoteForm, status: int = 200) -> None:
        back = f"{self._of.path}/{document.id}"
        self._render(
            req,
            resp,
            form,
            status,
            title=_(self._kind.new),
            action=f"{self._kind.path}/new",
            back=back,
            back_title=isolated(getattr(document, document.number_field)),
            hidden={self._id_field: document.id},
        )


class EditNote(NoteFormPage):
    """`GET` shows the fields of a note that can still be changed. `POST` changes them."""

    def on_get(self, req: Request, resp: falcon.Response, id: str) -> None:
        check_writable(req.context.signed_in_member, self._kind.kind)
        body = self._body(req, id)
        document = self._document_of(req, body)
        form = self._notes_alone(body) if document is None else note_form(self._target, document, body)
        self._show(req, resp, body, form)

    def on_post(self, req: Request, resp: falcon.Response, id: str) -> None:
        check_writable(req.context.signed_in_member, self._kind.kind)
        sent, retry, body = req.context.sent_form, retry_of(req), self._body(req, id)
        document, version = self._document_of(req, body), read_version(sent.text("version"))
        if document is None:
            form = self._notes_alone(body)
            form.texts = texts_of(sent, form.fields)
        else:
            form = read_note_form(sent, self._target, document)

        def show(form: NoteForm, status: int = 200) -> None:
            self._show(req, resp, body, form, status)

        def execute() -> CommandResult:
            return self.execute(req, parse_command(self._kind.type.update, form.body(), id), retry, version)

        if retry is None or version is None:
            form.notices.append(_(EXPIRED_FORM))
            show(form, 422)
        else:
            self._handle(req, form, document, execute, show)

    def _document_of(self, req: Request, body: Mapping[str, Any]) -> Document | None:
        """Return the document of a draft; None for a note whose amounts cannot be changed any more."""
        return self._document(req, body[self._id_field]) if body["status"] == DRAFT else None

    def _notes_alone(self, body: Mapping[str, Any]) -> NoteForm:
        return NoteForm((NOTES,), initial_texts(body, (NOTES,)))

    def _body(self, req: Request, id: str) -> dict[str, Any]:
        """Return the note, as the API has it. A note that cannot be changed any more has only its page."""
        stored = read_stored(self._reads, req.context.signed_in_member.org_id, self._kind, id, None).state
        body = msgspec.json.decode(stored.body, type=dict[str, Any])
        if "update" not in body["availableActions"]:
            raise see_other(f"{self._kind.path}/{id}")
        return body

    def _show(
        self, req: Request, resp: falcon.Response, body: Mapping[str, Any], form: NoteForm, status: int = 200
    ) -> None:
        path, number = f"{self._kind.path}/{body['id']}", body["number"] or _("draft")
        self._render(
            req,
            resp,
            form,
            status,
            title=_("Change %(name)s", name=isolated(number)),
            action=f"{path}/edit",
            back=path,
            back_title=isolated(number),
            hidden={"version": str(body["version"])},
        )
