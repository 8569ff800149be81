"""The date or the instant that a text in another form means. A text that can mean several dates has no suggestion."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

_YEAR_FIRST = re.compile(r"([0-9]{4})([-/. ]?)([0-9]{1,2})\2([0-9]{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/. ])([0-9]{1,2})\2([0-9]{4})")
_DAY_NAMED = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[-/ .,]+([a-z]{3,9})[-/ .,]+([0-9]{4})", re.IGNORECASE)
_NAME_FIRST = re.compile(r"([a-z]{3,9})[-/ .]+([0-9]{1,2})(?:st|nd|rd|th)?[-/ .,]+([0-9]{4})", re.IGNORECASE)
_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[Tt ]([0-9]{2}:[0-9]{2})(:[0-9]{2}(?:\.[0-9]{1,6})?)?[Zz]?)?")
_SECONDS = re.compile(r"([12][0-9]{9})([0-9]{3})?")
_MONTHS = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905
)
_MAX_CHARACTERS = 40


def nearest_date(sent: object) -> str | None:
    """Return the date, YYYY-MM-DD, that a text or a number means. None if there is no such date, or more than one.

    `31/12/2026` can only be 31 December. `03/04/2026` can be 3 April or 4 March, so the result is None.
    """
    text = str(sent).strip() if isinstance(sent, (str, int)) else ""
    if len(text) > _MAX_CHARACTERS:
        return None
    if match := _YEAR_FIRST.fullmatch(text):
        return _iso(match[1], match[3], match[4]) if match[2] or len(text) == len("20261231") else None
    if match := _YEAR_LAST.fullmatch(text):
        readings = {_iso(match[4], match[3], match[1]), _iso(match[4], match[1], match[3])} - {None}
        return readings.pop() if len(readings) == 1 else None
    if match := _DAY_NAMED.fullmatch(text):
        return _iso(match[3], _month(match[2]), match[1])
    if match := _NAME_FIRST.fullmatch(text):
        return _iso(match[3], _month(match[1]), match[2])
    return None


def nearest_instant(sent: object) -> str | None:
    """Return the timestamp, in UTC, that a text means: a date or a time without an offset, or seconds since 1970."""
    text = sent.strip() if isinstance(sent, str) and len(sent) <= _MAX_CHARACTERS else ""
    if match := _SECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(match[1]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if match := _TIME.fullmatch(text):
        return _valid(f"{match[1]}T{match[2] or '00:00'}{match[3] or ':00'}Z")
    day = nearest_date(text)
    return f"{day}T00:00:00Z" if day else None


def _month(name: str) -> int:
    """Return the number of the month, 1 to 12; 0 for a word that is not the name of a month."""
    months = [place for place, month in enumerate(_MONTHS, 1) if month.startswith(name.lower())]
    return months[0] if len(months) == 1 else 9 if name.lower() == "sept" else 0


def _iso(year: str | int, month: str | int, day: str | int) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _valid(text: str) -> str | None:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return None
    return text
