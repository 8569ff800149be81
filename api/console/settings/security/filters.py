"""Parses the filters of the page `/settings/security`, and collects a message for each invalid filter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from api.console.activity.filters import Problem
from api.console.settings.security.sentences import kinds_of
from api.http.parameters import parse_end
from api.pages.translation import gettext as _
from domain.calendar import zone
from domain.reading import parse_date
from projections.views.security_events import SecurityQuery

T = TypeVar("T")
FIELDS = ("who", "kind", "from", "to")
_MAX_ID_CHARACTERS = 100


def read_filters(filters: Mapping[str, str], time_zone: str) -> tuple[SecurityQuery, list[Problem]]:
    """Return the query for these filters, and a Problem for each invalid filter. An invalid filter is not applied.

    Days are in the time zone.
    """
    problems: list[Problem] = []

    def read(name: str, parse: Callable[[str], T], message: str) -> T | None:
        if name not in filters:
            return None
        try:
            return parse(filters[name].strip())
        except ValueError:
            problems.append(Problem(name, message))
            return None

    first = read("from", parse_date, _("Enter the first day as YYYY-MM-DD, such as 2026-01-31."))
    last = read("to", parse_date, _("Enter the last day as YYYY-MM-DD, such as 2026-01-31."))
    if first and last and last < first:
        problems.append(Problem("to", _("The last day must not be before the first day.")))
    query = SecurityQuery(
        who=read("who", _id, _("Choose a person or a key from the list.")),
        kinds=read("kind", kinds_of, _("Choose what happened from the list.")),
        since=_midnight(first, time_zone),
        until=_midnight(_next(last), time_zone),
        before=read("before", parse_end, _("The address of this page is wrong. Show the newest entries instead.")),
    )
    return query, problems


def _id(text: str) -> str:
    if len(text) > _MAX_ID_CHARACTERS or not text.isprintable():
        raise ValueError(text)
    return text


def _next(day: date | None) -> date | None:
    """Return the day after this one; None for no day, and for the last day that there is."""
    return None if day in (None, date.max) else day + timedelta(days=1)


def _midnight(day: date | None, time_zone: str) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), zone(time_zone))
