"""Leave requests: pending until they are approved, denied or cancelled; one decision is final."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Self

from msgspec import UNSET, UnsetType

from domain.aggregate import Aggregate, Event
from domain.calendar import instant
from domain.errors import READ_ONLY_FIELD, VALIDATION_FAILED, Invalid, InvalidTransition, LeaveHasBegun, Violation

TYPES = ("earned", "sick")
DAY_PARTS = ("full", "first_half", "second_half")
LONGEST = 366
"""Calendar days of one leave, at most."""

_STEPS: dict[str, tuple[str, ...]] = {
    "pending": ("approved", "denied", "cancelled"),
    "approved": ("cancelled",),
    "denied": (),
    "cancelled": (),
}
_VERBS = {"approved": "approve", "denied": "deny", "cancelled": "cancel"}


class Leave(Aggregate):
    """An employee's wish to be away."""

    class Requested(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "leave.requested"
        phrase: ClassVar[str] = "requested {object}"
        employee_id: str
        employee_name: str | None
        type: str
        start_date: date
        end_date: date
        day_part: str
        days: Decimal
        reason: str | None
        status: str

    class Approved(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "leave.approved"
        phrase: ClassVar[str] = "approved {object}"
        status: str
        decision_note: str | None
        decided_at: str

    class Denied(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "leave.denied"
        phrase: ClassVar[str] = "denied {object}"
        status: str
        decision_note: str | None
        decided_at: str

    class Cancelled(Event, frozen=True, kw_only=True):
        topic: ClassVar[str] = "leave.cancelled"
        phrase: ClassVar[str] = "cancelled {object}"
        status: str
        decision_note: str | UnsetType = UNSET
        decided_at: str

    kind: ClassVar[str] = "leave"
    read_scope: ClassVar[str | None] = "leaves:read"
    write_scope: ClassVar[str | None] = "leaves:write"

    status: str
    start_date: date
    decision_note: str | None = None

    @classmethod
    def request(
        cls,
        id: str,
        *,
        at: datetime,
        employee_id: str,
        employee_name: str | None,
        type: str,
        start_date: date,
        end_date: date,
        day_part: str,
        reason: str | None,
    ) -> Self:
        """A new pending leave. Raises Invalid for days that do not fit together."""
        if found := check_days(start_date, end_date, day_part):
            raise Invalid(found)
        whole = (end_date - start_date).days + 1
        return cls.begin(
            id,
            cls.Requested,
            at,
            employee_id=employee_id,
            employee_name=employee_name,
            type=type,
            start_date=start_date,
            end_date=end_date,
            day_part=day_part,
            days=Decimal(whole) if day_part == "full" else Decimal("0.5"),
            reason=reason,
            status="pending",
        )

    @classmethod
    def transitions(cls) -> dict[str, tuple[str, ...]]:
        """The steps from each status, whatever the day."""
        return _STEPS

    @classmethod
    def actions(cls, status: str) -> tuple[str, ...]:
        """What can be done with a leave in this status, whatever the day: the resource's `availableActions`."""
        return tuple(_VERBS[step] for step in _STEPS[status])

    def steps(self, today: date) -> tuple[str, ...]:
        """The steps that are open today: an approved leave can be cancelled until the day before it begins."""
        if self.status == "approved" and self.start_date <= today:
            return ()
        return _STEPS[self.status]

    def check_note(self, status: str | None, note: str | None) -> list[Violation]:
        """A note goes with a decision: it cannot come without one, nor change one that was taken."""
        if note is None:
            return []
        if status is None:
            return [
                Violation("status", VALIDATION_FAILED, "It is required with a note: send the decision and its note.")
            ]
        if status == self.status and note != self.decision_note:
            return [
                Violation("note", READ_ONLY_FIELD, f"The leave is {self.status} already; a note comes with a step.")
            ]
        return []

    def decide(self, status: str, note: str | None, at: datetime, today: date) -> None:
        """Take the decision; the status where the leave already stands is no step and no event.

        Raises InvalidTransition, with the statuses that are open today; LeaveHasBegun where the day alone forbids it.
        """
        if status == self.status:
            return
        open_today = self.steps(today)
        if status not in open_today and status in _STEPS[self.status]:
            raise LeaveHasBegun(self.start_date.isoformat())
        if status not in open_today:
            raise InvalidTransition(self.kind, self.status, status, open_today)
        if status == "cancelled":  # without a note of its own, that of the approval stays
            kept = UNSET if note is None else note
            self.record(self.Cancelled, at, status=status, decision_note=kept, decided_at=instant(at))
        else:
            decided = {"approved": self.Approved, "denied": self.Denied}[status]
            self.record(decided, at, status=status, decision_note=note, decided_at=instant(at))


def check_days(start: date, end: date, day_part: str) -> list[Violation]:
    """What is wrong with a leave over these days."""
    if end < start:
        return [Violation("endDate", VALIDATION_FAILED, f"It must not be before startDate ({start.isoformat()}).")]
    if (end - start).days >= LONGEST:
        return [Violation("endDate", VALIDATION_FAILED, f"A leave has at most {LONGEST} days.")]
    if day_part != "full" and start != end:
        return [Violation("dayPart", VALIDATION_FAILED, "A half day needs the same startDate and endDate.")]
    return []
