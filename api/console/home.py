"""The page `/home`: outstanding and overdue amounts, and the leave requests that wait for a decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

import falcon
from markupsafe import Markup

from api.console.access.rights import url_for
from api.console.activity.sentences import actor_name
from api.console.objects.kinds import CREDIT_NOTE_PAGES, VENDOR_CREDIT_PAGES
from api.console.page import ConsolePage
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.formats import format_day, format_day_range, format_decimal, format_field, format_money
from api.pages.translation import gettext as _
from api.pages.translation import marked, ngettext
from api.ports.keys import KeyReads
from api.ports.overview import Overview
from api.ports.users import Member, Users
from api.ports.webhooks.reads import WebhookReads
from domain.bill import Bill
from domain.invoice import Invoice
from domain.leave import Leave as LeaveRequest
from projections.views.home import MAX_COUNTED, AgedBalance, PendingLeave, ProfileChange

AGES = (
    marked("Not yet due"),
    marked("1–30 days"),
    marked("31–60 days"),
    marked("61–90 days"),
    marked("Over 90 days"),
)
_OUTSTANDING = {each.kind: each.payable_statuses() for each in (Invoice, Bill)}
MAX_CURRENCIES = 20
"""The number of currencies that each section shows. The page also shows how many other currencies there are."""


class Home(ConsolePage):
    """The page that a user sees first after logging in."""

    def __init__(
        self, pages: PageFactory, overview: Overview, users: Users, webhook_reads: WebhookReads, key_reads: KeyReads
    ) -> None:
        super().__init__(pages)
        self._overview, self._users = overview, users
        self._webhook_reads, self._key_reads = webhook_reads, key_reads

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        member = req.context.signed_in_member
        org_id = member.org_id
        home = self._overview.get_home(org_id)
        leaked = self._key_reads.list_leaked(org_id)
        self.render(
            req,
            resp,
            "home.html",
            home=home,
            profile_changes=self._profile_changes(member, home.profile_changes),
            leaked_keys=leaked,
            used_parts=self._key_reads.list_thresholds(org_id),
            disabled_webhooks=[
                each._replace(url=url_for(member, each.url)) for each in self._webhook_reads.list_disabled(org_id)
            ],
            today=format_day(home.today),
            sides=[
                _side("receivables", _("Receivables"), Invoice.kind, home.receivables, home.draft_invoices)._replace(
                    refunds=_refunds_to_clients(home.refunds_to_clients)
                ),
                _side("payables", _("Payables"), Bill.kind, home.payables, home.draft_bills)._replace(
                    refunds=_refunds_of_vendors(home.refunds_of_vendors)
                ),
            ]
            if member.may_read(Invoice.kind)
            else [],
            shows_leaves=member.may_read(LeaveRequest.kind),
            is_pair=len(home.receivables) < 2 and len(home.payables) < 2,
            requests=ngettext(
                "%(num)s request", "%(num)s requests", home.leaves.objects, num=f"{home.leaves.objects:,}"
            ),
            leave_days=_day_count(home.leaves.amount),
            leaves=[_leave(each) for each in home.next_leaves],
        )

    def _profile_changes(self, member: Member, changes: Sequence[ProfileChange]) -> list[ShownChange]:
        """Return these changes as the page shows them to owners and admins; none for others."""
        if not changes or not member.is_manager:
            return []
        users = self._users.get_names(member.org_id)
        return [
            ShownChange(each.at, actor_name(each.actor, users, {}), ", ".join(map(format_field, each.fields)))
            for each in changes
        ]


class ShownChange(NamedTuple):
    """A change of the organization's profile, in the texts of the page."""

    at: datetime
    actor: Markup
    fields: str


class Line(NamedTuple):
    """One age group of the outstanding amounts in a currency, in the texts of the page."""

    age: str
    amount: str
    documents: int
    is_overdue: bool


class Table(NamedTuple):
    """The outstanding amounts in one currency: the total, the overdue part, and the age groups."""

    currency: str
    total: str
    documents: str
    overdue: str
    """The overdue part of the total; an empty text when nothing is overdue."""
    lines: Sequence[Line]


class Refunds(NamedTuple):
    """The notes of which something is to be refunded: a sentence, and the list that has them."""

    sentence: str
    path: str


class Side(NamedTuple):
    """One section of the page: the receivables or the payables."""

    id: str
    title: str
    kind: str
    """The kind of its documents: `invoice` or `bill`."""
    path: str
    """The path of their list."""
    outstanding: str
    """The filter of the list that shows the outstanding ones."""
    tables: Sequence[Table]
    more: int
    """The number of currencies that are not shown."""
    drafts: str
    """A sentence with the number of drafts; empty when there are none."""
    refunds: Refunds | None = None
    """The refunds that are due; None when there are none."""


class Leave(NamedTuple):
    """A leave request that waits for a decision, in the texts of the page."""

    id: str
    employee: str
    type: str
    days: str
    length: str


def _side(id: str, title: str, kind: str, currencies: Sequence[AgedBalance], drafts: int) -> Side:
    tables = [_table(aged, kind) for aged in currencies[:MAX_CURRENCIES]]
    more = max(0, len(currencies) - MAX_CURRENCIES)
    path, outstanding = f"/home/{kind}s", f"status={','.join(sorted(_OUTSTANDING[kind]))}"
    return Side(id, title, kind, path, outstanding, tables, more, _drafts(kind, drafts) if drafts else "")


def _refunds_to_clients(number: int) -> Refunds | None:
    if not number:
        return None
    sentence = ngettext(
        "%(num)s credit note leaves something to be refunded.",
        "%(num)s credit notes leave something to be refunded.",
        number,
        num=_counted(number),
    )
    return Refunds(sentence, f"{CREDIT_NOTE_PAGES.path}?refundDue=true")


def _refunds_of_vendors(number: int) -> Refunds | None:
    if not number:
        return None
    sentence = ngettext(
        "%(num)s vendor credit leaves something that the vendor must refund.",
        "%(num)s vendor credits leave something that vendors must refund.",
        number,
        num=_counted(number),
    )
    return Refunds(sentence, f"{VENDOR_CREDIT_PAGES.path}?refundDue=true")


def _counted(number: int) -> str:
    return f"{number:,}+" if number >= MAX_COUNTED else f"{number:,}"


def _drafts(kind: str, number: int) -> str:
    if number >= MAX_COUNTED:
        return _("%(num)s drafts or more, not outstanding yet.", num=f"{MAX_COUNTED:,}")
    if kind == Invoice.kind:
        return ngettext(
            "%(num)s draft, not outstanding until sent.", "%(num)s drafts, not outstanding until sent.", number
        )
    return ngettext(
        "%(num)s draft, not outstanding until opened.", "%(num)s drafts, not outstanding until opened.", number
    )


def _documents(kind: str, number: int) -> str:
    if kind == Invoice.kind:
        return ngettext("%(num)s invoice", "%(num)s invoices", number, num=f"{number:,}")
    return ngettext("%(num)s bill", "%(num)s bills", number, num=f"{number:,}")


def _table(aged: AgedBalance, kind: str) -> Table:
    lines = [
        Line(_(age), format_money(part.amount, aged.currency), part.objects, number > 0 and part.objects > 0)
        for number, (age, part) in enumerate(zip(AGES, aged.ages, strict=True))
    ]
    overdue = format_money(aged.overdue.amount, aged.currency) if aged.overdue.objects else ""
    total = format_money(aged.total.amount, aged.currency)
    return Table(aged.currency, total, _documents(kind, aged.total.objects), overdue, lines)


def _leave(leave: PendingLeave) -> Leave:
    return Leave(
        leave.id,
        leave.employee,
        _(leave.type),
        format_day_range(leave.start, leave.end),
        _day_count(Decimal(leave.days)),
    )


def _day_count(number: Decimal) -> str:
    return ngettext("%(num)s day", "%(num)s days", 1 if number == 1 else 2, num=format_decimal(number))
