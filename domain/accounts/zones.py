"""The time zone of an organization. A new zone counts from the next day on, so every day comes, and comes once.

`infra/log/reading/zones.py` says the same in SQL.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from typing import NamedTuple, Self
from zoneinfo import available_timezones

from domain.calendar import day_in, first_instant
from domain.errors import Invalid
from domain.errors.codes import VALIDATION_FAILED
from domain.errors.violation import Violation

_ONE_DAY, _SHORTEST = timedelta(days=1), timedelta(microseconds=1)


class Zones(NamedTuple):
    """The time zone of an organization, and the zone that was chosen last. Names are IANA names."""

    time_zone: str
    """The zone that counts before `new_from`."""
    new: str | None = None
    """The zone that counts from `new_from` on; None if there is none."""
    new_from: datetime | None = None

    @property
    def chosen(self) -> str:
        """The zone that was chosen last, whether it counts already or not."""
        return self.time_zone if self.new is None else self.new

    def at(self, instant: datetime) -> str:
        """Return the zone that counts at this instant."""
        return self.new if self.new and self.new_from and self.new_from <= instant else self.time_zone

    def day_at(self, instant: datetime) -> date:
        """Return the organization's day at this instant."""
        return day_in(self.at(instant), instant)

    def choose(self, time_zone: str, at: datetime) -> Self:
        """Return the zones after this one was chosen: it counts from the next midnight of the zone that counts now.

        A choice can be taken back before it counts. Raises Invalid for a zone so far away that a day would be left out,
        or come twice.
        """
        present = self.at(at)
        if time_zone == present:
            return type(self)(present, time_zone, at)
        begins = first_instant(present, self.day_at(at) + _ONE_DAY)
        before, after = day_in(present, begins - _SHORTEST), day_in(time_zone, begins)
        if not before <= after <= before + _ONE_DAY:
            raise Invalid([Violation("timeZone", VALIDATION_FAILED, _too_far(present))])
        return type(self)(present, time_zone, begins)


@cache
def known_time_zones() -> frozenset[str]:
    """Return the IANA names of all time zones. Some systems list `localtime`, which PostgreSQL does not know."""
    return frozenset(available_timezones() - {"localtime"})


def _too_far(present: str) -> str:
    return f"must be less than a day away from {present}; choose a zone in between, and this one a day later"
