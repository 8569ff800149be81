"""Given a leave's events, when it is decided, then these events or this refusal, for every transition."""

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from domain.calendar import instant
from domain.errors import Invalid, InvalidTransition
from domain.errors.codes import READ_ONLY_FIELD, VALIDATION_FAILED
from domain.leave import Leave
from tests.support.cases import all_cases
from tests.support.domain_states import AT, TODAY, as_stored, new_events

TOMORROW = TODAY + timedelta(days=1)
STATUSES = tuple(Leave.transitions())


def leave(status: str = "pending", note: str | None = None, **changes: Any) -> Any:
    """A leave in this status that begins tomorrow."""
    fields: dict[str, Any] = {
        "employee_id": "asha",
        "employee_name": "Asha Rao",
        "type": "sick",
        "start_date": TOMORROW,
        "end_date": changes.get("start_date", TOMORROW),
        "day_part": "full",
        "reason": None,
        **changes,
    }
    new_leave: Any = Leave.request("leave_1", at=AT, **fields)
    new_leave.decide(status, note, AT, TODAY)
    return as_stored(new_leave)


def test_the_transition_table_is_that_of_the_contract():
    assert Leave.transitions() == {
        "pending": ("approved", "denied", "cancelled"),
        "approved": ("cancelled",),
        "denied": (),
        "cancelled": (),
    }


@all_cases(("status", "target"), [*product(STATUSES, STATUSES)])
def test_a_transition_is_recorded_if_it_is_allowed_and_refused_otherwise(status, target):
    given = leave(status)
    allowed = Leave.transitions()[status]
    if target == status:
        given.decide(target, None, AT, TODAY)
        assert new_events(given) == []
    elif target in allowed:
        given.decide(target, "Noted", AT, TODAY)
        assert (new_events(given), given.status) == ([f"leave.{target}"], target)
        assert (given.decision_note, given.decided_at) == ("Noted", instant(AT))
    else:
        with pytest.raises(InvalidTransition) as refused:
            given.decide(target, None, AT, TODAY)
        assert (refused.value.allowed, new_events(given), given.status) == (allowed, [], status)


def test_the_actions_are_those_of_the_contract():
    assert {status: Leave.actions(status) for status in STATUSES} == {
        "pending": ("update", "approve", "deny", "cancel"),
        "approved": ("cancel", "shorten"),
        "denied": (),
        "cancelled": (),
    }


@pytest.mark.parametrize(("days_ahead", "is_allowed"), [(-1, False), (0, False), (1, True), (30, True)])
def test_an_approved_leave_is_cancelled_only_before_the_day_on_which_it_begins(days_ahead, is_allowed):
    approved = leave("approved", start_date=TODAY + timedelta(days=days_ahead))
    if is_allowed:
        approved.decide("cancelled", None, AT, TODAY)
        assert new_events(approved) == ["leave.cancelled"]
    else:
        with pytest.raises(InvalidTransition) as refused:
            approved.decide("cancelled", None, AT, TODAY)
        assert (refused.value.allowed, new_events(approved)) == ((), [])
        assert "An approved leave can be cancelled until the day before it begins" in str(refused.value)


@pytest.mark.parametrize("target", ["approved", "denied", "cancelled"])
def test_a_pending_leave_can_be_decided_after_its_first_day(target):
    begun = leave(start_date=TODAY - timedelta(days=1))
    begun.decide(target, None, AT, TODAY)
    assert new_events(begun) == [f"leave.{target}"]


@pytest.mark.parametrize(
    ("start", "end", "part", "days"),
    [
        ("2026-02-01", "2026-02-01", "full", "1"),
        ("2026-02-01", "2026-02-01", "first_half", "0.5"),
        ("2026-02-01", "2026-02-01", "second_half", "0.5"),
        ("2028-02-28", "2028-03-01", "full", "3"),
        ("2026-02-01", "2027-02-01", "full", "366"),
        ("9999-12-31", "9999-12-31", "full", "1"),
    ],
)
def test_days_are_calendar_days_and_both_ends_count(start, end, part, days):
    given = leave(start_date=date.fromisoformat(start), end_date=date.fromisoformat(end), day_part=part)
    assert str(given.days) == days


@pytest.mark.parametrize(
    ("start", "end", "part", "field"),
    [
        ("2026-02-02", "2026-02-01", "full", "endDate"),
        ("2026-02-01", "2027-02-02", "full", "endDate"),
        ("2026-02-01", "2026-02-02", "first_half", "dayPart"),
        ("2026-02-01", "2026-02-02", "second_half", "dayPart"),
    ],
)
def test_days_that_cannot_be_one_leave_are_refused(start, end, part, field):
    with pytest.raises(Invalid) as refused:
        leave(start_date=date.fromisoformat(start), end_date=date.fromisoformat(end), day_part=part)
    assert [violation.field for violation in refused.value.violations] == [field]


@pytest.mark.parametrize(
    ("status", "note", "expected"),
    [
        ("denied", "Too late", []),
        ("approved", None, []),
        ("approved", "Enjoy", []),
        ("approved", "Another", [("note", READ_ONLY_FIELD)]),
        (None, None, []),
        (None, "Enjoy", [("status", VALIDATION_FAILED)]),
    ],
)
def test_a_note_comes_with_its_decision_and_never_changes(status, note, expected):
    violations = leave("approved", "Enjoy").check_note(status, note)
    assert [(violation.field, violation.code) for violation in violations] == expected
