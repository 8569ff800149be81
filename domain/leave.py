"""Leave requests: pending until they are approved, denied or cancelled. A decision is final, except that an
approved leave can be cancelled before it begins."""

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
PENDING = "pending"
"""The status of a request that waits for a decision."""
MAX_LEAVE_DAYS = 366
"""The longest leave, in calendar days; both ends count."""

_TRANSITIONS: dict[str, tuple[str, ...]] = {
    PENDING: ("approved", "denied", "cancelled"),
    "approved": ("cancelled",),
    "denied": (),
    "cancelled": (),
}
_ACTIONS = {"approved": "approve", "denied": "deny", "cancelled": "cancel"}


class Leave(Aggregate):
    """A request of an employee to be absent."""

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
    id_prefix: ClassVar[str] = "leave"
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
        """Return a new pending leave. Raises Invalid when the days cannot be one leave."""
        if violations := check_days(start_date, end_date, day_part):
            raise Invalid(violations)
        calendar_days = (end_date - start_date).days + 1
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
            days=Decimal(calendar_days) if day_part == "full" else Decimal("0.5"),
            reason=reason,
            status=PENDING,
        )

    @classmethod
    def transitions(cls) -> dict[str, tuple[str, ...]]:
        """Return the statuses that can be set, by the present status; the date is not considered."""
        return _TRANSITIONS

    @classmethod
    def actions(cls, status: str) -> tuple[str, ...]:
        """Return the resource's `availableActions` in this status; the date is not considered."""
        return tuple(_ACTIONS[target] for target in _TRANSITIONS[status])

    def allowed_on(self, today: date) -> tuple[str, ...]:
        """Return the statuses that can be set today; an approved leave can be cancelled before its first day."""
        if self.status == "approved" and self.start_date <= today:
            return ()
        return _TRANSITIONS[self.status]

    def check_note(self, status: str | None, note: str | None) -> list[Violation]:
        """Return a violation when a note comes without a decision, or would change the note of an earlier one."""
        if note is None:
            return []
        if status is None:
            return [Violation("status", VALIDATION_FAILED, "is required with a note; send the decision with its note")]
        if status == self.status and note != self.decision_note:
            return [Violation("note", READ_ONLY_FIELD, f"cannot be changed once the leave is {status}")]
        return []

    def decide(self, status: str, note: str | None, at: datetime, today: date) -> None:
        """Record the decision; the present status again changes nothing.

        Raises InvalidTransition with the statuses that can be set today, LeaveHasBegun when only the date forbids it.
        """
        if status == self.status:
            return
        allowed = self.allowed_on(today)
        if status not in allowed and status in _TRANSITIONS[self.status]:
            raise LeaveHasBegun(self.start_date.isoformat())
        if status not in allowed:
            raise InvalidTransition(self.noun, self.status, status, allowed)
        if status == "cancelled":
            # A cancellation without a note leaves the note of the approval as it is.
            decision_note = UNSET if note is None else note
            self.record(self.Cancelled, at, status=status, decision_note=decision_note, decided_at=instant(at))
        else:
            decision = {"approved": self.Approved, "denied": self.Denied}[status]
            self.record(decision, at, status=status, decision_note=note, decided_at=instant(at))


def check_days(start: date, end: date, day_part: str) -> list[Violation]:
    """Return a violation when these days cannot be one leave."""
    if end < start:
        return [Violation("endDate", VALIDATION_FAILED, f"must not be before startDate ({start.isoformat()})")]
    if (end - start).days >= MAX_LEAVE_DAYS:
        return [Violation("endDate", VALIDATION_FAILED, f"must not make the leave longer than {MAX_LEAVE_DAYS} days")]
    if day_part != "full" and start != end:
        return [Violation("dayPart", VALIDATION_FAILED, "must be full unless startDate and endDate are the same day")]
    return []
