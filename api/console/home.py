"""`/home`: what is outstanding and overdue, and what waits for a decision."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

import falcon

from api.console.pages import ConsolePage, render
from api.console.session import signed_in
from api.pages.formats import count, day, days, money, plain
from api.ports.overview import Overview
from projections.views.home import MOST_DRAFTS, Aged, Waiting

AGES = ("Not yet due", "1–30 days", "31–60 days", "61–90 days", "Over 90 days")
_MOST = 20
"""Currencies that are shown of each side; what has more is a page too long to read."""


class Home(ConsolePage):
    """The first page of whoever has logged in."""

    def __init__(self, overview: Overview) -> None:
        self._overview = overview

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        home = self._overview.home(signed_in(req).org_id)
        render(
            req,
            resp,
            "home.html",
            home=home,
            today=day(home.today),
            sides=[
                side("Receivables", "invoice", "sent", "sent", home.receivables, home.draft_invoices),
                side("Payables", "bill", "opened", "open", home.payables, home.draft_bills),
            ],
            is_pair=len(home.receivables) < 2 and len(home.payables) < 2,
            requests=count(home.leaves.objects, "request"),
            leave_days=_day_count(home.leaves.amount),
            leaves=[_leave(each) for each in home.next_leaves],
        )


class Line(NamedTuple):
    """One age of what is outstanding in a currency."""

    age: str
    amount: str
    documents: int
    is_overdue: bool


class Table(NamedTuple):
    """One currency: the whole, what of it is overdue, and its ages."""

    currency: str
    total: str
    documents: str
    overdue: str
    """Empty when nothing is."""
    lines: Sequence[Line]


class Side(NamedTuple):
    """Receivables or payables."""

    title: str
    id: str
    kind: str
    issued: str
    """What has been done to a document of this kind that is outstanding."""
    status: str
    """The status that does so."""
    tables: Sequence[Table]
    more: int
    """How many currencies are not shown."""
    drafts: str
    """How many drafts there are; empty where there is none."""


class Leave(NamedTuple):
    """A leave that waits for a decision."""

    id: str
    employee: str
    type: str
    days: str
    length: str


def side(title: str, kind: str, issued: str, status: str, found: Sequence[Aged], drafts: int) -> Side:
    """One side, a table per currency."""
    tables = [_table(aged, kind) for aged in found[:_MOST]]
    return Side(title, title.lower(), kind, issued, status, tables, max(0, len(found) - _MOST), _drafts(drafts))


def _drafts(number: int) -> str:
    if number >= MOST_DRAFTS:
        return f"{MOST_DRAFTS:,} drafts or more"
    return count(number, "draft") if number else ""


def _table(aged: Aged, kind: str) -> Table:
    lines = [
        Line(age, money(part.amount, aged.currency), part.objects, number > 0 and part.objects > 0)
        for number, (age, part) in enumerate(zip(AGES, aged.ages, strict=True))
    ]
    overdue = money(aged.overdue.amount, aged.currency) if aged.overdue.objects else ""
    total = money(aged.total.amount, aged.currency)
    return Table(aged.currency, total, count(aged.total.objects, kind), overdue, lines)


def _leave(leave: Waiting) -> Leave:
    return Leave(leave.id, leave.employee, leave.type, days(leave.start, leave.end), _day_count(Decimal(leave.days)))


def _day_count(number: Decimal) -> str:
    return f"{plain(number)} {'day' if number == 1 else 'days'}"
