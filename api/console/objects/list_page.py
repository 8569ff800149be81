"""The lists `/home/invoices`, `/home/bills` and `/home/leaves`, with the filters and orders of the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

import falcon
import msgspec
from markupsafe import Markup

from api.console.access.rights import check_readable
from api.console.forms.tokens import new_form_token
from api.console.long_lists import bytes_of, part_with
from api.console.objects.actions import row_actions
from api.console.objects.actions.action import ObjectAction
from api.console.objects.columns import Column, is_owed
from api.console.objects.filters import (
    DONE,
    NEXT,
    Sent,
    fields_of,
    filters_of,
    link,
    others_of,
    problems_of,
    query_of,
    query_text,
    read_sent,
)
from api.console.objects.kinds import ObjectKind
from api.console.objects.views_page import NewView, href_of, views_of
from api.console.objects.words import GOOD, VALUES
from api.console.page import ConsolePage
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.formats import format_money
from api.pages.translation import gettext as _
from api.pages.translation import marked
from api.ports.reads import MemberReads
from api.ports.users import Member
from api.ports.users.views import SavedView
from domain.reading import parse_instant
from projections.query.listing import DEFAULT_LIMIT, MAX_LIMIT
from projections.query.page import Page
from projections.query.past.lists import AS_OF
from projections.query.refusals import InvalidQuery
from projections.registry import ROWS
from projections.views.events import InTheFuture

_DOWNLOADS = {"csv": marked("Download all as CSV"), "xlsx": marked("Download all as XLSX")}
"""The links to the whole list as a file: the end of the name of the file, and the words."""


_VIEWS_BYTES, _VIEW_MARKUP = 5_000, 60
"""How many bytes the links to saved views have above a list, and about how many of markup each has."""


class Tag(NamedTuple):
    """A word about an object in a frame. `tone` is `good`, `bad`, or empty."""

    text: str
    tone: str = ""


class ListRow(NamedTuple):
    """An object in the texts of a list."""

    id: str
    version: int
    name: str | Markup
    tags: tuple[Tag, ...]
    cells: tuple[str | Markup, ...]
    actions: tuple[ObjectAction, ...]
    """What the user can decide in the row."""
    following: str
    """The id of the row that gets the focus when this one leaves the list; empty for none."""


class Heading(NamedTuple):
    """The heading of a column, and the address of the list in the order of this column."""

    title: str
    is_number: bool
    href: str = ""
    order: str = ""
    """`ascending` or `descending` if the list is in the order of this column."""


class ViewLink(NamedTuple):
    """A link to a saved view. `is_current` says whether the page shows it."""

    name: str
    href: str
    is_current: bool


class Sums(NamedTuple):
    """What the documents of a page come to in one currency."""

    total: str
    balance: str


class ObjectList(ConsolePage):
    """A page of the list. Its address has the query parameters of the API."""

    def __init__(self, pages: PageFactory, kind: ObjectKind, reads: MemberReads) -> None:
        super().__init__(pages)
        self._kind, self._reads = kind, reads

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        member, kind = req.context.signed_in_member, self._kind
        check_readable(member, kind.kind)
        sent = read_sent(req.params)
        entries, cursor, views, problems = self._find(member, sent)
        resp.status = falcon.HTTP_400 if problems else falcon.HTTP_200
        fields, links = fields_of(kind, sent), links_of(kind, views, sent)
        is_past = AS_OF in sent
        may_write = member.may_write(kind.kind) and not is_past
        offered = row_actions(kind.type) if may_write else ()
        self.render(
            req,
            resp,
            "objects/list.html",
            kind=kind,
            fields=fields,
            others=others_of(sent, fields),
            problems=problems,
            headings=headings_of(kind, sent),
            rows=_rows(kind, entries, offered),
            done=next((each.done for each in row_actions(kind.type) if each.name == req.params.get(DONE)), None),
            focused=_focused(req, entries),
            since=None if entries or problems or not is_past else self._since(member, sent),
            sums=sums_of(entries) if kind.has_amounts else (),
            following=link(kind.path, at_instant(sent, member), cursor=cursor) if cursor else "",
            first=link(kind.path, sent, cursor=None) if "cursor" in sent else "",
            downloads=[
                (link(f"{kind.path}/list.{suffix}", sent, cursor=None, limit=None), _(words))
                for suffix, words in _DOWNLOADS.items()
            ],
            views=part_with(links, 1, _VIEWS_BYTES, _view_size),
            views_path=f"{kind.path}/views",
            new_view=NewView(query_text(filters_of(sent)), member.may_write(kind.kind)),
            is_filtered=bool(sent.keys() - {"cursor", "sort", "limit"}),
            may_write=may_write,
            as_of=as_of_in(sent, member) if is_past and not problems else None,
            present=link(kind.path, sent, asOf=None, cursor=None),
            form_token=new_form_token(member.now),
        )

    def _since(self, member: Member, sent: Sent) -> datetime | None:
        """Return when the first object of the list was recorded, if a list as it was is of an earlier time."""
        listing = self._kind.type.listing
        page = self._reads.list_page(member.org_id, listing.query(member.org_id, {"sort": "createdAt"}, rows=1))
        created = [parse_instant(entry.created_at) for entry in self._decoded(page)]
        return created[0] if created and as_of_in(sent, member) < created[0] else None

    def _find(self, member: Member, sent: Sent) -> tuple[list[Any], str | None, Sequence[SavedView], dict[str, str]]:
        """Return the objects of the page, the cursor of the next one, the saved views that the user sees, and a message
        for each wrong parameter."""
        try:
            params = _small(query_of(sent, member.time_zone, member.now))
            query = self._kind.type.listing.query(member.org_id, params)
            page, views = self._reads.list_with_views(query, views_of(member, self._kind))
        except InvalidQuery as error:
            return [], None, (), problems_of(self._kind, error.violations)
        except InTheFuture:
            return [], None, (), {AS_OF: _("This time has not come yet. Choose an earlier one.")}
        return self._decoded(page), page.next_cursor, views, {}

    def _decoded(self, page: Page) -> list[Any]:
        return [msgspec.json.decode(each, type=ROWS[self._kind.kind].entry_type) for each in page.objects]


def _small(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the parameters for a page of at most DEFAULT_LIMIT rows, so that it is small. Wrong ones stay."""
    limit = str(params.get("limit", ""))
    is_more = limit.isascii() and limit.isdecimal() and DEFAULT_LIMIT < int(limit[:4]) <= MAX_LIMIT
    return {**params, "limit": str(DEFAULT_LIMIT)} if is_more else params


def _focused(req: Request, entries: Sequence[Any]) -> str:
    """Return the id of the row that gets the focus after the one before it has left the list; empty for none.

    While the decided row is in the list, the fragment of the address leads to it instead.
    """
    following = str(req.params.get(NEXT, ""))
    return following if DONE in req.params and any(entry.id == following for entry in entries) else ""


def links_of(kind: ObjectKind, views: Sequence[SavedView], sent: Sent) -> list[ViewLink]:
    """Return the links to the saved views; the one that the page shows is the first."""
    current = query_text(filters_of(sent))
    links = [ViewLink(view.name, href_of(kind, view), view.query == current) for view in views]
    return sorted(links, key=lambda link: not link.is_current)


def _view_size(view: ViewLink) -> int:
    return _VIEW_MARKUP + bytes_of(view.name, view.href)


def at_instant(sent: Sent, member: Member) -> Sent:
    """Return the parameters with the instant that `asOf` means: the next page is of the same one, also today."""
    return {**sent, AS_OF: query_of(sent, member.time_zone, member.now)[AS_OF]} if AS_OF in sent else sent


def as_of_in(sent: Sent, member: Member) -> datetime:
    """Return the instant that the parameter `asOf` means. It must be right."""
    return datetime.fromisoformat(at_instant(sent, member)[AS_OF])


def tags_of(entry: Any) -> tuple[Tag, ...]:
    """Return the words about the state of an object: its status, and whether it is overdue."""
    status = Tag(_(VALUES[entry.status]), "good" if entry.status in GOOD else "")
    return (status, Tag(_("overdue"), "bad")) if getattr(entry, "is_overdue", False) else (status,)


def headings_of(kind: ObjectKind, sent: Sent) -> list[Heading]:
    """Return the headings of the columns. Each order begins on the first page."""
    sort = sent.get("sort") or kind.type.listing.sort_for(sent)
    rest = {name: text for name, text in sent.items() if name != "cursor"}

    def heading(column: Column) -> Heading:
        if not column.sort:
            return Heading(_(column.title), column.is_number)
        is_down = sort == f"-{column.sort}"
        order = "descending" if is_down else "ascending" if sort == column.sort else ""
        other = column.sort if is_down else f"-{column.sort}"
        return Heading(_(column.title), column.is_number, link(kind.path, rest, sort=other), order)

    return [heading(column) for column in (kind.name, *kind.columns)]


def sums_of(entries: Sequence[Any]) -> list[Sums]:
    """Return the sums of totals and balances for each currency, in the order in which the currencies occur.

    What is void counts nowhere, and nobody owes what is only a draft.
    """
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    for entry in entries:
        total, balance = sums.get(entry.currency, (Decimal(0), Decimal(0)))
        if entry.status != "void":
            total += entry.total_amount
        if is_owed(entry):
            balance += entry.balance_due
        sums[entry.currency] = (total, balance)
    return [
        Sums(format_money(total, currency), format_money(balance, currency))
        for currency, (total, balance) in sums.items()
    ]


def _rows(kind: ObjectKind, entries: Sequence[Any], offered: tuple[ObjectAction, ...]) -> list[ListRow]:
    ids = [entry.id for entry in entries]
    following = [*ids[1:], *ids[-2:-1]] if len(ids) > 1 else [""] * len(ids)
    return [_row(kind, entry, offered, each) for entry, each in zip(entries, following, strict=True)]


def _row(kind: ObjectKind, entry: Any, offered: tuple[ObjectAction, ...], following: str) -> ListRow:
    return ListRow(
        entry.id,
        entry.version,
        kind.name.text(entry),
        tags_of(entry),
        tuple(column.text(entry) for column in kind.columns),
        tuple(action for action in offered if action.name in entry.available_actions),
        following,
    )
