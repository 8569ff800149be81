"""The approved leaves of a time, and which of them fall on the same days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import msgspec
from markupsafe import Markup

from api.console.objects.columns import day_count
from api.console.objects.kinds import LEAVE_PAGES
from api.pages.formats import format_day_range
from api.pages.others_texts import bdi, short
from api.pages.translation import gettext as _
from api.ports.reads import MemberReads
from domain.leaves.changes import APPROVED, PENDING
from projections.leave import LeaveRow

NAMES_SHOWN = 3
"""How many people a day of the calendar or a row of the list names, before it counts the others."""
MAX_OTHERS = 20
"""How many leaves of others the page of a leave shows."""


class Names(NamedTuple):
    """The people who are away."""

    names: tuple[Markup, ...]
    others: int
    """How many more there are."""


class Away(NamedTuple):
    """An approved leave, as a row of a list shows it."""

    id: str
    employee: Markup
    type: str
    days: str
    length: str
    beside: Names = Names((), 0)
    """Who else is away on one of its days."""


class Others(NamedTuple):
    """The leaves of other people that fall on the days of a leave."""

    leaves: tuple[Away, ...] = ()
    are_more: bool = False
    """Whether there are more than these."""


def approved_leaves(reads: MemberReads, org_id: str, first: date, last: date, most: int) -> tuple[list[LeaveRow], bool]:
    """Return the approved leaves with a day from `first` to `last`, the earliest first, and whether there are more.

    Raises Unavailable.
    """
    filters = {"status": APPROVED, "dateFrom": str(first), "dateTo": str(last), "sort": "startDate"}
    page = reads.list_page(org_id, LEAVE_PAGES.type.listing.query(org_id, filters, rows=most))
    return [msgspec.json.decode(each, type=LeaveRow) for each in page.objects], page.next_cursor is not None


def others_away(reads: MemberReads, org_id: str, leave: LeaveRow) -> Others | None:
    """Return the approved leaves of other people on the days of this one; None if nobody will be away for it.

    Raises Unavailable.
    """
    if leave.status not in (PENDING, APPROVED):
        return None
    leaves, are_more = approved_leaves(reads, org_id, leave.start_date, leave.end_date, MAX_OTHERS)
    return Others(tuple(away(each) for each in leaves if each.employee_id != leave.employee_id), are_more)


def rows_of(leaves: Sequence[LeaveRow]) -> list[Away]:
    """Return the rows of a list, each with the other people in it who are away on one of its days."""
    return [away(each)._replace(beside=names_of(_beside(each, leaves))) for each in leaves]


def away(leave: LeaveRow) -> Away:
    """Return a leave as a row shows it."""
    days = format_day_range(leave.start_date, leave.end_date)
    return Away(leave.id, _name(leave), _(leave.type), days, day_count(leave.days))


def names_of(leaves: Iterable[LeaveRow]) -> Names:
    """Return the people of these leaves, each once."""
    names = tuple({each.employee_id: _name(each) for each in leaves}.values())
    return Names(names[:NAMES_SHOWN], max(0, len(names) - NAMES_SHOWN))


def _beside(leave: LeaveRow, leaves: Sequence[LeaveRow]) -> Iterable[LeaveRow]:
    return (
        each
        for each in leaves
        if each.employee_id != leave.employee_id
        and each.start_date <= leave.end_date
        and leave.start_date <= each.end_date
    )


def _name(leave: LeaveRow) -> Markup:
    return bdi(short(leave.employee_name or leave.employee_id))
