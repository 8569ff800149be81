"""The days of a leave: the first and the last day, and which part of each the leave takes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from domain.errors import VALIDATION_FAILED, Violation

FULL, FIRST_HALF, SECOND_HALF = "full", "first_half", "second_half"
DAY_PARTS = (FULL, FIRST_HALF, SECOND_HALF)
"""The parts that a leave of one day can take of this day."""
START_PARTS = (FULL, SECOND_HALF)
"""The parts that a leave of several days can take of its first day."""
END_PARTS = (FULL, FIRST_HALF)
"""The parts that a leave of several days can take of its last day."""
MAX_LEAVE_DAYS = 366
"""The longest leave, in calendar days. The first and the last day count."""

_ONE_DAY = "must be full when startDate and endDate are the same day; send dayPart for half a day"
_SEVERAL_DAYS = "must be full unless startDate and endDate are the same day; send startPart or endPart for a half day"
_PARTS = ("start_part", "end_part")


class LeaveDays(NamedTuple):
    """The days of one leave, from its first to its last day without a gap.

    `day_part` is the part of the day that a leave of one day takes. `start_part` and `end_part` are the parts of the
    first and of the last day that a leave of several days takes.
    """

    start_date: date
    end_date: date
    day_part: str = FULL
    start_part: str = FULL
    end_part: str = FULL

    @property
    def is_one_day(self) -> bool:
        return self.start_date == self.end_date

    @property
    def starts_at_noon(self) -> bool:
        return SECOND_HALF in (self.day_part, self.start_part)

    @property
    def ends_at_noon(self) -> bool:
        return FIRST_HALF in (self.day_part, self.end_part)

    @property
    def days(self) -> Decimal:
        """The length of the leave in calendar days, such as 3, 2.5 or 0.5."""
        half_days = 2 * ((self.end_date - self.start_date).days + 1) - self.starts_at_noon - self.ends_at_noon
        return Decimal(half_days) / 2

    def fields(self) -> dict[str, Any]:
        """Return the attributes of a leave that have these values, including the length `days`."""
        return {**self._asdict(), "days": self.days}

    def check(self) -> list[Violation]:
        """Return a violation for each reason why these days cannot be one leave."""
        start, end = self.start_date, self.end_date
        if end < start:
            return [Violation("endDate", VALIDATION_FAILED, f"must not be before startDate ({start.isoformat()})")]
        if not self.is_one_day:
            wrong = []
            if (end - start).days >= MAX_LEAVE_DAYS:
                wrong.append(("endDate", f"must not make the leave longer than {MAX_LEAVE_DAYS} days"))
            if self.day_part != FULL:
                wrong.append(("dayPart", _SEVERAL_DAYS))
        else:
            parts = (("startPart", self.start_part), ("endPart", self.end_part))
            wrong = [(name, _ONE_DAY) for name, part in parts if part != FULL]
        return [Violation(name, VALIDATION_FAILED, message) for name, message in wrong]

    def changed(self, changes: Mapping[str, Any]) -> LeaveDays:
        """Return the days after these changes. Absent fields do not change; None makes a part `full`.

        If one day is left of several, a half day in `start_part` or `end_part` that did not change becomes `day_part`.
        """
        days = self.replaced(changes)
        kept = {name: getattr(days, name) for name in _PARTS if name not in changes}
        halves = [part for part in kept.values() if part != FULL]
        if not days.is_one_day or (len(halves) != 1 and "day_part" not in changes):
            return days
        whole = days.replaced(dict.fromkeys(kept, FULL))
        return whole if "day_part" in changes else whole._replace(day_part=halves[0])

    def cut(self, changes: Mapping[str, Any]) -> LeaveDays | None:
        """Return the days with a new `end_date`, a new `end_part`, or both. Return None if no half day is left.

        If one day is left, its half is moved from `start_part` or `end_part` to `day_part`.
        """
        days = self.replaced(changes)
        if not days.is_one_day:
            return days
        if days.day_part == FIRST_HALF and "end_part" in changes and days.end_part == FULL:
            days = days._replace(day_part=FULL)  # longer than before: the caller refuses it
        if days.starts_at_noon and days.ends_at_noon:
            return None
        half = SECOND_HALF if days.starts_at_noon else FIRST_HALF if days.ends_at_noon else FULL
        return LeaveDays(days.start_date, days.end_date, half)

    def ends_after(self, other: LeaveDays) -> bool:
        """Return whether these days end later than the other days, by half a day or more."""
        return (self.end_date, not self.ends_at_noon) > (other.end_date, not other.ends_at_noon)

    def replaced(self, changes: Mapping[str, Any]) -> LeaveDays:
        """Return the days with these fields replaced. None makes a part `full`."""
        new: dict[str, Any] = {name: FULL if value is None else value for name, value in changes.items()}
        return self._replace(**new)
