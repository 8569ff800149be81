"""The page `/home`: outstanding and overdue amounts, and the leave requests that wait for a decision."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

import falcon

from api.console.page import ConsolePage
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.formats import format_count, format_day, format_day_range, format_decimal, format_money
from api.ports.keys import KeyReads
from api.ports.overview import Overview
from api.ports.webhooks.reads import WebhookReads
from domain.invoice import Invoice
from domain.leave import Leave as LeaveRequest
from projections.views.home import MAX_COUNTED_DRAFTS, AgedBalance, PendingLeave

AGES = ("Not yet due", "1–30 days", "31–60 days", "61–90 days", "Over 90 days")
MAX_CURRENCIES = 20
"""The number of currencies that each section shows. The page also shows how many other currencies there are."""


class Home(ConsolePage):
    """The page that a user sees first after logging in."""

    def __init__(
        self, pages: PageFactory, overview: Overview, webhook_reads: WebhookReads, key_reads: KeyReads
    ) -> None:
        super().__init__(pages)
        self._overview, self._webhook_reads, self._key_reads = overview, webhook_reads, key_reads

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
            leaked_keys=leaked,
            used_parts=self._key_reads.list_thresholds(org_id),
            disabled_webhooks=self._webhook_reads.list_disabled(org_id),
            today=format_day(home.today),
            sides=[
                _side("Receivables", "invoice", "sent", "sent", home.receivables, home.draft_invoices),
                _side("Payables", "bill", "opened", "open", home.payables, home.draft_bills),
            ]
            if member.may_read(Invoice.kind)
            else [],
            shows_leaves=member.may_read(LeaveRequest.kind),
            is_pair=len(home.receivables) < 2 and len(home.payables) < 2,
            requests=format_count(home.leaves.objects, "request"),
            leave_days=_day_count(home.leaves.amount),
            leaves=[_leave(each) for each in home.next_leaves],
        )


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


class Side(NamedTuple):
    """One section of the page: the receivables or the payables."""

    title: str
    id: str
    kind: str
    issued_word: str
    """The word for documents of this kind that were issued: "sent" or "opened"."""
    status: str
    """The status of an issued document that is not paid: `sent` or `open`."""
    tables: Sequence[Table]
    more: int
    """The number of currencies that are not shown."""
    drafts: str
    """A text with the number of drafts; empty when there are none."""


class Leave(NamedTuple):
    """A leave request that waits for a decision, in the texts of the page."""

    id: str
    employee: str
    type: str
    days: str
    length: str


def _side(title: str, kind: str, issued_word: str, status: str, currencies: Sequence[AgedBalance], drafts: int) -> Side:
    tables = [_table(aged, kind) for aged in currencies[:MAX_CURRENCIES]]
    more = max(0, len(currencies) - MAX_CURRENCIES)
    return Side(title, title.lower(), kind, issued_word, status, tables, more, _drafts(drafts))


def _drafts(number: int) -> str:
    if number >= MAX_COUNTED_DRAFTS:
        return f"{MAX_COUNTED_DRAFTS:,} drafts or more"
    return format_count(number, "draft") if number else ""


def _table(aged: AgedBalance, kind: str) -> Table:
    lines = [
        Line(age, format_money(part.amount, aged.currency), part.objects, number > 0 and part.objects > 0)
        for number, (age, part) in enumerate(zip(AGES, aged.ages, strict=True))
    ]
    overdue = format_money(aged.overdue.amount, aged.currency) if aged.overdue.objects else ""
    total = format_money(aged.total.amount, aged.currency)
    return Table(aged.currency, total, format_count(aged.total.objects, kind), overdue, lines)


def _leave(leave: PendingLeave) -> Leave:
    return Leave(
        leave.id, leave.employee, leave.type, format_day_range(leave.start, leave.end), _day_count(Decimal(leave.days))
    )


def _day_count(number: Decimal) -> str:
    return f"{format_decimal(number)} {'day' if number == 1 else 'days'}"
