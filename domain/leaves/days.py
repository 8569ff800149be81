"""The days of a leave: its first and last day, and whether it takes the whole or half of these two days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from domain.errors.codes import VALIDATION_FAILED
from domain.errors.violation import Violation

FULL, FIRST_HALF, SECOND_HALF = "full", "first_half", "second_half"
DAY_PARTS = (FULL, FIRST_HALF, SECOND_HALF)
"""The values of `day_part`: how much of the day is taken, for a leave of one day."""
START_PARTS = (FULL, SECOND_HALF)
"""The values of `start_part`: how much of the first day is taken, for a leave of several days."""
END_PARTS = (FULL, FIRST_HALF)
"""The values of `end_part`: how much of the last day is taken, for a leave of several days."""
MAX_LEAVE_DAYS = 366
"""The longest leave, in calendar days. The first and the last day count."""

_ONE_DAY = "must be full when startDate and endDate are the same day; send dayPart for half a day"
_SEVERAL_DAYS = "must be full unless startDate and endDate are the same day; send startPart or endPart for a half day"
_PARTS = ("start_part", "end_part")


class LeaveDays(NamedTuple):
    """The days of one leave, from its first to its last day without a gap.

    A leave of one day uses `day_part`. A leave of several days uses `start_part` (of the first day) and `end_part` (of
    the last day).
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
        """Return these values as attributes of a leave, by name. Includes the length `days`."""
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

        When a leave of several days becomes a leave of one day, a half day that `changes` does not mention moves from
        `start_part` or `end_part` to `day_part`.
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

        If one day is left and the leave takes half of it, the half moves from `start_part` or `end_part` to `day_part`.
        """
        days = self.replaced(changes)
        if not days.is_one_day:
            return days
        if days.day_part == FIRST_HALF and "end_part" in changes and days.end_part == FULL:
            days = days._replace(day_part=FULL)  # longer than before: the caller refuses these days
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
