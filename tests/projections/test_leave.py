"""Rows of leaves, folded from their events."""

from datetime import date
from typing import Any

import msgspec
import pytest

from domain.errors.leave import LeaveOverlap
from domain.leave import Leave
from projections.leave import LEAVES, slots
from tests.support.histories import LATER, TODAY, events_of, requested_leave, row_of


def resource_of(leave):
    return msgspec.json.decode(LEAVES.to_json(row_of(LEAVES, leave)))


def test_a_request_becomes_a_pending_leave():
    resource = resource_of(requested_leave())

    assert (resource["id"], resource["status"], resource["days"], resource["version"]) == ("leave_1", "pending", "3", 1)
    assert resource["availableActions"] == ["update", "approve", "deny", "cancel"]
    assert (resource["decisionNote"], resource["decidedAt"]) == (None, None)


@pytest.mark.parametrize(
    ("status", "actions"), [("approved", ["cancel", "shorten"]), ("denied", []), ("cancelled", [])]
)
def test_a_decision_sets_status_note_and_time(status, actions):
    leave = requested_leave()
    leave.decide(status, "As agreed", LATER, TODAY)

    resource = resource_of(leave)
    assert (resource["status"], resource["decisionNote"], resource["availableActions"]) == (
        status,
        "As agreed",
        actions,
    )
    assert resource["decidedAt"] == resource["updatedAt"] == "2026-01-20T10:30:00.000000Z"


def test_a_cancellation_without_a_note_keeps_the_note_of_the_approval():
    leave = requested_leave()
    leave.decide("approved", "Enjoy", LATER, TODAY)
    leave.decide("cancelled", None, LATER, TODAY)

    resource = resource_of(leave)
    assert (resource["status"], resource["decisionNote"], resource["version"]) == ("cancelled", "Enjoy", 3)


@pytest.mark.parametrize(
    ("start", "end", "day_part", "range_"),
    [
        (date(2026, 2, 2), date(2026, 2, 4), "full", "[2026-02-02T00:00:00,2026-02-04T12:00:00]"),
        (date(2026, 2, 2), date(2026, 2, 2), "first_half", "[2026-02-02T00:00:00,2026-02-02T00:00:00]"),
        (date(2026, 2, 2), date(2026, 2, 2), "second_half", "[2026-02-02T12:00:00,2026-02-02T12:00:00]"),
        (date(9999, 12, 31), date(9999, 12, 31), "full", "[9999-12-31T00:00:00,9999-12-31T12:00:00]"),
    ],
    ids=["three days", "a morning", "an afternoon", "the last day"],
)
def test_a_leave_takes_the_half_days_from_its_first_to_its_last(start, end, day_part, range_):
    leave = requested_leave(start_date=start, end_date=end, day_part=day_part)

    assert slots(row_of(LEAVES, leave)) == range_


@pytest.mark.parametrize(
    ("start_part", "end_part", "range_"),
    [
        ("second_half", "full", "[2026-02-02T12:00:00,2026-02-04T12:00:00]"),
        ("full", "first_half", "[2026-02-02T00:00:00,2026-02-04T00:00:00]"),
        ("second_half", "first_half", "[2026-02-02T12:00:00,2026-02-04T00:00:00]"),
    ],
)
def test_a_leave_of_several_days_can_begin_and_end_at_noon(start_part, end_part, range_):
    assert slots(row_of(LEAVES, requested_leave(start_part=start_part, end_part=end_part))) == range_


def test_a_request_from_before_there_were_parts_has_full_days():
    (event,) = events_of(requested_leave())
    old = msgspec.structs.replace(event, start_part=msgspec.UNSET, end_part=msgspec.UNSET)
    row = LEAVES.fold(None, old)

    assert (row.start_part, row.end_part, slots(row)) == ("full", "full", "[2026-02-02T00:00:00,2026-02-04T12:00:00]")
    loaded: Any = Leave.empty("leave_1")
    old.mutate(loaded)
    loaded.decide("approved", None, LATER, TODAY)
    loaded.change({"end_date": date(2026, 2, 3), "end_part": "first_half"}, LATER, TODAY)
    assert (str(loaded.days), loaded.start_part, loaded.end_part) == ("1.5", "full", "first_half")


def test_the_row_of_a_changed_and_shortened_leave_is_the_aggregate():
    leave = requested_leave()
    leave.change({"end_date": date(2026, 2, 6), "start_part": "second_half", "type": "sick"}, LATER, TODAY)
    leave.decide("approved", None, LATER, TODAY)
    leave.change({"end_date": date(2026, 2, 2)}, LATER, TODAY)
    row = row_of(LEAVES, leave)

    names = ("type", "start_date", "end_date", "day_part", "start_part", "end_part", "days", "status")
    assert {name: getattr(row, name) for name in names} == {name: getattr(leave, name) for name in names}
    assert (row.day_part, str(row.days), slots(row)) == (
        "second_half",
        "0.5",
        "[2026-02-02T12:00:00,2026-02-02T12:00:00]",
    )


def test_the_searched_text_leaves_out_what_is_absent():
    row = row_of(LEAVES, requested_leave(employee_name=None, reason="Family Wedding"))

    columns = dict(zip(LEAVES.columns, LEAVES.values(row), strict=True))
    assert columns["search"] == "emp-7\nfamily wedding"


def test_an_overlap_is_refused_with_the_other_leave():
    row = row_of(LEAVES, requested_leave())

    conflict = LEAVES.conflict("leaves_overlap", "org_1", row)
    assert conflict

    assert isinstance(conflict.refusal("leave_2"), LeaveOverlap)
    assert conflict.other[0].count("%s") == len(conflict.other[1])
    assert LEAVES.conflict("leaves_pkey", "org_1", row) is None
