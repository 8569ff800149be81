"""The handlers of leave, with a unit of work in memory: what they record, and what they refuse first."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from commands.dispatch import handle
from commands.leave import UpdateLeave
from commands.memory import InMemoryUnitOfWork
from domain.errors import Invalid, InvalidTransition, NotFound, StaleVersion
from domain.errors.leave import LeaveHasBegun
from tests.support.sample_commands import AT, request_leave


def requested(**options: Any) -> InMemoryUnitOfWork:
    """A unit of work that holds one pending leave, from 2 to 4 February."""
    uow = InMemoryUnitOfWork(AT, **options)
    handle(request_leave(), uow)
    return uow


def decide(uow: InMemoryUnitOfWork, **fields: Any) -> Any:
    return handle(UpdateLeave(id="leave_1", **fields), uow)


def topics(uow: InMemoryUnitOfWork) -> list[str]:
    return [event.topic for event in uow.events]


def test_a_request_is_recorded_with_its_days():
    (event,) = requested().events
    assert (event.originator_id, event.timestamp, str(event.changes()["days"])) == ("leave_1", AT, "3")


def test_days_that_cannot_be_one_leave_are_refused():
    uow = InMemoryUnitOfWork(AT)
    with pytest.raises(Invalid, match="endDate must not be before startDate"):
        handle(request_leave(end_date=date(2026, 2, 1)), uow)
    assert uow.events == []


@pytest.mark.parametrize("status", ["approved", "denied", "cancelled"])
def test_a_decision_is_recorded_with_its_note_and_time(status):
    uow = requested()
    leave = decide(uow, status=status, note="Noted")
    assert topics(uow)[1:] == [f"leave.{status}"]
    assert (leave.status, leave.decision_note, leave.decided_at) == (status, "Noted", "2026-01-20T09:30:00.000000Z")


@pytest.mark.parametrize("fields", [{}, {"status": "pending"}])
def test_a_request_without_a_decision_records_nothing(fields):
    uow = requested()
    assert decide(uow, **fields).version == 1


def test_a_note_without_a_decision_is_refused_before_a_stale_version():
    with pytest.raises(Invalid, match="status is required with a note"):
        decide(requested(if_match=frozenset((7,))), note="Noted")


def test_a_note_is_not_changed_after_the_decision():
    uow = requested()
    decide(uow, status="approved", note="Enjoy it")
    with pytest.raises(Invalid, match="note cannot be changed once the leave is approved"):
        decide(uow, status="approved", note="Another note")


def test_a_stale_version_is_refused_before_a_wrong_transition():
    with pytest.raises(StaleVersion):
        decide(requested(if_match=frozenset((7,))), status="cancelled")


def test_a_final_decision_is_not_changed():
    uow = requested()
    decide(uow, status="denied")
    with pytest.raises(InvalidTransition) as refused:
        decide(uow, status="approved")
    assert refused.value.allowed == ()


@pytest.mark.parametrize(("hour", "is_allowed"), [(18, True), (19, False)])
def test_the_day_on_which_an_approved_leave_begins_is_that_of_the_organization(hour, is_allowed):
    """The leave begins on 2 February; in India that day begins at 18:30 UTC."""
    uow = requested()
    decide(uow, status="approved", note="Enjoy it")
    uow.at = datetime(2026, 2, 1, hour, tzinfo=UTC)
    if is_allowed:
        assert decide(uow, status="cancelled").decision_note == "Enjoy it"
    else:
        with pytest.raises(LeaveHasBegun):
            decide(uow, status="cancelled")


def test_an_unknown_leave_is_not_found():
    with pytest.raises(NotFound):
        decide(InMemoryUnitOfWork(AT), status="approved")
