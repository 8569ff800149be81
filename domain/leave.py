"""Leave requests: pending until they are approved, denied or cancelled.

A decision is final, with two exceptions. An approved leave can be cancelled before it begins. An approved leave can be
cut short until 31 days after its new last day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Self

from msgspec import UNSET

from domain.aggregate import Aggregate
from domain.calendar import instant
from domain.errors import Invalid, InvalidTransition
from domain.errors.codes import READ_ONLY_FIELD, VALIDATION_FAILED
from domain.errors.leave import LeaveHasBegun
from domain.errors.violation import Violation
from domain.leaves.changes import ACTIONS, APPROVED, PENDING, TRANSITIONS, changed_fields, check_alone, check_changes
from domain.leaves.days import FULL, LeaveDays
from domain.leaves.events import LeaveCancelled, LeaveDecided, LeaveRequested, LeaveShortened, LeaveUpdated
from domain.metadata import Metadata, MetadataChanges, check_metadata, merge_metadata

TYPES = ("earned", "sick")


class Leave(Aggregate):
    """A request of an employee to be absent."""

    class Requested(LeaveRequested, frozen=True, kw_only=True):
        topic: ClassVar[str] = "leave.requested"

    class Updated(LeaveUpdated, frozen=True, kw_only=True):
        topic: ClassVar[str] = "leave.updated"

    class Approved(LeaveDecided, frozen=True, kw_only=True):
        topic: ClassVar[str] = "leave.approved"
        phrase: ClassVar[str] = "approved {object}"

    class Shortened(LeaveShortened, frozen=True, kw_only=True):
        topic: ClassVar[str] = "leave.shortened"

    class Denied(LeaveDecided, frozen=True, kw_only=True):
        topic: ClassVar[str] = "leave.denied"
        phrase: ClassVar[str] = "denied {object}"

    class Cancelled(LeaveCancelled, frozen=True, kw_only=True):
        topic: ClassVar[str] = "leave.cancelled"

    kind: ClassVar[str] = "leave"
    id_prefix: ClassVar[str] = "leave"
    read_scope: ClassVar[str | None] = "leaves:read"
    write_scope: ClassVar[str | None] = "leaves:write"

    status: str
    start_date: date
    end_date: date
    day_part: str
    metadata: Metadata | None
    start_part: str = FULL
    end_part: str = FULL
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
        day_part: str = FULL,
        start_part: str = FULL,
        end_part: str = FULL,
        reason: str | None,
        metadata: MetadataChanges = None,
    ) -> Self:
        """Return a new pending leave. Raises Invalid for days that cannot be one leave, and for too much metadata."""
        days = LeaveDays(start_date, end_date, day_part, start_part, end_part)
        if violations := [*days.check(), *check_metadata({}, metadata)]:
            raise Invalid(violations)
        return cls.begin(
            id,
            cls.Requested,
            at,
            employee_id=employee_id,
            employee_name=employee_name,
            type=type,
            **days.fields(),
            reason=reason,
            metadata=merge_metadata({}, metadata),
            status=PENDING,
        )

    @classmethod
    def transitions(cls) -> dict[str, tuple[str, ...]]:
        """Return, for each status, the statuses that a request can set next. The result ignores the date."""
        return TRANSITIONS

    @classmethod
    def actions(cls, status: str) -> tuple[str, ...]:
        """Return the resource's `availableActions` in this status. The result ignores the date."""
        return ACTIONS[status]

    @property
    def leave_days(self) -> LeaveDays:
        """The first and the last day of the leave, and the parts of these days."""
        return LeaveDays(self.start_date, self.end_date, self.day_part, self.start_part, self.end_part)

    def allowed_on(self, today: date) -> tuple[str, ...]:
        """Return the statuses that a request can set today. An approved leave can be cancelled until the day before it
        begins."""
        if self.status == APPROVED and self.start_date <= today:
            return ()
        return TRANSITIONS[self.status]

    def check(self, status: str | None, note: str | None, changes: Mapping[str, Any], today: date) -> list[Violation]:
        """Return the violations of a decision (`status` and `note`) and of changes of other fields.

        `status` is None when the request sets no status. Whether the transition is allowed is not checked here.
        """
        violations, (fields, pairs) = self.check_note(status, note), _without_metadata(changes)
        if status is not None:
            violations += check_alone(fields)
        violations += check_changes(self.status, self.leave_days, fields, today)
        return violations + check_metadata(self.metadata, pairs)

    def check_note(self, status: str | None, note: str | None) -> list[Violation]:
        """Return a violation when a note is sent without a status, or would change the note of an earlier decision."""
        if note is None:
            return []
        if status is None:
            return [Violation("status", VALIDATION_FAILED, "is required with a note; send the decision with its note")]
        if status == self.status and note != self.decision_note:
            return [Violation("note", READ_ONLY_FIELD, f"cannot be changed once the leave is {status}")]
        return []

    def change(self, changes: Mapping[str, Any], at: datetime, today: date) -> None:
        """Record the fields whose values change. A pending leave is updated; an approved leave is cut short.

        Raises Invalid for a field that is read-only in this status, and for days that the leave cannot have.
        """
        if violations := self.check(None, None, changes, today):
            raise Invalid(violations)
        fields, pairs = _without_metadata(changes)
        changed = self._differing(changed_fields(self.status, self.leave_days, fields) if fields else {})
        metadata = {} if pairs == {} else self._differing({"metadata": merge_metadata(self.metadata, pairs)})
        if self.status == PENDING:
            changed, metadata = {**changed, **metadata}, {}
        if changed:
            self.record(self.Updated if self.status == PENDING else self.Shortened, at, **changed)
        if metadata:
            self.record(self.Updated, at, **metadata)

    def _differing(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in fields.items() if value != getattr(self, name)}

    def decide(self, status: str, note: str | None, at: datetime, today: date) -> None:
        """Record the decision. Setting the current status again records no event.

        Raises LeaveHasBegun when an approved leave can no longer be cancelled, because it has begun. Raises
        InvalidTransition for any other decision that is not allowed.
        """
        if status == self.status:
            return
        allowed = self.allowed_on(today)
        if status not in allowed and status in TRANSITIONS[self.status]:
            raise LeaveHasBegun(self.start_date.isoformat())
        if status not in allowed:
            raise InvalidTransition(self.noun, self.status, status, allowed)
        if status == "cancelled":
            # A cancellation without a note leaves the note of the approval as it is.
            decision_note = UNSET if note is None else note
            self.record(self.Cancelled, at, status=status, decision_note=decision_note, decided_at=instant(at))
        else:
            decision = {APPROVED: self.Approved, "denied": self.Denied}[status]
            self.record(decision, at, status=status, decision_note=note, decided_at=instant(at))


def _without_metadata(changes: Mapping[str, Any]) -> tuple[dict[str, Any], MetadataChanges]:
    """Return the changes of all fields but the metadata, and the changes of the metadata."""
    fields = dict(changes)
    pairs: MetadataChanges = fields.pop("metadata", {})
    return fields, pairs
