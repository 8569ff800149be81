"""Parsers of days, times and durations. A time without an offset is in the time zone of the organization."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from domain.calendar import first_instant, zone
from domain.reading import InvalidValue, parse_date, parse_instant

WHEN_HINT = "a day (2027-03-31), a time in your time zone (2027-03-31 18:30), or one with an offset"
EXPIRY_HINT = f"{WHEN_HINT} (2027-03-31T18:30:00+05:30), or a duration (90d, 12h)"
SINCE_HINT = f"{WHEN_HINT} (2027-03-31T18:30:00+05:30), or a duration before now (90d, 12h)"
DURATION_HINT = "a number with the unit s, m, h or d, such as 24h or 7d"

_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]((?:[01][0-9]|2[0-3]):[0-5][0-9])(:[0-5][0-9](?:\.[0-9]{1,9})?)?"
    r" ?([Zz]|[+-][0-9]{2}:[0-9]{2})?"
)
_DURATION = re.compile(r"([0-9]{1,6})([smhd])|0")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_ONE_DAY, _SHORTEST = timedelta(days=1), timedelta(microseconds=1)


class When(NamedTuple):
    """A day, a local time (a datetime without an offset), or an instant, as it was written."""

    value: date | datetime

    def end(self, time_zone: str) -> datetime:
        """Return the instant itself for a time. For a day, return the instant at which the next day begins.

        A day and a local time are in the time zone `time_zone`. Raises InvalidValue for a local time that the clocks of
        the time zone skip or show twice.
        """
        if isinstance(self.value, datetime):
            return _instant(self.value, time_zone)
        try:
            # If the clocks skip midnight, the next day begins at the moment of the skip.
            return first_instant(time_zone, self.value + _ONE_DAY)
        except OverflowError:
            raise InvalidValue("must be a day before 9999-12-31") from None

    def first_instant(self, time_zone: str) -> datetime:
        """Return the instant itself for a time; for a day, the instant at which the day begins.

        Raises InvalidValue for a local time that the clocks of the time zone skip or show twice.
        """
        if isinstance(self.value, datetime):
            return _instant(self.value, time_zone)
        try:
            # If the clocks skip midnight, the day begins at the moment of the skip.
            return first_instant(time_zone, self.value)
        except OverflowError:
            raise InvalidValue("must be a day after 0001-01-01") from None

    def last_instant(self, time_zone: str) -> datetime:
        """Return the instant itself for a time; for a day, its last microsecond.

        Raises InvalidValue for a local time that the clocks of the time zone skip or show twice.
        """
        return self.end(time_zone) - (timedelta(0) if isinstance(self.value, datetime) else _SHORTEST)


def read_when(text: str) -> When:
    """Return the day or the time that the text holds. Raises InvalidValue for any other text."""
    text = text.strip()
    try:
        parts = _TIME.fullmatch(text)
        if parts is None:
            return When(parse_date(text))
        day, minute, second, offset = parts.groups()
        if offset:
            return When(parse_instant(f"{day}T{minute}{second or ':00'}{offset}"))
        return When(datetime.combine(parse_date(day), time.fromisoformat(f"{minute}{second or ''}")))
    except InvalidValue:
        raise InvalidValue(f"must be {WHEN_HINT}") from None


def read_expiry(text: str, now: datetime) -> When:
    """Return the day or the time that the text holds, or the end of a duration that begins now. Raises InvalidValue."""
    try:
        if _DURATION.fullmatch(text.strip()):
            return When(now + parse_duration(text))
        return read_when(text)
    except InvalidValue:
        raise InvalidValue(f"must be {EXPIRY_HINT}") from None


def last_day(end: datetime, time_zone: str) -> date:
    """Return the last day that has a moment before `end`. `When.end` turns this day into `end`."""
    return (end - _SHORTEST).astimezone(zone(time_zone)).date()


def read_since(text: str, now: datetime) -> When:
    """Return the day or the time that the text holds, or the start of a duration that ends now. Raises InvalidValue."""
    try:
        if _DURATION.fullmatch(text.strip()):
            return When(now - parse_duration(text))
        return read_when(text)
    except (InvalidValue, OverflowError):
        raise InvalidValue(f"must be {SINCE_HINT}") from None


def parse_duration(text: str) -> timedelta:
    """Return the duration that the text holds: a number with a unit. Raises InvalidValue."""
    parts = _DURATION.fullmatch(text.strip())
    if parts is None:
        raise InvalidValue(f"must be {DURATION_HINT}")
    return timedelta(**{_UNITS[parts[2]]: int(parts[1])}) if parts[1] else timedelta(0)


def _instant(value: datetime, time_zone: str) -> datetime:
    if value.tzinfo is not None:
        return value
    try:
        both = [value.replace(tzinfo=zone(time_zone), fold=fold).astimezone(UTC) for fold in (0, 1)]
        real = [at for at in both if at.astimezone(zone(time_zone)).replace(tzinfo=None) == value]
    except OverflowError:
        raise InvalidValue("must be a time between the years 2 and 9998") from None
    if not real:
        raise InvalidValue(
            f"must be a time that exists: the clocks of {time_zone} skip {value:%H:%M} on {value:%Y-%m-%d}. "
            "Write a later time, or add an offset"
        )
    if real[0] != real[-1]:
        first, second = (f"{at.astimezone(zone(time_zone)).isoformat()[-6:]}" for at in real)
        raise InvalidValue(
            f"must say which {value:%H:%M} is meant: the clocks of {time_zone} show it twice on {value:%Y-%m-%d}. "
            f"Add the offset, {first} for the first or {second} for the second"
        )
    return real[0]
