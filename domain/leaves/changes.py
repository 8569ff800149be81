"""Which changes of a leave are allowed in each status, and how an approved leave can be cut short."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from domain.errors.codes import READ_ONLY_FIELD, VALIDATION_FAILED
from domain.errors.violation import Violation
from domain.leaves.days import LeaveDays

PENDING, APPROVED = "pending", "approved"
TRANSITIONS: dict[str, tuple[str, ...]] = {
    PENDING: (APPROVED, "denied", "cancelled"),
    APPROVED: ("cancelled",),
    "denied": (),
    "cancelled": (),
}
"""For each status, the statuses that a request can set next."""
ACTIONS: dict[str, tuple[str, ...]] = {
    PENDING: ("update", "approve", "deny", "cancel"),
    APPROVED: ("cancel", "shorten"),
    "denied": (),
    "cancelled": (),
}
"""The `availableActions` of a leave, by status."""
API_NAMES = {
    "type": "type",
    "start_date": "startDate",
    "end_date": "endDate",
    "day_part": "dayPart",
    "start_part": "startPart",
    "end_part": "endPart",
    "reason": "reason",
}
"""The attributes of a leave that can be changed, and their names in the API."""
MAX_DAYS_BACK = 31
"""How many days ago the new last day of an approved leave can be, at most."""

_WRITABLE = {PENDING: frozenset(API_NAMES), APPROVED: frozenset(("end_date", "end_part"))}
_ADVICE = {APPROVED: "only endDate and endPart can be changed, to cut the leave short"}
_ONLY_SHORTER = "an approved leave can only be cut short; request the additional days as another leave"


def check_changes(status: str, days: LeaveDays, changes: Mapping[str, Any], today: date) -> list[Violation]:
    """Return a violation for each change that is wrong or that this status of the leave does not allow."""
    writable = _WRITABLE.get(status, frozenset())
    advice = _ADVICE.get(status, "request another leave")
    message = f"cannot be changed while the leave is {status}; {advice}"
    violations = [Violation(API_NAMES[name], READ_ONLY_FIELD, message) for name in changes if name not in writable]
    moved = {name: value for name, value in _moved(changes).items() if name in writable}
    if not moved:
        return violations
    if status == PENDING:
        return violations + days.changed(moved).check()
    return violations + _check_cut(days, moved, today)


def check_alone(changes: Mapping[str, Any]) -> list[Violation]:
    """Return a violation if a request that sets a status also changes other fields. `changes` holds these fields."""
    if not changes:
        return []
    fields = ", ".join(API_NAMES[name] for name in changes)
    message = f"must not be sent together with {fields}; send these changes in a separate request"
    return [Violation("status", VALIDATION_FAILED, message)]


def changed_fields(status: str, days: LeaveDays, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that these changes set, with their values. Call `check_changes` first.

    The result may hold fields whose value is the same as before.
    """
    fields, moved = dict(changes), _moved(changes)
    for name in moved:
        del fields[name]
    new_days = days.changed(moved) if status == PENDING else days.cut(moved)
    return fields if new_days is None else {**fields, **new_days.fields()}


def _moved(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return only the changes of the first and last day and of the parts of these days."""
    return {name: value for name, value in changes.items() if name in LeaveDays._fields}


def _check_cut(days: LeaveDays, changes: Mapping[str, Any], today: date) -> list[Violation]:
    cut = days.cut(changes)
    if cut is None:
        field = "endPart" if changes.get("end_part") else "endDate"
        start = days.start_date.isoformat()
        message = f"must leave at least half a day: the leave begins in the second half of {start}; send endPart full"
        return [Violation(field, VALIDATION_FAILED, message)]
    if cut.ends_after(days):
        return [_lengthened(days, cut)]
    if violations := cut.check():
        return violations
    if cut != days and cut.end_date < today - timedelta(MAX_DAYS_BACK):
        return [_too_late(days, cut, today)]
    return []


def _lengthened(days: LeaveDays, cut: LeaveDays) -> Violation:
    if cut.end_date == days.end_date:
        return Violation("endPart", VALIDATION_FAILED, f"must stay first_half: {_ONLY_SHORTER}")
    return Violation("endDate", VALIDATION_FAILED, f"must not be after {days.end_date.isoformat()}: {_ONLY_SHORTER}")


def _too_late(days: LeaveDays, cut: LeaveDays, today: date) -> Violation:
    if cut.end_date == days.end_date:
        message = f"cannot be changed more than {MAX_DAYS_BACK} days after the last day ({days.end_date.isoformat()})"
        return Violation("endPart", VALIDATION_FAILED, message)
    earliest = (today - timedelta(MAX_DAYS_BACK)).isoformat()
    return Violation("endDate", VALIDATION_FAILED, f"must not be before {earliest}, {MAX_DAYS_BACK} days ago")
