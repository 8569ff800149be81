"""Days and times: the day in an organization's time zone, India's financial year, and how an instant is written."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import cache
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

_UTC_OFFSET = "+00:00"
DEFAULT_TIME_ZONE = "Asia/Kolkata"
CalendarDate = date
"""The type of a day, for a class that has a field with the name `date`."""
Timestamp = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})]
"""An instant as `instant` writes it: RFC 3339 in UTC, with microseconds and `Z`."""


@cache
def zone(name: str) -> ZoneInfo:
    """Return the time zone with this IANA name."""
    return ZoneInfo(name)


def day_in(time_zone: str, instant: datetime) -> date:
    """Return the calendar day at this instant in this time zone."""
    return instant.astimezone(zone(time_zone)).date()


def first_instant(time_zone: str, day: date) -> datetime:
    """Return the instant at which this day begins in this time zone. Raises OverflowError near the years 1 and 9999."""
    return datetime.combine(day, time(), zone(time_zone)).astimezone(UTC)


def financial_year(day: date) -> int:
    """Return the calendar year in which the financial year of this day begins (1 April to 31 March)."""
    return day.year if day.month >= 4 else day.year - 1


def financial_year_label(year: int) -> str:
    """Return the name of a financial year: `2025-26` for 2025."""
    return f"{year}-{(year + 1) % 100:02d}"


def instant(at: datetime) -> str:
    """Return the instant as an RFC 3339 timestamp in UTC, always with microseconds and `Z`."""
    text = at.isoformat(timespec="microseconds")
    if not text.endswith(_UTC_OFFSET):
        text = at.astimezone(UTC).isoformat(timespec="microseconds")
    return f"{text.removesuffix(_UTC_OFFSET)}Z"
