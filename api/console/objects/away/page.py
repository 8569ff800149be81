"""The page `/home/leaves/away`: who is away on which day of a month."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import falcon

from api.console.access.rights import check_readable
from api.console.long_lists import bytes_of, number_in, part_with
from api.console.objects.away.leaves import Away, Names, approved_leaves, names_of, rows_of
from api.console.objects.kinds import LEAVE_PAGES
from api.console.page import ConsolePage
from api.http.errors import ApiError
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.formats import format_month
from api.pages.translation import gettext as _
from api.pages.translation import marked
from api.ports.reads import MemberReads
from domain.calendar import day_in
from domain.reading import InvalidValue, parse_date
from projections.leave import LeaveRow

MAX_LEAVES = 300
"""How many leaves of a month the page shows; it says so if there are more."""
WEEKDAYS = (
    marked("Mon"),
    marked("Tue"),
    marked("Wed"),
    marked("Thu"),
    marked("Fri"),
    marked("Sat"),
    marked("Sun"),
)


_LIST_BYTES, _ROW_MARKUP = 30_000, 330
"""How many bytes the list of leaves has beside the calendar, and about how many of markup a leave has in it."""


class Day(NamedTuple):
    """A day in the calendar, and the people who are away."""

    day: date
    is_in_month: bool
    is_today: bool
    away: Names


class AwayPage(ConsolePage):
    """A month of approved leaves, as a calendar and as a list."""

    def __init__(self, pages: PageFactory, reads: MemberReads) -> None:
        super().__init__(pages)
        self._reads = reads

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        member = req.context.signed_in_member
        check_readable(member, LEAVE_PAGES.kind)
        today = day_in(member.time_zone, member.now)
        first = _read_month(req, today)
        last = _following(first) - timedelta(1)
        leaves, is_cut = approved_leaves(self._reads, member.org_id, first, last, MAX_LEAVES)
        self.render(
            req,
            resp,
            "objects/away.html",
            month=format_month(first),
            weekdays=[_(name) for name in WEEKDAYS],
            weeks=weeks_of(first, leaves, today),
            leaves=part_with(rows_of(leaves), number_in(req.params), _LIST_BYTES, _size),
            path_of_month=_link(first),
            is_cut=is_cut,
            most=MAX_LEAVES,
            earlier=_link(first - timedelta(1)),
            later=_link(_following(first)),
            path_of_list=LEAVE_PAGES.path,
        )


def weeks_of(first: date, leaves: Sequence[LeaveRow], today: date) -> list[list[Day]]:
    """Return the weeks of the month that begins on `first`, from Monday to Sunday, with who is away on each day."""
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return [[_day(day, first, leaves, today) for day in week] for week in weeks]


def _day(day: date, first: date, leaves: Sequence[LeaveRow], today: date) -> Day:
    is_in_month = (day.year, day.month) == (first.year, first.month)
    away = [leave for leave in leaves if is_in_month and leave.start_date <= day <= leave.end_date]
    return Day(day, is_in_month, day == today, names_of(away))


def _size(leave: Away) -> int:
    return _ROW_MARKUP + bytes_of(leave.employee, leave.type, leave.days, leave.length, *leave.beside.names)


def _following(first: date) -> date:
    """Return the first day of the next month."""
    return (first + timedelta(31)).replace(day=1)


def _link(day: date) -> str:
    return f"{LEAVE_PAGES.path}/away?month={day:%Y-%m}"


def _read_month(req: Request, today: date) -> date:
    """Return the first day of the month in the address, such as `2026-11`; by default of this month."""
    text = req.params.get("month")
    if text is None:
        return today.replace(day=1)
    try:
        first = parse_date(f"{text}-01")
    except InvalidValue:
        raise ApiError(400, "invalid_parameter", _("Name the month as YYYY-MM, such as 2026-11.")) from None
    if not 2000 <= first.year <= 2099:
        raise ApiError(400, "invalid_parameter", _("Name a month from 2000-01 to 2099-12."))
    return first
