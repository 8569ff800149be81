"""Days as an Indian business counts them: the organization's own day and the financial year."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

DEFAULT_TIME_ZONE = "Asia/Kolkata"


@cache
def zone(name: str) -> ZoneInfo:
    """The time zone of that IANA name."""
    return ZoneInfo(name)


def day_in(time_zone: str, instant: datetime) -> date:
    """The calendar day that it is at this instant in the organization's time zone."""
    return instant.astimezone(zone(time_zone)).date()


def financial_year(day: date) -> int:
    """The calendar year in which the financial year of this day begins (1 April to 31 March)."""
    return day.year if day.month >= 4 else day.year - 1


def financial_year_label(year: int) -> str:
    """How the year is written: 2025 is `2025-26`."""
    return f"{year}-{(year + 1) % 100:02d}"


def instant(at: datetime) -> str:
    """An RFC 3339 timestamp in UTC, always with microseconds and `Z`."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
