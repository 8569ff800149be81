"""The filters of the page `/settings/security`."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from api.console.forms.filters import Filters, parse_id
from api.console.settings.security.sentences import kinds_of
from api.pages.translation import gettext as _
from domain.calendar import zone
from projections.views.security_events import SecurityQuery

NAMES_OF_FILTERS = ("who", "kind", "from", "to")


def read_query(filters: Filters, time_zone: str) -> SecurityQuery:
    """Return the query for these filters. Days are in the time zone."""
    first, last = filters.read_days()
    return SecurityQuery(
        who=filters.read("who", parse_id, _("Choose a person or a key from the list.")),
        kinds=filters.read("kind", kinds_of, _("Choose what happened from the list.")),
        since=_midnight(first, time_zone),
        until=_midnight(_next(last), time_zone),
        before=filters.read_before(),
    )


def _next(day: date | None) -> date | None:
    """Return the day after this one; None for no day, and for the last day that there is."""
    return None if day in (None, date.max) else day + timedelta(days=1)


def _midnight(day: date | None, time_zone: str) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), zone(time_zone))
