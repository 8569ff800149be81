"""Days and times: the day in an organization's time zone, India's financial year, and how an instant is written."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import cache
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

_UTC_OFFSET = "+00:00"
DEFAULT_TIME_ZONE = "Asia/Kolkata"
Timestamp = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})]
"""An instant as `instant` writes it: RFC 3339 in UTC, with microseconds and `Z`."""


@cache
def zone(name: str) -> ZoneInfo:
    """Return the time zone with this IANA name."""
    return ZoneInfo(name)


def day_in(time_zone: str, instant: datetime) -> date:
    """Return the calendar day at this instant in this time zone."""
    return instant.astimezone(zone(time_zone)).date()


def financial_year(day: date) -> int:
    """Return the calendar year in which the financial year of this day begins (1 April to 31 March)."""
    return day.year if day.month >= 4 else day.year - 1


def financial_year_label(year: int) -> str:
    """Return the name of a financial year: `2025-26` for 2025."""
    return f"{year}-{(year + 1) % 100:02d}"


def is_of_series(number: str, day: date) -> bool:
    """Return whether the number has the form of the organization's own series in the financial year of this day.

    The series of 2025-26 is `INV-2025-26-0001` to `INV-2025-26-9999`, then `INV-25-26-10000` and so on.
    """
    return _series(financial_year(day)).fullmatch(number) is not None


@cache
def _series(year: int) -> re.Pattern[str]:
    label = financial_year_label(year)
    return re.compile(rf"INV-{label}-[0-9]{{4}}|INV-{year % 100:02d}-{label[-2:]}-[1-9][0-9]{{4,}}")


def instant(at: datetime) -> str:
    """Return the instant as an RFC 3339 timestamp in UTC, always with microseconds and `Z`."""
    text = at.isoformat(timespec="microseconds")
    if not text.endswith(_UTC_OFFSET):
        text = at.astimezone(UTC).isoformat(timespec="microseconds")
    return f"{text.removesuffix(_UTC_OFFSET)}Z"
