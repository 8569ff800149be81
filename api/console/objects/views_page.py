"""The page `/home/invoices/views`, where users save the filters and the order of a list under a name."""

from __future__ import annotations

from hashlib import sha256
from typing import ClassVar, NamedTuple

import falcon
from falcon.uri import parse_query_string

from api.console.access.rights import check_readable
from api.console.commands import EXPIRED_FORM
from api.console.forms.tokens import new_form_token, retry_of
from api.console.long_lists import bytes_of, number_in, part_with
from api.console.objects.filters import filters_of, query_of, query_text, read_sent
from api.console.objects.kinds import ObjectKind
from api.console.page import ConsolePage, see_other
from api.http.form import Form
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.translation import gettext as _
from api.pages.translation import marked
from api.ports.dependencies import Dependencies
from api.ports.users import Member
from api.ports.users.views import ListOfViews, SavedView, TakenName, TooManyViews
from domain.accounts.user.saved_view import MAX_NAME_CHARACTERS, MAX_QUERY_CHARACTERS, MAX_VIEWS, parse_view_name
from projections.query.refusals import InvalidQuery

_WRONG_NAME = marked("Enter a name of 1 to %(count)s characters that can be seen.")
_TAKEN = marked("You have a view of this name. Choose another name, or remove that view first.")
_TOO_MANY = marked("There are %(count)s views already. Remove one that nobody needs.")
_WRONG_FILTERS = marked("The list does not know these filters. Go back to it, filter again, and save the view then.")
_GONE = marked("Somebody has removed this view meanwhile, or you may not change it.")
_NOT_SENT = Form({})
_LIST_BYTES, _ROW_MARKUP = 46_000, 900
"""How many bytes the list of views has on a page, and about how many of markup a view has in it."""


class Refused(Exception):
    """A form was not accepted; the message says why."""


class ViewRow(NamedTuple):
    """A view on the page, with the form that renames and removes it."""

    id: str
    name: str
    href: str
    is_shared: bool
    may_change: bool
    typed: str
    """What stands in the field for its name."""
    problem: str = ""


class NewView(NamedTuple):
    """The form that saves a view."""

    query: str
    may_share: bool
    typed: str = ""
    is_shared: bool = False
    problem: str = ""
    max_name: int = MAX_NAME_CHARACTERS


class ViewsPage(ConsolePage):
    """The views of a list that the user sees. Everybody may save own ones; who may change objects may share them."""

    managers_post: ClassVar[bool] = False

    def __init__(self, pages: PageFactory, kind: ObjectKind, dependencies: Dependencies) -> None:
        super().__init__(pages)
        self._kind, self._views = kind, dependencies.saved_views

    @property
    def path(self) -> str:
        """The path of the page."""
        return f"{self._kind.path}/views"

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        check_readable(req.context.signed_in_member, self._kind.kind)
        self._show(req, resp)

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        member, form = req.context.signed_in_member, req.context.sent_form
        check_readable(member, self._kind.kind)
        try:
            leads_to = self._handle(req, views_of(member, self._kind))
        except Refused as refused:
            resp.status = 422
            self._show(req, resp, str(refused), form)
        else:
            raise see_other(leads_to)

    def _handle(self, req: Request, views: ListOfViews) -> str:
        """Do what the form asks for. Return the path of the page to show then. Raises Refused."""
        form = req.context.sent_form
        if form.text("action") == "remove":
            self._views.remove(views, form.id("id"))
            return self.path
        name = parse_view_name(form.text("name"))
        if name is None:
            raise Refused(_(_WRONG_NAME, count=MAX_NAME_CHARACTERS))
        try:
            return self._rename(req, views, name) if form.id("id") else self._save(req, views, name)
        except TakenName as taken:
            raise Refused(_(_TAKEN)) from taken
        except TooManyViews as many:
            raise Refused(_(_TOO_MANY, count=MAX_VIEWS)) from many

    def _rename(self, req: Request, views: ListOfViews, name: str) -> str:
        if not self._views.rename(views, req.context.sent_form.id("id"), name):
            raise Refused(_(_GONE))
        return self.path

    def _save(self, req: Request, views: ListOfViews, name: str) -> str:
        """Save a view, and return the address of the list with it. Its id comes from the token of the form."""
        retry, member = retry_of(req), req.context.signed_in_member
        if retry is None:
            raise Refused(_(EXPIRED_FORM))
        query = self._query(req.context.sent_form.text("query"), member)
        is_shared = bool(req.context.sent_form.text("shared")) and member.may_write(self._kind.kind)
        id = f"view_{sha256(retry.key.encode()).hexdigest()[:32]}"
        self._views.save(views, SavedView(id, name, query, is_shared, member.user_id))
        return f"{self._kind.path}?{query}" if query else self._kind.path

    def _query(self, text: str, member: Member) -> str:
        """Return the filters and the order of a list as its address has them. Raises Refused for others."""
        sent = filters_of(read_sent(parse_query_string(text, keep_blank=False)))
        try:
            self._kind.type.listing.query(member.org_id, query_of(sent, member.time_zone, member.now))
        except InvalidQuery as error:
            raise Refused(_(_WRONG_FILTERS)) from error
        query = query_text(sent)
        if len(query) > MAX_QUERY_CHARACTERS:
            raise Refused(_(_WRONG_FILTERS))
        return query

    def _show(self, req: Request, resp: falcon.Response, problem: str = "", sent: Form = _NOT_SENT) -> None:
        """Write the page. `problem` says what is wrong with the form that was sent."""
        member = req.context.signed_in_member
        found, id = self._views.list(views_of(member, self._kind)), sent.id("id")
        may_share = member.may_write(self._kind.kind)
        new = NewView(
            sent.text("query"), may_share, sent.text("name"), bool(sent.text("shared")), "" if id else problem
        )
        rows = [self._row(view, member, problem, sent) if view.id == id else self._row(view, member) for view in found]
        number = next((place for place, row in enumerate(rows, 1) if row.problem), number_in(req.params))
        self.render(
            req,
            resp,
            "objects/views.html",
            kind=self._kind,
            views_path=self.path,
            views=part_with(rows, number, _LIST_BYTES, _size),
            new_view=new,
            is_gone=bool(problem and id and id not in {view.id for view in found}),
            max_name=MAX_NAME_CHARACTERS,
            form_token=new_form_token(member.now),
        )

    def _row(self, view: SavedView, member: Member, problem: str = "", sent: Form | None = None) -> ViewRow:
        may_change = view.user_id == member.user_id or (view.is_shared and member.is_manager)
        typed = view.name if sent is None else sent.text("name")
        return ViewRow(view.id, view.name, href_of(self._kind, view), view.is_shared, may_change, typed, problem)


def views_of(member: Member, kind: ObjectKind) -> ListOfViews:
    """Return which views of a list the user sees."""
    return ListOfViews(member.org_id, kind.kind, member.user_id, member.is_manager)


def href_of(kind: ObjectKind, view: SavedView) -> str:
    """Return the address of the list with a view."""
    return f"{kind.path}?{view.query}" if view.query else kind.path


def _size(row: ViewRow) -> int:
    return _ROW_MARKUP + bytes_of(row.href, row.typed) + 3 * bytes_of(row.name)
